import fc from "fast-check";
import { expect, test } from "vitest";
import { firstNotUtf8 } from "../../src/input/utf8.ts";

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
