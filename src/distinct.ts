/** How many of the latest strings are told apart: two generations of this many, 8 bytes each. */
const GENERATION = 1 << 20;

/**
 * A set of strings that remembers at least the latest million in bounded memory. `add` returns whether the string is
 * new. Strings are kept as 53-bit hashes: of a million, two are taken for one with odds of 1 in 18,000.
 */
export function createDistinct(): { add(text: string): boolean } {
  let current = createTable();
  let previous: Table | undefined;
  return {
    add(text) {
      const hash = hashOf(text);
      if (previous?.has(hash)) return false;
      if (!current.add(hash)) return false;
      if (current.size() >= GENERATION) {
        previous = current;
        current = createTable();
      }
      return true;
    },
  };
}

interface Table {
  has(hash: number): boolean;
  add(hash: number): boolean;
  size(): number;
}

/** Open addressing over doubles; 0 marks a free place. */
function createTable(): Table {
  let slots = new Float64Array(1024);
  let size = 0;

  function find(hash: number): number {
    let slot = hash % slots.length;
    while (slots[slot] !== 0 && slots[slot] !== hash) slot = (slot + 1) % slots.length;
    return slot;
  }

  function grow(): void {
    const old = slots;
    slots = new Float64Array(old.length * 2);
    for (const hash of old) if (hash !== 0) slots[find(hash)] = hash;
  }

  return {
    has: (hash) => slots[find(hash)] === hash,
    add(hash) {
      const slot = find(hash);
      if (slots[slot] === hash) return false;
      slots[slot] = hash;
      size++;
      if (size * 2 > slots.length) grow();
      return true;
    },
    size: () => size,
  };
}

/** Two 32-bit multiplicative hashes, joined to 53 bits and never 0. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0) + 1;
}
