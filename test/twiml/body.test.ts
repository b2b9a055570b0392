import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64 } from "../../src/twiml/body.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64");
const hello = "<Response><Say>Hello</Say></Response>";

const cases: readonly (readonly [title: string, text: string, fault: object | undefined, decoded: string])[] = [
  ["canonical", encode(hello), undefined, hello],
  ["empty", "", undefined, ""],
  ["one pad", encode("ab"), undefined, "ab"],
  ["two pads", encode("a"), undefined, "a"],
  ["a character outside the alphabet", "YW!J", { fault: "character", offset: 2, character: "!" }, "ab"],
  ["a dot", "YWJj.", { fault: "character", offset: 4, character: "." }, "abc"],
  ["a character beyond Latin-1", "😀YWJj", { fault: "character", offset: 0, character: "😀" }, "abc"],
  ["one pad missing", "YWI", { fault: "padding", offset: 3, expected: 1, found: 0 }, "ab"],
  ["two pads missing", "YQ", { fault: "padding", offset: 2, expected: 2, found: 0 }, "a"],
  ["a pad too many", "YWJj=", { fault: "padding", offset: 4, expected: 0, found: 1 }, "abc"],
  ["only pads", "==", { fault: "padding", offset: 0, expected: 0, found: 2 }, ""],
  ["pads in the middle", "YQ==YWJj", { fault: "padding", offset: 2, expected: 0, found: 2 }, "a"],
  ["a byte lost", "YWJjZ", { fault: "truncated", offset: 4 }, "abc"],
  ["bits beyond the last byte", "YWJ=", { fault: "trailing-bits", offset: 2 }, "ab"],
  ["a newline every so often", "YWJj\r\nYWJj", { fault: "whitespace", offset: 4 }, "abcabc"],
  ["a newline at the end", "YWJj\n", { fault: "whitespace", offset: 4 }, "abc"],
  ["a space before", " YWJj", { fault: "whitespace", offset: 0 }, "abc"],
  ["the URL-safe alphabet", "Pz8_", { fault: "url-safe", offset: 3, character: "_" }, "???"],
  ["the URL-safe alphabet without padding", "Pz8_YQ", { fault: "url-safe", offset: 3, character: "_" }, "???a"],
  ["plain XML", hello, { fault: "xml", offset: 0 }, hello],
  ["plain XML after a newline", `\n${hello}`, { fault: "xml", offset: 1 }, `\n${hello}`],
  ["encoded twice", encode(encode(hello)), { fault: "double", offset: 0 }, hello],
  ["encoded twice with a newline between", encode(`${encode(hello)}\n`), { fault: "double", offset: 0 }, hello],
  ["a plain text that looks like base64", encode("PHONE123"), undefined, "PHONE123"],
];

describe("decodeBase64", () => {
  test.each(cases)("%s", (_, text, fault, decoded) => {
    const result = decodeBase64(text);
    expect(result.fault).toEqual(fault);
    expect(result.bytes.toString()).toBe(decoded);
  });

  test("takes canonical base64 of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = decodeBase64(Buffer.from(bytes).toString("base64"));
        expect(result.fault).toBeUndefined();
        expect(result.bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("notices any change of one character, or decodes to other bytes", () => {
    const characters = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.constantFrom(..."AZaz09+/=-_ \n<"),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat(),
        characters,
        (bytes, position, character) => {
          const text = Buffer.from(bytes).toString("base64");
          const at = position % text.length;
          const edited = text.slice(0, at) + character + text.slice(at + 1);
          fc.pre(edited !== text);
          const result = decodeBase64(edited);
          expect(result.fault !== undefined || !result.bytes.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("takes 40 MB, sound and broken", () => {
    const text = "YWJj".repeat(10_000_000);
    expect(decodeBase64(text).fault).toBeUndefined();
    expect(decodeBase64(`${text}!`).fault).toEqual({ fault: "character", offset: 40_000_000, character: "!" });
  });
});
