import { describe, expect, test } from "vitest";
import type { JsonRecord, ScanResult } from "../../src/input/json-record.ts";
import { createRecordReader, noInputStats } from "../../src/input/line-reader.ts";
import { open } from "./opened.ts";
import { readBytes, readText } from "./read.ts";

const event = (id: string, note = "a"): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"note":"${note}"}}`;
const spread = (id: string, note?: string): string => JSON.stringify(JSON.parse(event(id, note)), undefined, 2);

describe("a reader is at rest", () => {
  test.each<readonly [string, boolean]>([
    ["", true],
    [`${event("VW1")}\n`, true],
    [`${event("VW1")}\r\n\n`, true],
    [`web-1  | ${event("VW1")}\nGET / 200\n`, true],
    [`${spread("VW1")}\n`, true],
    [event("VW1"), false],
    [`${event("VW1")}\n{`, false],
    ['{"a":\n', false],
    ['web-1  | {"a":\n', false],
    ["2026-01-01T00:00:00Z stdout P {\n", false],
    ['{"specversion": "1.0", "type": com.twilio.voice.x}\n{\n', false],
  ])("after %j: %s", (text, isAtRest) => {
    const { reader } = open();
    reader.push(Buffer.from(text));
    expect(reader.isAtRest()).toBe(isAtRest);
  });

  test("not while it has handed on a part of a line alone", () => {
    const { reader } = open();
    reader.push(Buffer.from(`[${`${event("VW1")},`.repeat(15_000)}`));
    reader.push(Buffer.from(`${event("VW1")}]`));
    expect(reader.isAtRest()).toBe(false);
    reader.push(Buffer.from("\n"));
    expect(reader.isAtRest()).toBe(true);
  });
});

describe("where the input was read to", () => {
  test.each<readonly [string, number, number, number]>([
    ["", 1, 1, 0],
    ["é\n", 2, 1, 3],
    ["{}\n{", 2, 2, 4],
    ['{\n"a":1\n}\n', 4, 1, 10],
    ["\0\0\n", 2, 1, 3],
    ["\ufeff\n", 2, 1, 4],
    ["\r\n", 2, 1, 2],
  ])("%j: line %i, column %i, offset %i", (text, line, column, offset) => {
    const { reader, counts } = open();
    const bytes = Buffer.from(text);
    reader.push(bytes);
    expect(reader.place()).toEqual({ input: "in", line, column, offset });
    expect(counts).toMatchObject({ lines: line - 1, bytes: bytes.length });
  });

  test("a line that was handed on in part", () => {
    const { reader } = open();
    const size = 100_000;
    for (let pushed = 0; pushed < 3_000_000; pushed += size) {
      reader.push(Buffer.from(pushed === 0 ? "[".padEnd(size) : " ".repeat(size)));
      expect(reader.place()).toEqual({ input: "in", line: 1, column: pushed + size + 1, offset: pushed + size });
    }
    reader.push(Buffer.from("]\n"));
    expect(reader.place()).toEqual({ input: "in", line: 2, column: 1, offset: 3_000_002 });
  });

  test("an input that is read from some line on", () => {
    const pieces: ScanResult[] = [];
    const start = { line: 10, offset: 500 };
    const reader = createRecordReader("in", (piece) => pieces.push(piece), noInputStats(), undefined, start);
    reader.push(Buffer.from("{}\n"));
    expect(pieces).toMatchObject([{ document: { at: { line: 10, column: 1, offset: 500 } } }]);
    expect(reader.place()).toEqual({ input: "in", line: 11, column: 1, offset: 503 });
  });
});

describe("lines of each kind stand where they are", () => {
  const e = event("VW1", "é");
  const kinds: readonly (readonly [string, string, number, number])[] = [
    ["a record", event("VW1"), 1, 0],
    ["a record with CR", `${event("VW1")}\r`, 1, 0],
    ["a record with more than ASCII", e, 1, 0],
    ["a record with BOM", `\ufeff${event("VW1")}`, 1, 3],
    ["a record behind blanks", ` \t${event("VW1")}`, 3, 2],
    ["a record behind NULs", `\0\0${event("VW1")}`, 1, 2],
    ["a record behind a prefix", `web-1  | ${event("VW1")}`, 10, 9],
    ["a record behind a prefix with CR", `web-1  | ${event("VW1")}\r`, 10, 9],
    ["a record behind a prefix of more than ASCII", `é | ${event("VW1")}`, 5, 5],
    ["a string of JSON", JSON.stringify(event("VW1")), 1, 0],
    ["an array", `[${event("VW1")}]`, 2, 1],
    ["an object over lines", spread("VW1"), 1, 0],
  ];
  const before = ["", `${event("VW0")}\n`, `${e}\n`, "\n\n", `${spread("VW0")}\n`, "GET / 200\r\n"];

  test.each(kinds)("%s", async (_, text, column, skipped) => {
    for (const first of before) {
      for (const end of ["", "\n", `\n${event("VW2")}`, `\n${e}\n`]) {
        const input = `${first}${text}${end}`;
        const { found, faults, counts } = await readText(input);
        const index = first.includes("VW") || first.includes("é") ? 1 : 0;
        const line = first.split("\n").length;
        expect(faults).toEqual([]);
        expect(found[index]).toMatchObject({ id: "VW1", line, column, offset: Buffer.byteLength(first) + skipped });
        expect(counts.lines).toBe(input.split("\n").length - (input.endsWith("\n") ? 1 : 0));
      }
    }
  });
});

/** What a reader hands on of the text, given at once. */
function piecesOf(text: string): readonly ScanResult[] {
  const { reader, pieces } = open();
  reader.push(Buffer.from(text));
  reader.end();
  return pieces;
}

/** Whether a document is an object over lines that was taken as one. */
const isSpread = (document: JsonRecord): boolean =>
  Object.getOwnPropertyDescriptor(document, "spans")?.get !== undefined;

describe("a line is taken as it stands, and not scanned, if it is", () => {
  test.each<readonly [string, string, string]>([
    ["an object", "{}", "{}"],
    ["a string", '"a"', '"a"'],
    ["an array", "[1]", "[1]"],
    ["behind blanks", " \t {}", " \t {}"],
    ["before CR", '{"a":1}\r', '{"a":1}'],
    ["behind a mark", '\ufeff{"a":1}', '{"a":1}'],
    ["behind NULs", '\0\0{"a":1}', '{"a":1}'],
    ["of more than ASCII", '{"a":"é"}', '{"a":"é"}'],
    ["of more than ASCII before CR", '["é"]\r', '["é"]'],
    ["behind a prefix", 'web-1  | {"a":1}', '{"a":1}'],
    ["behind a prefix before CR", 'web-1  | {"a":1}\r', '{"a":1}'],
  ])("%s", (_, line, text) => {
    const piece = { kind: "json", salvaged: false, document: { text, value: JSON.parse(text), spans: undefined } };
    expect(piecesOf(`${line}\n`)).toMatchObject([piece]);
    expect(piecesOf(`GET /\n${line}\n\n${line}\nGET /\n`)).toMatchObject([piece, piece]);
  });

  test("but not one that nests absurdly", () => {
    expect(piecesOf("[[[[[[[[{}]]]]]]]]\n")).toMatchObject([{ document: { text: "[[[[[[[{}]]]]]]]", element: 0 } }]);
    expect(piecesOf("[[[[[[[{}]]]]]]]\n")).toMatchObject([{ document: { element: undefined, spans: undefined } }]);
  });

  test("nor one inside what is open", () => {
    for (const text of [
      '[\n{"b":1}\n]\n',
      'web-1  | [\nweb-1  | {"b":1}\nweb-1  | ]\n',
      '[\n{\n"b":1\n}\n]\n',
      '["é",\n{"b":1}\n]\n',
    ]) {
      expect(piecesOf(text).slice(-1)).toMatchObject([
        { document: { value: { b: 1 }, element: text.includes("é") ? 1 : 0 } },
      ]);
    }
    expect(piecesOf('{"a":\n{"b":1}\n,\r\n\n"c":[\r\n]}\n')).toMatchObject([
      { document: { value: { a: { b: 1 }, c: [] } } },
    ]);
    expect(piecesOf('{"a":"é",\n\n\r\n"c":[\n]}\n')).toMatchObject([{ document: { value: { a: "é", c: [] } } }]);
  });
});

describe("an object over lines is taken as one", () => {
  const object = '{\n"a":{\n }\n}';

  test("between others, and where more is decoded than once", () => {
    for (const before of ["", "GET /\n", "{}\n", `${"GET /\n".repeat(10_922)}`, `${"GET /\n".repeat(10_923)}`]) {
      const pieces = piecesOf(`${before}${object}\n${object}\n`).slice(-2);
      const line = before.split("\n").length;
      expect(pieces).toMatchObject([
        {
          kind: "json",
          salvaged: false,
          document: { text: object, value: { a: {} }, at: { line, offset: before.length } },
        },
        { kind: "json", document: { text: object, at: { line: line + 4, offset: before.length + object.length + 1 } } },
      ]);
      expect(pieces.every((piece) => piece.kind !== "fault" && isSpread(piece.document))).toBe(true);
    }
  });

  test("all of many", () => {
    const pieces = piecesOf(`${object}\n`.repeat(20_000));
    expect(pieces).toHaveLength(20_000);
    expect(pieces.filter((piece) => piece.kind === "fault" || !isSpread(piece.document))).toEqual([]);
  });

  test("but not with CR, or cut, or broken", () => {
    const crlf = object.replaceAll("\n", "\r\n");
    for (const text of [`${crlf}\r\n{}\n`, object, `{\n"a":{\n}}\n`]) {
      const [piece] = piecesOf(text);
      expect(piece).toMatchObject({ kind: "json", document: { value: { a: {} }, spans: expect.any(Array) } });
      expect(piece?.kind === "json" && isSpread(piece.document)).toBe(false);
    }
    expect(piecesOf(`{\n"a"\n}\n${object}\n`).filter(({ kind }) => kind === "json")).toMatchObject([
      { document: { value: { a: {} }, at: { line: 4 } } },
    ]);
  });
});

test("a form ends before CR, in a text of ASCII and of more", async () => {
  const form = `CallSid=CA${"0".repeat(32)}&CallStatus=busy`;
  for (const other of ["GET /", "é"]) {
    const { found } = await readText(`${other}\r\n${form}\r\n${other}\r\n`);
    expect(found).toMatchObject([{ value: { CallStatus: "busy" }, line: 2, column: 1 }]);
  }
});

test("what seems to be an object behind a prefix and is none is named, and hides nothing", async () => {
  const { found, faults } = await readText(`web-1  | {"type":"com.twilio.voice.x","id":oops}\n${event("VW1")}\n`);
  expect(faults).toMatchObject([{ rule: "json-syntax", line: 1, column: 44 }]);
  expect(found).toMatchObject([{ id: "VW1", line: 2, column: 1 }]);
});

test.each(["\ufec0", "\uf000", "\ufebf", "a\ufeff"])(
  "a line that begins with %j begins with no mark",
  async (start) => {
    const { found } = await readText(`${start} ${event("VW1")}\n`);
    expect(found).toMatchObject([{ column: start.length + 2, offset: Buffer.byteLength(start) + 1 }]);
  },
);

describe("a callback is found", () => {
  const callback = { CallSid: `CA${"0".repeat(32)}`, CallStatus: "busy" };
  const text = JSON.stringify(callback);

  test.each([
    ["on a line", text],
    ["behind a prefix", `web-1  | ${text}`],
    ["behind NULs", `\0\0${text}`],
    ["over lines", JSON.stringify(callback, undefined, 2)],
  ])("%s", async (_, lines) => {
    expect((await readText(`${lines}\n${event("VW1")}\n`)).found.map(({ kind }) => kind)).toEqual([
      "callback",
      "event",
    ]);
  });
});

describe("a line that is not UTF-8 says which byte is not, and where", () => {
  const wrong = Buffer.from(event("VW1", "São"), "latin1");
  const inside = wrong.indexOf(0xe3);

  test.each<readonly [string, string, string, number]>([
    ["as the first", "", "", 0],
    ["behind others", `${event("VW0")}\n`, "", 0],
    ["behind a mark", "\n", "\ufeff", 3],
    ["behind NULs", "\n", "\0\0", 2],
  ])("%s", async (_, before, skipped, size) => {
    const { found } = await readBytes(Buffer.concat([Buffer.from(before + skipped), wrong, Buffer.from("\r\n{}\n")]));
    const offset = before.length + size;
    const encoding = { name: "windows-1252", unit: 1, wrong: { byte: 0xe3, offset: offset + inside } };
    expect(found.at(-1)).toMatchObject({ id: "VW1", column: 1, offset, encoding, value: { data: { note: "São" } } });
  });

  test("in a line that is read in parts", async () => {
    const items = `${event("VW0")},`.repeat(20_000);
    const bytes = Buffer.concat([Buffer.from(`[${items}`), wrong, Buffer.from(`,${items}{}]\n`)]);
    const { found } = await readBytes(bytes, 100_000);
    expect(found).toHaveLength(40_001);
    const encoding = { name: "windows-1252", wrong: { byte: 0xe3, offset: 1 + items.length + inside } };
    expect(found[20_000]).toMatchObject({ id: "VW1", encoding, offset: 1 + items.length });
  });
});

test("NULs before a record and alone on a line are counted, and hide nothing", async () => {
  const { found, counts } = await readText(`\0\0\0${event("VW1")}\n\0\0\n\0web-1  | ${event("VW2")}\n${event("VW3")}`);
  expect(found.map(({ line, offset }) => [line, offset])).toEqual([
    [1, 3],
    [3, 3 + event("VW1").length + 1 + 3 + 1 + 9],
    [4, 3 + event("VW1").length + 1 + 3 + 1 + 9 + event("VW2").length + 1],
  ]);
  expect(counts.nulBytes).toBe(6);
});

test("a blank line inside a value does not end it", async () => {
  const { found, faults } = await readText(`[\n\n${event("VW1")}\r\n\r\n,\n\n${event("VW2")}]\n`);
  expect([found.map(({ line }) => line), faults]).toEqual([[3, 7], []]);
});

describe("objects over lines", () => {
  const all = Array.from({ length: 2000 }, (_, index) => `${spread(`VW${index}`)}\n`);
  const offsets = all.map((text, index) => ({ line: 1 + index * (text.split("\n").length - 1) }));

  test.each([1000, 64 * 1024, 100_000, 512 * 1024])("are found in chunks of %i bytes", async (size) => {
    const { found, faults, counts } = await readBytes(Buffer.from(all.join("")), size);
    expect(faults).toEqual([]);
    expect(found.map(({ line }) => ({ line }))).toEqual(offsets);
    expect(found.map(({ id }) => id)).toEqual(all.map((_, index) => `VW${index}`));
    expect(found.at(-1)?.offset).toBe(all.slice(0, -1).join("").length);
    expect(counts.lines).toBe(all.join("").split("\n").length - 1);
  });

  test("are found among others of more than ASCII", async () => {
    const some = all.slice(0, 300).map((text, index) => (index % 7 === 0 ? `${spread(`VW${index}`, "é")}\n` : text));
    const { found, faults } = await readText(some.join(""));
    expect([found.length, faults]).toEqual([300, []]);
  });

  test("that are larger than what is decoded at once are found", async () => {
    const large = `{\n"note": ["a${'",\n"a'.repeat(40_000)}"],\n"in": ${event("VW1")}\n}\n`;
    const { found, faults } = await readText(`${spread("VW0")}\n${large}${event("VW2")}\n`);
    expect(faults).toEqual([]);
    expect(found.map(({ id, path }) => [id, path])).toEqual([
      ["VW0", ""],
      ["VW1", "in"],
      ["VW2", ""],
    ]);
    expect(found[1]?.line).toBe(spread("VW0").split("\n").length + 1 + 40_002);
  });

  test("that do not end are cut off, and hide nothing", async () => {
    const cut = spread("VW1").slice(0, -10);
    const { found, faults } = await readText(`${cut}\n${event("VW2")}\n`);
    expect(faults).toMatchObject([{ rule: "json-syntax" }]);
    expect(found.map(({ id }) => id)).toContain("VW2");
  });

  test("that are no JSON are named, and hide nothing", async () => {
    const { found, faults } = await readText(`{\n"type": com.twilio.voice.x\n}\n${event("VW2")}\n`);
    expect(faults).toMatchObject([{ rule: "json-syntax", line: 2, column: 9 }]);
    expect(found.map(({ id, line }) => [id, line])).toEqual([["VW2", 4]]);
  });
});
