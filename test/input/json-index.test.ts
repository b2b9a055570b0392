import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { expect, test } from "vitest";
import { indexJson, type JsonIndex } from "../../src/input/json-index.ts";

function seek(index: JsonIndex, keys: readonly (string | number)[]): number | undefined {
  let value: number | undefined = 0;
  for (const key of keys) value = value === undefined ? undefined : index.childOf(value, key);
  return value;
}

/** A path to every value inside. */
function paths(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

test("an index finds each value where a tree of the text has it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t", "\r\n "), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const tree = parseTree(text);
      const index = indexJson(text);
      for (const path of paths(JSON.parse(text))) {
        const node = tree && findNodeAtLocation(tree, [...path]);
        const value = seek(index, path) ?? -1;
        expect(index.startOf(value)).toBe(node?.offset);
        expect(index.endOf(value)).toBe((node?.offset ?? 0) + (node?.length ?? 0));
      }
    }),
    { numRuns: 2_000 },
  );
});

const places: readonly (readonly [string, readonly (string | number)[], number | undefined])[] = [
  ['{"a":1,"a":22}', ["a"], 11],
  ['{"\\u0061":1}', ["a"], 10],
  ['{"x":"\\\\","a":[1, 2]}', ["a", 1], 18],
  ['{"x":"\\"","a":[1, 2]}', ["a", "1"], 18],
  ['{"ab":1,"a":2,"aa":3}', ["a"], 12],
  ['{"1":[],"a":[[], {}, null]}', ["a", 2], 21],
  ["[1]", [1], undefined],
  ["[]", [0], undefined],
  ["{}", ["a"], undefined],
  ["[1]", ["a"], undefined],
  ["1", ["a"], undefined],
];
test.each(places)("in %s %j is at %s", (text, keys, start) => {
  const index = indexJson(text);
  const value = seek(index, keys);
  expect(value === undefined ? undefined : index.startOf(value)).toBe(start);
});
