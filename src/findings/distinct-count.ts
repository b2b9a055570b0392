// Other sets of IDs look alike but can't share this one: calls/store/sids.ts compares the SID itself, since two calls with
// one hash must stay two, and the one in listen keeps the time of each ID and can't be fooled by chosen IDs.

/** How many of the latest strings are told apart: two generations of this many, 8 bytes each. */
const GENERATION = 1 << 20;

/** The hashes of strings, 64 bits in two numbers each, in the order in which they came. */
export interface Hashes {
  readonly pairs: Int32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * A set of strings that remembers at least the latest million in bounded memory. `add` returns whether the string is
 * new; `merge` adds those that a `HashList` took, and returns how many were. Strings are kept as hashes of 63 bits: of two
 * million, two are taken for one with odds of 1 in 4 million.
 */
export function createDistinct(): { add(text: string): boolean; merge(hashes: Hashes): number } {
  let current = createTable();
  let previous: Table | undefined;
  let last: string | undefined;

  function addHash(low: number, high: number): boolean {
    if (previous?.has(low, high)) return false;
    if (!current.add(low, high)) return false;
    if (current.size() >= GENERATION) {
      previous = current;
      current = createTable();
    }
    return true;
  }

  return {
    add(text) {
      if (text === last) return false;
      last = text;
      hash(text);
      return addHash(low, high);
    },
    merge({ pairs, count }) {
      let fresh = 0;
      for (let index = 0; index < count * 2; index += 2) {
        if (addHash(pairs[index] as number, pairs[index + 1] as number)) fresh++;
      }
      return fresh;
    },
  };
}

/** Takes strings for a set elsewhere; of one that comes again at once one is enough. */
export interface HashList {
  add(text: string): void;
  /** How many strings came, and the hashes of those that the set is to be asked about; then it begins anew. */
  take(): { readonly hashes: Hashes; readonly came: number };
}

/** See `HashList`. */
export function createHashList(): HashList {
  let pairs = new Int32Array(1024);
  let count = 0;
  let came = 0;
  let last: string | undefined;
  return {
    add(text) {
      came++;
      if (text === last) return;
      last = text;
      hash(text);
      if (count * 2 === pairs.length) {
        const longer = new Int32Array(pairs.length * 2);
        longer.set(pairs);
        pairs = longer;
      }
      pairs[count * 2] = low;
      pairs[count * 2 + 1] = high;
      count++;
    },
    take() {
      const taken = { hashes: { pairs, count }, came };
      pairs = new Int32Array(1024);
      count = 0;
      came = 0;
      return taken;
    },
  };
}

/** The last hash: two numbers that need no object. */
let low = 0;
let high = 0;

function hash(text: string): void {
  low = 0x811c9dc5;
  high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high + code, 0x85ebca6b);
    high ^= high >>> 15;
  }
}

interface Table {
  has(low: number, high: number): boolean;
  add(low: number, high: number): boolean;
  size(): number;
}

/** Open addressing over pairs of 32 bits; a 0 in the first marks a free place. */
function createTable(): Table {
  let slots = new Int32Array(2048);
  let size = 0;

  /** Where the pair stands, or would stand; the high bits of `high` are its best. */
  function find(low: number, high: number): number {
    const mask = slots.length - 1;
    let slot = ((high ^ (low >>> 3)) << 1) & mask;
    while (slots[slot] !== 0 && (slots[slot] !== low || slots[slot + 1] !== high)) slot = (slot + 2) & mask;
    return slot;
  }

  function put(low: number, high: number): boolean {
    const slot = find(low, high);
    if (slots[slot] !== 0) return false;
    slots[slot] = low;
    slots[slot + 1] = high;
    return true;
  }

  function grow(): void {
    const old = slots;
    slots = new Int32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += 2) {
      if (old[slot] !== 0) put(old[slot] as number, old[slot + 1] as number);
    }
  }

  return {
    has: (low, high) => slots[find(low | 1, high)] !== 0,
    add(low, high) {
      if (!put(low | 1, high)) return false;
      size++;
      if (size * 4 > slots.length) grow();
      return true;
    },
    size: () => size,
  };
}
