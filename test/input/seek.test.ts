import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { expect, test } from "vitest";
import { seek } from "../../src/input/seek.ts";

/** A path to every value inside. */
function paths(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

test("finds each value where a tree of the text has it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t", "\r\n "), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const tree = parseTree(text);
      for (const path of paths(JSON.parse(text))) {
        const node = tree && findNodeAtLocation(tree, [...path]);
        expect(seek(text, path)).toBe(node?.offset);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, readonly (string | number)[], number | undefined]>([
  ['{"a":1,"a":22}', ["a"], 11],
  ['{"\\u0061":1}', ["a"], 10],
  ['{"x":"\\\\","a":[1, 2]}', ["a", 1], 18],
  ["[1]", [1], undefined],
  ["[]", [0], undefined],
  ["{}", ["a"], undefined],
  ["[1]", ["a"], undefined],
  ['{"a', ["a"], undefined],
  ["", [0], undefined],
])("%s at %j is %s", (text, keys, index) => expect(seek(text, keys)).toBe(index));
