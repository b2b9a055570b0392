import fc from "fast-check";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { expect, test } from "vitest";
import { childOf, type JsonNode, rootNode } from "../../src/input/json-index.ts";

function seek(text: string, keys: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = rootNode(text);
  for (const key of keys) node = node && childOf(text, node, key);
  return node;
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
      for (const path of paths(JSON.parse(text))) {
        const node = tree && findNodeAtLocation(tree, [...path]);
        const found = seek(text, path);
        expect(found?.start).toBe(node?.offset);
        expect(found?.end).toBe((node?.offset ?? 0) + (node?.length ?? 0));
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
test.each(places)("in %s %j is at %s", (text, keys, start) => expect(seek(text, keys)?.start).toBe(start));
