import { type Node, parseTree } from "jsonc-parser";
import type { Document, PathNode, SourcePlace } from "./document.ts";
import { placeBehind, spanAt } from "./place.ts";
import { seek } from "./seek.ts";

const trees = new WeakMap<Document, Node>();

function treeOf(document: Document): Node | undefined {
  const known = trees.get(document);
  if (known) return known;
  const tree = parseTree(document.text);
  if (tree) trees.set(document, tree);
  return tree;
}

/** The keys from a document's root to the value at the path. */
export function keysOf(path: PathNode | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let node = path; node; node = node.parent) keys.push(node.key);
  return keys.reverse();
}

/** The place in the source of a character of the document's text. */
export function placeAt(document: Document, index: number): SourcePlace {
  const { text, encoding, inexact } = document;
  const span = spanAt(document.spans, index);
  const at = span?.at ?? document.at;
  const place = inexact ? at : placeBehind(at, text, span?.start ?? 0, index, encoding);
  return "outer" in place ? placeOf(place.outer, place.path) : place;
}

/** The place in the source of the value at the path; inside a string or base64 that is the string's own place. */
export function placeOf(document: Document, path: PathNode | undefined): SourcePlace {
  if (path === undefined) return placeAt(document, firstCharacter(document.text));
  const keys = keysOf(path);
  // Each event of a batch is placed when calls are put together; a tree for each would take longer than all else.
  const index = document.value === undefined ? nodeAt(document, keys)?.offset : seek(document.text, keys);
  return placeAt(document, index ?? 0);
}

/**
 * The place of the value that a JSON Pointer names, counted from the value at the path; the nearest one above it when
 * there is none, and the string when the pointer leads into a string.
 */
export function placeOfPointer(document: Document, path: PathNode | undefined, pointer: string): SourcePlace {
  const base = keysOf(path);
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const root = nodeAt(document, base);
  let node = root;
  for (const key of keys) {
    const next = node && childOf(node, key);
    if (!next) break;
    node = next;
  }
  return placeAt(document, node?.offset ?? 0);
}

/** The JSON text of the value at the path, exactly as it stands. */
export function textAt(document: Document, path: PathNode | undefined): string {
  if (path === undefined) return document.text.trim();
  const node = nodeAt(document, keysOf(path));
  return node ? document.text.slice(node.offset, node.offset + node.length) : "";
}

/** The way through the wrappers: `Records[2].kinesis.data ▸ [0]`, where ▸ stands before what a string held. */
export function pathText(document: Document, path: PathNode | undefined): string {
  let own = document.element === undefined ? "" : `[${document.element}]`;
  for (const key of keysOf(path)) {
    if (typeof key === "number") own += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) own += own === "" ? key : `.${key}`;
    else own += `[${JSON.stringify(key)}]`;
  }
  if (!("outer" in document.at)) return own;
  const outer = pathText(document.at.outer, document.at.path);
  if (outer === "" || own === "") return outer || own;
  return `${outer} ▸ ${own}`;
}

/** Of a key that stands twice the last one counts, as it does for JSON.parse. */
function childOf(node: Node, key: string | number): Node | undefined {
  if (node.type === "array") return node.children?.[Number(key)];
  return node.children?.findLast((property) => property.children?.[0]?.value === key)?.children?.[1];
}

function nodeAt(document: Document, keys: (string | number)[]): Node | undefined {
  let node = treeOf(document);
  for (const key of keys) node = node && childOf(node, key);
  return node;
}

function firstCharacter(text: string): number {
  return text.startsWith("{") ? 0 : Math.max(0, text.search(/\S/));
}
