import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { plainWalk, skipValue, type Walk } from "../../src/input/json-index.ts";
import { outlinedWalk } from "../../src/input/json-outline.ts";

const walks = { plain: plainWalk, outlined: outlinedWalk };

function seek(walk: Walk, keys: readonly (string | number)[]): number | undefined {
  let value: number | undefined = walk.root;
  for (const key of keys) value = value === undefined ? undefined : walk.childOf(value, key);
  return value === undefined ? undefined : walk.indexOf(value);
}

/** A path to every value inside. */
function paths(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

test.each(Object.entries(walks))("a %s walk finds each value where a tree of the text has it", (_, walkOf) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t", "\r\n "), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const tree = parseTree(text);
      const walk = walkOf(text);
      for (const path of paths(JSON.parse(text))) {
        const node = tree && findNodeAtLocation(tree, [...path]);
        const index = seek(walk, path);
        expect(index).toBe(node?.offset);
        expect(skipValue(text, index ?? -1)).toBe((node?.offset ?? 0) + (node?.length ?? 0));
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
describe.each(Object.entries(walks))("in a %s walk", (_, walkOf) => {
  test.each(places)("%s at %j is %s", (text, keys, index) => expect(seek(walkOf(text), keys)).toBe(index));
});

test.each(['{"a', '{"a"', '{"a" 1}', '{"a":1', ""])("a plain walk ends in %j", (text) => {
  expect(seek(plainWalk(text), ["b"])).toBeUndefined();
});
