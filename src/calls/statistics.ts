/** Median and 95th percentile of so many lengths of time, in milliseconds. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

/** Lengths of time, of which the distribution is asked for at the end. */
export interface Durations {
  add(ms: number): void;
  distribution(): Distribution | undefined;
  longest(): number | undefined;
}

/** Adds one to what is counted under the key. */
export function addCount<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counted things, the most frequent first. */
export function mostFirst<Key>(counts: ReadonlyMap<Key, number>): readonly (readonly [Key, number])[] {
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

/** Collects lengths of time, eight bytes each; they are sorted when their distribution is asked for. */
export function createDurations(): Durations {
  let lengths = new Float64Array(256);
  let count = 0;
  return {
    add(ms) {
      if (count === lengths.length) {
        const longer = new Float64Array(count * 2);
        longer.set(lengths);
        lengths = longer;
      }
      lengths[count++] = ms;
    },
    longest: () => (count === 0 ? undefined : lengths.subarray(0, count).reduce((most, ms) => Math.max(most, ms), 0)),
    distribution() {
      if (count === 0) return undefined;
      const sorted = lengths.slice(0, count).sort();
      const at = (index: number): number => sorted[index] as number;
      const median = (at((count - 1) >> 1) + at(count >> 1)) / 2;
      return { count, median, p95: at(Math.ceil(count * 0.95) - 1) };
    },
  };
}
