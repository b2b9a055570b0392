import { expect, test } from "vitest";
import { families } from "../../src/calls/legs.ts";

type Named = readonly [sid: string, parentSid?: string | undefined];

/** The families of calls that are numbered as they stand. */
function familiesOf(calls: readonly Named[]) {
  const numbers = new Map(calls.map(([sid], number) => [sid, number]));
  const parentOf = (call: number) => numbers.get(calls[call]?.[1] ?? "");
  return [...families([...calls.keys()], parentOf)];
}

const shape = (...calls: readonly Named[]): readonly string[] =>
  familiesOf(calls).map((family) => family.map(({ call, depth }) => `${depth}${calls[call]?.[0]}`).join(" "));

test("legs stand under their call, at any depth, in the order given", () =>
  expect(shape(["c", "b"], ["x"], ["b", "a"], ["d", "a"], ["a"])).toEqual(["0x", "0a 1b 2c 1d"]));

test("a parent that is not there, or is the call itself, is none", () =>
  expect(shape(["b", "a"], ["c", "c"])).toEqual(["0b", "0c"]));

test("a circle is a family, and what hangs from it is not lost", () => {
  expect(shape(["a", "b"], ["b", "a"], ["c", "b"])).toEqual(["0a 1b 2c"]);
  expect(shape(["x"], ["c", "a"], ["a", "b"], ["b", "a"]).join(" ").match(/\w+/g)?.length).toBe(4);
});

test("ten thousand legs deep", () => {
  const calls = Array.from(
    { length: 10_000 },
    (_, index) => [`s${index}`, index === 0 ? undefined : `s${index - 1}`] as const,
  );
  const [family] = familiesOf(calls);
  expect(family?.at(-1)?.depth).toBe(9_999);
});
