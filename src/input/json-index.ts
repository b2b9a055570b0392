import { isKey, stringEnd } from "./json-tokens.ts";

/** The values of a valid JSON text. A value is known by its number, in the order in which they begin; 0 is the root. */
export interface JsonIndex {
  /** An element by its index or a member by its key; of a key that stands twice the last one, as for JSON.parse. */
  childOf(parent: number, key: string | number): number | undefined;
  /** The elements of an array, or the members of an object. */
  childrenOf(parent: number): readonly number[];
  /** A member's key; undefined for an element, and for the root. */
  keyOf(value: number): string | undefined;
  /** Where the value begins in the text. */
  startOf(value: number): number;
  /** The index behind its last character. */
  endOf(value: number): number;
}

/** Reads through a valid JSON text once. */
export function indexJson(text: string): JsonIndex {
  const starts: number[] = [];
  const ends: number[] = [];
  /** Of each value, the number of the first one behind it that is not inside it. */
  const nexts: number[] = [];
  /** Of each value, the index of its key's opening quote; -1 where it has none. */
  const keys: number[] = [];
  /** The elements of arrays: events are mostly asked for in turn. */
  const elements = new Map<number, readonly number[]>();
  /** The numbers of the values that the index is inside of. */
  const open: number[] = [];
  let key = -1;

  function add(start: number, end: number): void {
    starts.push(start);
    ends.push(end);
    nexts.push(starts.length);
    keys.push(key);
    key = -1;
  }

  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = stringEnd(text, index);
      if (isKey(text, end)) key = index;
      else add(index, end + 1);
      index = end;
    } else if (code === 0x7b || code === 0x5b) {
      open.push(starts.length);
      add(index, index);
    } else if (code === 0x7d || code === 0x5d) {
      const closed = open.pop() ?? 0;
      ends[closed] = index + 1;
      nexts[closed] = starts.length;
    } else if (code > 0x20 && code !== 0x2c && code !== 0x3a) {
      const start = index;
      while (isOfWord(text.charCodeAt(index + 1))) index++;
      add(start, index + 1);
    }
  }

  const isArray = (value: number): boolean => text.charCodeAt(starts[value] ?? 0) === 0x5b;

  function childrenOf(parent: number): readonly number[] {
    const known = elements.get(parent);
    if (known !== undefined) return known;
    const end = nexts[parent] ?? 0;
    const children: number[] = [];
    for (let child = parent + 1; child < end; child = nexts[child] ?? end) children.push(child);
    if (isArray(parent)) elements.set(parent, children);
    return children;
  }

  function keyOf(value: number): string | undefined {
    const quote = keys[value] ?? -1;
    if (quote === -1) return undefined;
    const raw = text.slice(quote, stringEnd(text, quote) + 1);
    return raw.includes("\\") ? JSON.parse(raw) : raw.slice(1, -1);
  }

  return {
    childOf: (parent, step) =>
      isArray(parent)
        ? childrenOf(parent)[Number(step)]
        : childrenOf(parent).findLast((child) => keyOf(child) === String(step)),
    childrenOf,
    keyOf,
    startOf: (value) => starts[value] ?? 0,
    endOf: (value) => ends[value] ?? 0,
  };
}

/** Whether a number, true, false or null goes on with the character. */
const isOfWord = (code: number): boolean => code > 0x20 && code !== 0x2c && code !== 0x5d && code !== 0x7d;
