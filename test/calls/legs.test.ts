import { expect, test } from "vitest";
import { families } from "../../src/calls/legs.ts";

const shape = (...calls: readonly (readonly [sid: string, parentSid?: string])[]): readonly string[] =>
  families(calls.map(([sid, parentSid]) => ({ sid, parentSid }))).map((family) =>
    family.map(({ call, depth }) => `${depth}${call.sid}`).join(" "),
  );

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
  const [family] = families(calls.map(([sid, parentSid]) => ({ sid, parentSid })));
  expect(family?.at(-1)?.depth).toBe(9_999);
});
