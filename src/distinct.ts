/** How many of the latest strings are told apart: two generations of this many, 8 bytes each. */
const GENERATION = 1 << 20;

/**
 * A set of strings that remembers at least the latest million in bounded memory. `add` returns whether the string is
 * new. Strings are kept as hashes of 63 bits: of two million, two are taken for one with odds of 1 in 4 million.
 */
export function createDistinct(): { add(text: string): boolean } {
  let current = createTable();
  let previous: Table | undefined;
  let last: string | undefined;
  return {
    add(text) {
      if (text === last) return false;
      last = text;
      let low = 0x811c9dc5;
      let high = 0x9e3779b9;
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index);
        low = Math.imul(low ^ code, 0x01000193);
        high = Math.imul(high + code, 0x85ebca6b);
        high ^= high >>> 15;
      }
      if (previous?.has(low, high)) return false;
      if (!current.add(low, high)) return false;
      if (current.size() >= GENERATION) {
        previous = current;
        current = createTable();
      }
      return true;
    },
  };
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
    for (let slot = 0; slot < old.length; slot += 2) if (old[slot] !== 0) put(old[slot] ?? 0, old[slot + 1] ?? 0);
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
