import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodingOf, firstNotUtf8, transcode, type WideEncoding } from "../../src/input/charset.ts";
import { readBytes } from "./read.ts";

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

const encodings: readonly WideEncoding[] = ["utf-16le", "utf-16be", "utf-32le", "utf-32be"];

function encoded(text: string, encoding: WideEncoding): Buffer {
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [at, code] of codes.entries()) bytes.writeUInt32LE(code, at * 4);
  return encoding === "utf-32le" ? bytes : bytes.swap32();
}

async function decoded(bytes: Buffer, encoding: WideEncoding, size = bytes.length): Promise<string> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const parts: Buffer[] = [];
  for await (const part of transcode(chunks(), encoding)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe.each(encodings)("%s", (encoding) => {
  test("is told by its mark and by its NULs", () => {
    expect(encodingOf(encoded("\ufeff{", encoding))).toBe(encoding);
    expect(encodingOf(encoded('{"id": "1"}', encoding))).toBe(encoding);
  });

  test("is decoded whatever its chunks", async () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => !each.startsWith("\ufeff"));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (each, size) => {
        expect(await decoded(encoded(each, encoding), encoding, size)).toBe(each);
      }),
    );
  });

  test("cut off ends with U+FFFD", async () => {
    expect(await decoded(encoded("ab", encoding).subarray(0, -1), encoding)).toBe("a\ufffd");
  });
});

test.each<WideEncoding>(["utf-16le", "utf-16be"])("UTF-8 that was appended to %s is read as such", async (encoding) => {
  // Its bytes are those of the turn, but between characters.
  const wide = encoded(`\ufeffa\u0a00\u7b22\u000a\n{x\n`, encoding);
  const narrow = '{"id":"北京"}\n{"id":1}\n';
  for (const size of [1, 2, 3, 4, 5, 1000]) {
    const text = await decoded(Buffer.concat([wide, Buffer.from(narrow)]), encoding, size);
    expect(text.replace("\ufeff", "")).toBe(`a\u0a00\u7b22\u000a\n{x\n${narrow}`);
  }
});

test("what is no character of UTF-32 is U+FFFD", async () => {
  const bytes = Buffer.alloc(20);
  for (const [at, code] of [0xd7ff, 0xd800, 0xdfff, 0x10ffff, 0x110000].entries()) bytes.writeUInt32BE(code, at * 4);
  expect(await decoded(bytes, "utf-32be")).toBe("\ud7ff\ufffd\ufffd\u{10ffff}\ufffd");
});

test.each<readonly [string, readonly number[]]>([
  ["UTF-8", [0x7b, 0x22, 0x69, 0x64]],
  ["UTF-8 with BOM", [0xef, 0xbb, 0xbf, 0x7b]],
  ["one NUL", [0x7b, 0, 0x22, 0x69]],
  ["NULs before a text", [0, 0, 0, 0, 0, 0, 0, 0x7b]],
  ["three NULs before a text", [0, 0, 0, 0x7b, 0x22, 0x69, 0x64, 0x22]],
  ["a letter", [0x7b, 0]],
  ["nothing", []],
])("%s is none of them", (_, bytes) => expect(encodingOf(Buffer.from(bytes))).toBeUndefined());

const event = (id: string, note = "a") =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"note":"${note}"}}`;

test("what only ends like a mark is none", async () => {
  const bytes = Buffer.concat([Buffer.from([0x41, 0xbb, 0xbf, 0x20]), Buffer.from(`${event("VW1")}\n`)]);
  expect((await readBytes(bytes)).found).toMatchObject([{ id: "VW1", line: 1, column: 5, offset: 4 }]);
});

describe("UTF-16 among UTF-8", () => {
  const first = Buffer.from(`${event("VW1", "São")}\n`);
  const names = (text: string, encoding: WideEncoding) => readBytes(Buffer.concat([first, encoded(text, encoding)]));

  test.each<WideEncoding>(["utf-16le", "utf-16be"])(
    "appended in %s is read, each event at its place",
    async (encoding) => {
      const { found, faults, counts } = await names(`${event("VW2", "北京")}\r\n${event("VW3")}\r\n`, encoding);
      expect(faults).toEqual([]);
      expect(counts.nulBytes).toBe(0);
      expect(found.map(({ id, line, column, offset }) => ({ id, line, column, offset }))).toEqual([
        { id: "VW1", line: 1, column: 1, offset: 0 },
        { id: "VW2", line: 2, column: 1, offset: first.length },
        { id: "VW3", line: 3, column: 1, offset: first.length + 2 * (event("VW2", "北京").length + 2) },
      ]);
      expect(found[1]?.value).toMatchObject({ data: { note: "北京" } });
    },
  );

  test.each<WideEncoding>(["utf-16le", "utf-16be"])("in %s with blank lines, and UTF-8 behind it", async (encoding) => {
    const wide = encoded(`${event("VW2", "北京")}\r\n\r\n\n${event("VW3", "北京")}\n`, encoding);
    const last = Buffer.from(`${event("VW4", "北京")}\n`);
    const bytes = Buffer.concat([first, wide, last, encoded(`${event("VW5", "北京")}\n`, "utf-16le"), last]);
    const { found, faults, counts } = await readBytes(bytes);
    expect(faults).toEqual([]);
    expect(counts.nulBytes).toBe(0);
    expect(found.map(({ id, line, value }) => [id, line, value.data])).toEqual([
      ["VW1", 1, { note: "São" }],
      ["VW2", 2, { note: "北京" }],
      ["VW3", 5, { note: "北京" }],
      ["VW4", 6, { note: "北京" }],
      ["VW5", 7, { note: "北京" }],
      ["VW4", 8, { note: "北京" }],
    ]);
  });

  test.each([1, 7, 1000])("of one line, then an object over lines, in chunks of %i", async (size) => {
    const wide = encoded("web-1", "utf-16le");
    const spread = JSON.stringify(JSON.parse(event("VW2")), undefined, 2);
    const { found } = await readBytes(Buffer.concat([first, wide, Buffer.from(`\n${spread}\n`)]), size);
    expect(found.map(({ id, line }) => [id, line])).toEqual([
      ["VW1", 1],
      ["VW2", 3],
    ]);
  });

  test("with a mark, a prefix, and its last newline missing too", async () => {
    const { found, faults } = await names(`\ufeff${event("VW2")}\nweb-1 ${event("VW3")}`, "utf-16le");
    expect(faults).toEqual([]);
    expect(found.map(({ id }) => id)).toEqual(["VW1", "VW2", "VW3"]);
    const at = first.length + 2 + 2 * (event("VW2").length + 1);
    expect(found[2]).toMatchObject({ line: 3, column: 7, offset: at + 12 });
  });

  test("cut in the middle of its last character", async () => {
    const bytes = Buffer.concat([first, encoded(event("VW2"), "utf-16le").subarray(0, -1)]);
    expect((await readBytes(bytes)).found.map(({ id }) => id)).toEqual(["VW1", "VW2"]);
  });

  test.each([
    ["a NUL that is no padding", "{\0\n"],
    ["two NULs behind a letter", "a\0\0\0\n"],
    ["letters alone", "a\0bc\n"],
  ])("%s is no UTF-16", async (_, text) => {
    const { found, faults } = await readBytes(Buffer.concat([Buffer.from(text), first]));
    expect(faults).toEqual([]);
    expect(found.map(({ id }) => id)).toEqual(["VW1"]);
  });
});
