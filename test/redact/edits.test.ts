import { expect, test } from "vitest";
import { applyEdits, type Edit, moveOffset } from "../../src/redact/edits.ts";

const text = "Hello Alice and Bob!";
const edits: readonly Edit[] = [
  { start: 6, end: 11, text: "[name]" },
  { start: 16, end: 19, text: "" },
];

test("edits replace what stands between their offsets, and nothing else", () => {
  expect(applyEdits(text, edits)).toBe("Hello [name] and !");
  expect(applyEdits(text, [])).toBe(text);
  expect(applyEdits(text, [{ start: 0, end: text.length, text: "x" }])).toBe("x");
});

test.each([
  ["before the first edit", 3, 3],
  ["where the first begins", 6, 6],
  ["inside the first, so its beginning", 9, 6],
  ["right behind the first", 11, 12],
  ["between the two", 14, 15],
  ["where the second begins", 16, 17],
  ["inside the second, so its beginning", 17, 17],
  ["right behind the second", 19, 17],
  ["at the end", 20, 18],
])("an offset %s", (_, offset, moved) => {
  expect(moveOffset(offset, edits)).toBe(moved);
});

test("an offset where something is put in stays before it", () => {
  expect(moveOffset(5, [{ start: 5, end: 5, text: "!" }])).toBe(5);
  expect(moveOffset(6, [{ start: 5, end: 5, text: "!" }])).toBe(7);
});
