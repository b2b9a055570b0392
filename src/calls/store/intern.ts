/** Values that many records share, each in a numbered slot for as long as one of them uses it. Slot 0 holds none. */
export interface InternTable<T> {
  /** The slot of the value with this key, made when there is none; counts as one use. */
  take(key: string, make: (key: string) => T): number;
  at(slot: number): T | undefined;
  /** Ends one use. */
  release(slot: number): void;
  /** All values by their slots. */
  all(): readonly (T | undefined)[];
}

/** Texts that stand in slots. */
export interface Texts {
  take(text: string | undefined): number;
  at(slot: number): string | undefined;
  release(slot: number): void;
  all(): readonly (string | undefined)[];
}

interface Entry<T> {
  readonly slot: number;
  readonly value: T;
  uses: number;
}

/** How many of the latest are found again. An index of values of which each call has its own would fill the memory. */
const KEPT = 4096;

/** Makes slots for values that are shared. */
export function createInternTable<T>(): InternTable<T> {
  const entries: (Entry<T> | undefined)[] = [undefined];
  const unused: number[] = [];
  const known = new Map<string, Entry<T>>();
  return {
    take(key, make) {
      const found = known.get(key);
      if (found !== undefined && found.uses > 0) {
        found.uses++;
        return found.slot;
      }
      if (known.size >= KEPT) known.clear();
      const entry = { slot: unused.pop() ?? entries.length, value: make(key), uses: 1 };
      entries[entry.slot] = entry;
      known.set(key, entry);
      return entry.slot;
    },
    at: (slot) => entries[slot]?.value,
    release(slot) {
      const entry = entries[slot];
      if (entry === undefined || --entry.uses > 0) return;
      entries[slot] = undefined;
      unused.push(slot);
    },
    all: () => entries.map((entry) => entry?.value),
  };
}

/** Makes slots for texts; one that is absent has slot 0. */
export function createTexts(): Texts {
  const { take, ...rest } = createInternTable<string>();
  const same = (text: string): string => text;
  return { take: (text) => (text === undefined ? 0 : take(text, same)), ...rest };
}
