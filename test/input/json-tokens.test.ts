import { describe, expect, test } from "vitest";
import { isKey, stringEnd } from "../../src/input/json-tokens.ts";

describe("stringEnd", () => {
  test.each([
    ['"a" "b"', 2],
    ['""', 1],
    [String.raw`"a\"b"`, 5],
    [String.raw`"a\\"b"`, 4],
    [String.raw`"a\\\"b" "`, 7],
    ['"open', 5],
    [String.raw`"open\"`, 7],
  ])("of %s: %i", (text, end) => {
    expect(stringEnd(text, 0)).toBe(end);
  });

  test("counts from the string's own beginning", () => {
    expect(stringEnd(String.raw`{"k":"v\"w"}`, 5)).toBe(10);
  });
});

test.each([
  ['"a":1', true],
  ['"a" \t\r\n :1', true],
  ['"a",1', false],
  ['"a"', false],
  ['"a" ', false],
])("whether the string of %j is a key: %s", (text, expected) => {
  expect(isKey(text, 2)).toBe(expected);
});
