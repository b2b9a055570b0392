import { childOf, type JsonNode, rootNode } from "./json-index.ts";
import type { JsonRecord, PathNode, Position } from "./json-record.ts";
import { placeBehind, spanAt } from "./scan/line-position.ts";

/** A record may hold many events, and each is looked for. */
const roots = new WeakMap<JsonRecord, JsonNode>();

/** The value of a record that is JSON, as it stands in its text. */
export function nodeOf(record: JsonRecord): JsonNode {
  const root = roots.get(record) ?? rootNode(record.text);
  roots.set(record, root);
  return root;
}

/** The keys from a record's root to the value at the path. */
export function keysOf(path: PathNode | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let node = path; node; node = node.parent) keys.push(node.key);
  return keys.reverse();
}

/** The position in the source of a character of the record's text. */
export function placeAt(record: JsonRecord, index: number): Position {
  const { text, inexact } = record;
  const { at, start, encoding } = spanAt(record.spans, index) ?? { ...record, start: 0 };
  const place = inexact ? at : placeBehind(at, text, start, index, encoding);
  return "outer" in place ? placeOf(place.outer, place.path) : place;
}

/**
 * The position in the source of the value that a JSON Pointer names, counted from the value at the path; of the nearest
 * one above it when there is none. Inside a string or base64 that is the string's own position.
 */
export function placeOf(record: JsonRecord, path: PathNode | undefined, pointer = ""): Position {
  const { text, value } = record;
  // The text of a form has no positions of its own.
  const keys = value === undefined ? [] : [...keysOf(path), ...stepsOf(pointer)];
  if (keys.length === 0) return placeAt(record, text.startsWith("{") ? 0 : Math.max(0, text.search(/\S/)));
  return placeAt(record, nodesAlong(record, keys).at(-1)?.start ?? 0);
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** The JSON text of the value at the path, exactly as it stands. */
export function textAt(record: JsonRecord, path: PathNode | undefined): string {
  if (path === undefined) return record.text.trim();
  const keys = keysOf(path);
  const node = nodesAlong(record, keys)[keys.length];
  return node === undefined ? "" : record.text.slice(node.start, node.end);
}

/** The values from the root to the one under the keys, as far as there are any. */
function nodesAlong(record: JsonRecord, keys: readonly (string | number)[]): readonly JsonNode[] {
  let node: JsonNode | undefined = nodeOf(record);
  const nodes = [node];
  for (const key of keys) {
    node = childOf(record.text, node, key);
    if (node === undefined) break;
    nodes.push(node);
  }
  return nodes;
}

/** The way through the wrappers: `Records[2].kinesis.data ▸ [0]`, where ▸ stands before what a string held. */
export function pathText(record: JsonRecord, path: PathNode | undefined): string {
  let own = record.element === undefined ? "" : `[${record.element}]`;
  for (const key of keysOf(path)) {
    if (typeof key === "number") own += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) own += own === "" ? key : `.${key}`;
    else own += `[${JSON.stringify(key)}]`;
  }
  if (!("outer" in record.at)) return own;
  const outer = pathText(record.at.outer, record.at.path);
  if (outer === "" || own === "") return outer || own;
  return `${outer} ▸ ${own}`;
}
