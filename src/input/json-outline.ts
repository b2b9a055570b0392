import type { Walk } from "./json-index.ts";
import { isKey, stringEnd } from "./json-tokens.ts";

/** Where each value of a JSON text begins, in the order in which they begin; 16 bytes a value, whatever it is. */
interface Outline {
  readonly starts: Int32Array;
  /** Of each value, the number of the first one behind it that is not inside it. */
  readonly nexts: Int32Array;
  /** Of each value, the index of its key's opening quote; -1 where it has none. */
  readonly keys: Int32Array;
}

/** So many values there is room for at first. */
const ROOM = 1024;

/** Reads through a valid JSON text once. */
function outlineOf(text: string): Outline {
  let starts = new Int32Array(ROOM);
  let nexts = new Int32Array(ROOM);
  let keys = new Int32Array(ROOM);
  let count = 0;
  /** The numbers of the values that the place is inside of. */
  const open: number[] = [];
  let key = -1;

  function begin(index: number): void {
    if (count === starts.length) {
      starts = grown(starts);
      nexts = grown(nexts);
      keys = grown(keys);
    }
    starts[count] = index;
    nexts[count] = count + 1;
    keys[count] = key;
    key = -1;
    count++;
  }

  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      const end = stringEnd(text, index);
      if (isKey(text, end)) key = index;
      else begin(index);
      index = end;
    } else if (code === 0x7b || code === 0x5b) {
      open.push(count);
      begin(index);
    } else if (code === 0x7d || code === 0x5d) {
      nexts[open.pop() ?? 0] = count;
    } else if (code > 0x20 && code !== 0x2c && code !== 0x3a) {
      begin(index);
      while (isOfWord(text.charCodeAt(index + 1))) index++;
    }
  }
  return { starts, nexts, keys };
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** Whether a number, true, false or null goes on with the character. */
const isOfWord = (code: number): boolean => code > 0x20 && code !== 0x2c && code !== 0x5d && code !== 0x7d;

/**
 * Ways into a valid JSON text that many are asked for: it is read through once, and its values are then known by their
 * numbers, in the order in which they begin.
 */
export function outlinedWalk(text: string): Walk {
  const { starts, nexts, keys } = outlineOf(text);
  /** The element that was asked for last: mostly the next one is asked for then. */
  let last = { array: -1, index: 0, value: 0 };

  function elementOf(array: number, index: number): number | undefined {
    const end = nexts[array] ?? 0;
    const isBehind = last.array === array && last.index <= index;
    let { index: at, value } = isBehind ? last : { index: 0, value: array + 1 };
    for (; value < end && at !== index; at++) value = nexts[value] ?? end;
    if (value >= end) return undefined;
    last = { array, index, value };
    return value;
  }

  return {
    root: 0,
    childOf(parent, key) {
      if (text.charCodeAt(starts[parent] ?? 0) === 0x5b) return elementOf(parent, Number(key));
      const end = nexts[parent] ?? 0;
      let found: number | undefined;
      for (let child = parent + 1; child < end; child = nexts[child] ?? end) {
        if (isKeyAt(text, keys[child] ?? 0, String(key))) found = child;
      }
      return found;
    },
    indexOf: (value) => starts[value] ?? 0,
  };
}

/** Whether the key whose quote stands at the index is this one. */
function isKeyAt(text: string, quote: number, key: string): boolean {
  const raw = text.slice(quote, stringEnd(text, quote) + 1);
  return raw.includes("\\") ? JSON.parse(raw) === key : raw.length === key.length + 2 && raw.startsWith(key, 1);
}
