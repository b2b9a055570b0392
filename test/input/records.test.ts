import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counts, noCounts } from "../../src/input/counts.ts";
import type { Piece } from "../../src/input/document.ts";
import { createRecordReader, type RecordReader } from "../../src/input/records.ts";
import { firstNotUtf8 } from "../../src/utf8.ts";
import { readBytes, readText } from "./read.ts";

const event = (id: string, note = "a"): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"note":"${note}"}}`;
const spread = (id: string, note?: string): string => JSON.stringify(JSON.parse(event(id, note)), undefined, 2);

interface Opened {
  readonly reader: RecordReader;
  readonly pieces: readonly Piece[];
  readonly counts: Counts;
}

function open(): Opened {
  const pieces: Piece[] = [];
  const counts = noCounts();
  return { reader: createRecordReader("in", (piece) => pieces.push(piece), counts), pieces, counts };
}

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

describe("a line that is too long to be kept", () => {
  const note = "ö€😀".repeat(40);
  const items = Array.from({ length: 10_000 }, (_, index) => event(`VW${index}`, note));

  test.each([10_000, 100_000, 512 * 1024])(
    "of a list is read in parts, whose characters are whole: chunks of %i bytes",
    async (size) => {
      const { found, faults, counts } = await readBytes(
        Buffer.from(`${event("VWa")}\n[${items.join(",")}]\n${event("VWz")}\n`),
        size,
      );
      expect(faults).toEqual([]);
      expect(found).toHaveLength(items.length + 2);
      expect(found.every(({ value, id }) => /^VW[az]$/.test(String(id)) || JSON.stringify(value).includes(note))).toBe(
        true,
      );
      const bytes = (text: string): number => Buffer.byteLength(text);
      const first = bytes(`${event("VWa")}\n`);
      const at = items.slice(0, 9000).join(",");
      expect(found[9001]).toMatchObject({ line: 2, column: at.length + 3, offset: first + bytes(at) + 2 });
      expect(found.at(-1)).toMatchObject({
        id: "VWz",
        line: 3,
        column: 1,
        offset: first + bytes(`[${items.join(",")}]\n`),
      });
      expect(counts.lines).toBe(3);
    },
  );

  test("of objects one after the other is read", async () => {
    const { found, faults } = await readBytes(Buffer.from(items.join("")), 300_000);
    expect([found.length, faults, found[5000]?.line]).toEqual([10_000, [], 1]);
  });

  test("of one value is read whole, up to the size of a record", async () => {
    const one = `{"note":"${"a".repeat(3_000_000)}","in":${event("VW1")}}`;
    const { found, faults } = await readBytes(Buffer.from(`${one}\n${event("VW2")}\n`), 100_000);
    expect(faults).toEqual([]);
    expect(found.map(({ id, path, line, column }) => [id, path, line, column])).toEqual([
      ["VW1", "in", 1, one.indexOf('"in":') + 6],
      ["VW2", "", 2, 1],
    ]);
  });

  test("beyond the size of a record is named, and hides nothing", async () => {
    const start = event("VW1").slice(0, -3);
    const { found, faults } = await readBytes(
      Buffer.from(`${start}${"a".repeat(17 * 1024 * 1024)}"}}\n${event("VW2")}\n`),
      512 * 1024,
    );
    expect(faults).toMatchObject([{ problem: expect.stringContaining("larger than 16 MiB"), line: 1 }]);
    expect(found.map(({ id, line }) => [id, line])).toEqual([["VW2", 2]]);
  });

  test("of bytes that begin no character hides nothing", async () => {
    const start = Buffer.from(`[${items.slice(0, 3000).join(",")},`);
    const bytes = Buffer.concat([start, Buffer.alloc(700_000, 0x80), Buffer.from(`\n${event("VWz")}\n`)]);
    const { found } = await readBytes(bytes, 100_000);
    expect(found).toHaveLength(3001);
    expect(found.at(-1)).toMatchObject({ id: "VWz", line: 2, offset: bytes.length - event("VWz").length - 1 });
  });

  test("ends at the end of the input too", async () => {
    const { found, faults } = await readBytes(Buffer.from(`[${items.join(",")}]`), 100_000);
    expect([found.length, faults]).toEqual([10_000, []]);
  });
});

test("the first byte that is not UTF-8 is where a decoder finds it", () => {
  const byte = fc.oneof(
    fc.constantFrom(0xc3, 0xa9, 0xef, 0xbf, 0xbd, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0x80, 0x61),
    fc.integer({ min: 0, max: 255 }),
  );
  /** The longest beginning that a strict decoder takes, but for a character that goes on. */
  function firstWrong(bytes: Uint8Array): number {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (let at = 0; at < bytes.length; ) {
      const length = [1, 2, 3, 4].find((size) => {
        try {
          return at + size <= bytes.length && strict.decode(bytes.subarray(at, at + size)).length > 0;
        } catch {
          return false;
        }
      });
      if (length === undefined) return at;
      at += length;
    }
    return bytes.length;
  }
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), fc.constantFrom(0, 4090, 8190), (last, before) => {
      const bytes = Buffer.concat([Buffer.alloc(before, "a"), Buffer.from(last)]);
      expect(firstNotUtf8(bytes)).toBe(firstWrong(bytes));
    }),
    { numRuns: 500 },
  );
});
