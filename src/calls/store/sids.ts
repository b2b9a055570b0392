import type { Columns } from "./columns.ts";
import type { Texts } from "./intern.ts";

/** How many whole numbers of a record a SID takes. */
export const SID_INTS = 5;

/** The SIDs, or ids, of records: two letters and 32 hexadecimal digits in 20 bytes, anything else as a text. */
export interface SidColumn {
  /** Makes a SID the one that `isLoaded` and `store` are about; returns a hash of it. */
  load(sid: string | undefined): number;
  /** The same, of a SID that another column stored: it stands in `ints` from `at` on, its text in `slots`. */
  loadStored(ints: Int32Array, at: number, slots: readonly (string | undefined)[]): number;
  /** The hash of a record's SID. */
  hash(record: number): number;
  isLoaded(record: number): boolean;
  store(record: number): void;
  get(record: number): string | undefined;
  isSame(one: number, other: number): boolean;
  /** By text. */
  compare(one: number, other: number): number;
  /** What a record that goes away gives back. */
  release(record: number): void;
}

/** The first number of a SID that is none, and of one that stands as a text; else it holds the two letters. */
const NONE = 0;
const TEXT = -1;

/** Keeps SIDs in five numbers of each record, from `base` on. */
export function createSids({ int, setInt }: Columns, base: number, texts: Texts): SidColumn {
  // Nobody who writes the input can know it, and so none can make all SIDs hash alike.
  const seed = Math.floor(Math.random() * 0x7fffffff);
  const words = new Int32Array(4);
  const bytes = Buffer.alloc(16);
  let loaded: string | undefined;
  let letters = NONE;

  function get(record: number): string | undefined {
    const first = int(record, base);
    if (first === NONE) return undefined;
    if (first === TEXT) return texts.at(int(record, base + 1));
    for (let word = 0; word < 4; word++) bytes.writeInt32BE(int(record, base + 1 + word), word * 4);
    return String.fromCharCode(first >> 8, first & 0xff) + bytes.toString("hex");
  }

  function hashOfText(text: string): number {
    let hash = seed;
    for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index));
    return hash >>> 0;
  }

  /** Of the digits that the words hold. */
  function hashOfWords(): number {
    let hash = seed;
    for (let word = 0; word < 4; word++) hash = mix(hash, words[word] as number);
    return hash >>> 0;
  }

  const hashOfLoaded = (): number => (letters === TEXT && loaded !== undefined ? hashOfText(loaded) : hashOfWords());

  return {
    load(sid) {
      loaded = sid;
      letters = sid === undefined ? NONE : pack(sid, words);
      return hashOfLoaded();
    },
    loadStored(ints, at, slots) {
      letters = ints[at] as number;
      loaded = letters === TEXT ? slots[ints[at + 1] as number] : undefined;
      for (let word = 0; word < 4; word++) words[word] = ints[at + 1 + word] as number;
      return hashOfLoaded();
    },
    hash(record) {
      if (int(record, base) === TEXT) return hashOfText(texts.at(int(record, base + 1)) as string);
      let hash = seed;
      for (let word = 0; word < 4; word++) hash = mix(hash, int(record, base + 1 + word));
      return hash >>> 0;
    },
    isLoaded(record) {
      if (int(record, base) !== letters) return false;
      if (letters === TEXT) return texts.at(int(record, base + 1)) === loaded;
      if (letters === NONE) return true;
      for (let word = 0; word < 4; word++) if (int(record, base + 1 + word) !== words[word]) return false;
      return true;
    },
    store(record) {
      setInt(record, base, letters);
      if (letters === TEXT) setInt(record, base + 1, texts.take(loaded));
      else for (let word = 0; word < 4; word++) setInt(record, base + 1 + word, words[word] as number);
    },
    get,
    isSame(one, other) {
      const first = int(one, base);
      if (first !== int(other, base)) return false;
      if (first === NONE) return true;
      if (first === TEXT) return get(one) === get(other);
      for (let word = 1; word <= 4; word++) if (int(one, base + word) !== int(other, base + word)) return false;
      return true;
    },
    compare(one, other) {
      if (int(one, base) > NONE && int(one, base) === int(other, base)) {
        for (let word = 1; word <= 4; word++) {
          const difference = (int(one, base + word) >>> 0) - (int(other, base + word) >>> 0);
          if (difference !== 0) return difference;
        }
        return 0;
      }
      const [first = "", second = ""] = [get(one), get(other)];
      if (first === second) return 0;
      return first < second ? -1 : 1;
    },
    release(record) {
      if (int(record, base) === TEXT) texts.release(int(record, base + 1));
    },
  };
}

function mix(hash: number, word: number): number {
  const next = Math.imul(hash ^ word, 0x85ebca6b);
  return Math.imul(next ^ (next >>> 13), 0xc2b2ae35) ^ (next >>> 16);
}

/** Writes the digits into the words and returns the letters; TEXT when the SID would not come out as it went in. */
function pack(sid: string, words: Int32Array): number {
  if (sid.length !== 34 || !isLetter(sid.charCodeAt(0)) || !isLetter(sid.charCodeAt(1))) return TEXT;
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let index = word * 8 + 2; index < word * 8 + 10; index++) {
      const digit = digitOf(sid.charCodeAt(index));
      if (digit < 0) return TEXT;
      value = (value << 4) | digit;
    }
    words[word] = value;
  }
  return (sid.charCodeAt(0) << 8) | sid.charCodeAt(1);
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** The value of each code of a hexadecimal digit as Twilio writes it, in lower case; of all others -1. */
const digits = new Int8Array(128).fill(-1);
for (const [value, digit] of Array.from("0123456789abcdef").entries()) digits[digit.charCodeAt(0)] = value;

const digitOf = (code: number): number => digits[code] ?? -1;
