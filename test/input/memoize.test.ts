import { expect, test } from "vitest";
import { memoize } from "../../src/input/memoize.ts";

/** Counts how often the answer is worked out. */
function counted(limit: number, longest: number) {
  const asked: string[] = [];
  const answer = (text: string): string | undefined => {
    asked.push(text);
    return text === "none" ? undefined : text.toUpperCase();
  };
  return { asked, remembered: memoize(answer, limit, longest) };
}

test("an answer is worked out once, also when it is undefined", () => {
  const { asked, remembered } = counted(4, 10);
  for (const text of ["a", "none", "a", "none", "none"]) expect(remembered(text)).toBe(text === "a" ? "A" : undefined);
  expect(asked).toEqual(["a", "none"]);
});

test("all is forgotten at the limit", () => {
  const { asked, remembered } = counted(2, 10);
  for (const text of ["a", "b", "c", "a"]) remembered(text);
  expect(asked).toEqual(["a", "b", "c", "a"]);
});

test("long texts are not kept", () => {
  const { asked, remembered } = counted(2, 3);
  for (const text of ["long text", "long text"]) expect(remembered(text)).toBe("LONG TEXT");
  expect(asked).toHaveLength(2);
});
