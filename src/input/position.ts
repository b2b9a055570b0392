import { plainWalk, skipValue, type Walk } from "./json-index.ts";
import { outlinedWalk } from "./json-outline.ts";
import type { JsonRecord, PathNode, Position } from "./json-record.ts";
import { placeBehind, spanAt } from "./scan/line-position.ts";

/** A longer text may hold many events, and each is looked for: then it is worth to be read through first. */
const LONG = 16 * 1024;
const walks = new WeakMap<JsonRecord, Walk>();

function walkOf(document: JsonRecord): Walk {
  if (document.text.length <= LONG) return plainWalk(document.text);
  const walk = walks.get(document) ?? outlinedWalk(document.text);
  walks.set(document, walk);
  return walk;
}

/** The keys from a document's root to the value at the path. */
export function keysOf(path: PathNode | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let node = path; node; node = node.parent) keys.push(node.key);
  return keys.reverse();
}

/** The place in the source of a character of the document's text. */
export function placeAt(document: JsonRecord, index: number): Position {
  const { text, inexact } = document;
  const { at, start, encoding } = spanAt(document.spans, index) ?? { ...document, start: 0 };
  const place = inexact ? at : placeBehind(at, text, start, index, encoding);
  return "outer" in place ? placeOf(place.outer, place.path) : place;
}

/** The place in the source of the value at the path; inside a string or base64 that is the string's own place. */
export function placeOf(document: JsonRecord, path: PathNode | undefined): Position {
  if (path === undefined) return placeAt(document, firstCharacter(document.text));
  return placeAt(document, indexOf(document, keysOf(path)) ?? 0);
}

/**
 * The place of the value that a JSON Pointer names, counted from the value at the path; the nearest one above it when
 * there is none, and the string when the pointer leads into a string.
 */
export function placeOfPointer(document: JsonRecord, path: PathNode | undefined, pointer: string): Position {
  // The text of a form has no places of its own.
  if (document.value === undefined) return placeAt(document, 0);
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const walk = walkOf(document);
  let value = walk.root;
  for (const key of [...keysOf(path), ...keys]) {
    const next = walk.childOf(value, key);
    if (next === undefined) break;
    value = next;
  }
  return placeAt(document, walk.indexOf(value));
}

/** The JSON text of the value at the path, exactly as it stands. */
export function textAt(document: JsonRecord, path: PathNode | undefined): string {
  if (path === undefined) return document.text.trim();
  const index = indexOf(document, keysOf(path));
  return index === undefined ? "" : document.text.slice(index, skipValue(document.text, index));
}

/** The way through the wrappers: `Records[2].kinesis.data ▸ [0]`, where ▸ stands before what a string held. */
export function pathText(document: JsonRecord, path: PathNode | undefined): string {
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

/** Where the value under the keys begins in the document's text. */
function indexOf(document: JsonRecord, keys: readonly (string | number)[]): number | undefined {
  const walk = walkOf(document);
  let value: number | undefined = walk.root;
  for (const key of keys) value = value === undefined ? undefined : walk.childOf(value, key);
  return value === undefined ? undefined : walk.indexOf(value);
}

function firstCharacter(text: string): number {
  return text.startsWith("{") ? 0 : Math.max(0, text.search(/\S/));
}
