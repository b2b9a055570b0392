import { childrenOf, type JsonNode } from "./json-index.ts";
import type { JsonRecord, PathNode } from "./json-record.ts";
import { keysOf, nodeOf } from "./position.ts";

/** A key that stands more than once in one object; `pointer` counts from the value that was asked about. */
export interface DuplicateKey {
  readonly pointer: string;
  readonly key: string;
  readonly count: number;
}

interface Repeated {
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly count: number;
}

let last: { readonly record: JsonRecord; readonly repeated: readonly Repeated[] } | undefined;

/** The keys that stand twice in the value at the path. A record is looked through once, however many events it holds. */
export function findDuplicateKeys(record: JsonRecord, path: PathNode | undefined): readonly DuplicateKey[] {
  if (last?.record !== record) last = { record, repeated: mayRepeat(record) ? searchObjects(record) : [] };
  if (last.repeated.length === 0) return [];
  const base = keysOf(path);
  return last.repeated
    .filter((each) => base.every((key, index) => each.path[index] === key))
    .map(({ path, key, count }) => ({
      pointer: [...path.slice(base.length), key].map((step) => `/${escapeStep(String(step))}`).join(""),
      key,
      count,
    }));
}

const mayRepeat = ({ text, value }: JsonRecord): boolean =>
  typeof value === "object" &&
  value !== null &&
  compactLength(value) !== text.length &&
  keysIn(text) !== keyCount(value);

/**
 * The least length of a JSON text with this value. A text of exactly this length is compact and repeats no key, since
 * each repeated one would make it longer: that spares nearly every event the search. NaN where a number might be spelled
 * shorter, as 1e3 for 1000. The members that are strings are counted on the spot, as nearly all are.
 */
function compactLength(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return shortest(value);
  if (typeof value !== "object" || value === null) return value === false ? 5 : 4;
  let length = 1;
  if (Array.isArray(value)) {
    for (const item of value) length += compactLength(item) + 1;
  } else {
    const object = value as Record<string, unknown>;
    for (const key in object) {
      const member = object[key];
      length += key.length + (typeof member === "string" ? member.length + 6 : compactLength(member) + 4);
    }
  }
  return Math.max(2, length);
}

/** The length of a number as JavaScript writes it, where an exponent would not be shorter. */
function shortest(value: number): number {
  const size = Math.abs(value);
  const isShortest = Number.isInteger(value) ? value === 0 || (value % 1000 !== 0 && size < 1e21) : size >= 0.01;
  return isShortest ? String(value).length : Number.NaN;
}

/**
 * How many quotes stand before a colon in the text: not fewer than it has keys, each repeated one counted again. NaN where
 * a key may stand apart from its colon.
 */
function keysIn(text: string): number {
  let keys = 0;
  for (let colon = text.indexOf(":"); colon !== -1; colon = text.indexOf(":", colon + 1)) {
    const before = text.charCodeAt(colon - 1);
    if (before === 0x22) keys++;
    else if (before <= 0x20) return Number.NaN;
  }
  return keys;
}

function keyCount(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let keys = 0;
  const object = value as Record<string, unknown>;
  const isObject = !Array.isArray(value);
  for (const key in object) {
    const member = object[key];
    keys += (isObject ? 1 : 0) + (typeof member === "object" ? keyCount(member) : 0);
  }
  return keys;
}

/** Looks through all objects of a JSON record, the inner ones first. */
function searchObjects(record: JsonRecord): readonly Repeated[] {
  const repeated: Repeated[] = [];
  function search(node: JsonNode, path: PathNode | undefined): void {
    const counts = new Map<string, number>();
    for (const [index, child] of childrenOf(record.text, node).entries()) {
      const { key } = child;
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
      search(child, { parent: path, key: key ?? index });
    }
    for (const [key, count] of counts) if (count > 1) repeated.push({ path: keysOf(path), key, count });
  }
  search(nodeOf(record), undefined);
  return repeated;
}

const escapeStep = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");
