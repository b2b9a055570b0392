/** Some of many: what is kept does not grow with what is added. */
export interface ExamplePicker<T> {
  /** How many were added. */
  count(): number;
  /** Adds one; it is made only when it is kept. */
  add(group: string, make: () => T): void;
  /** Those to show, in the order they came in. */
  chosen(): readonly T[];
}

/**
 * Chooses so many, of every group one before of any a second, so that a thousand alike do not hide the one that differs.
 * Groups are few and known beforehand, as rules are.
 */
export function createExamplePicker<T>(limit: number): ExamplePicker<T> {
  const groups = new Map<string, { readonly number: number; readonly value: T }[]>();
  let added = 0;
  return {
    count: () => added,
    add(group, make) {
      added++;
      const kept = groups.get(group) ?? [];
      groups.set(group, kept);
      if (kept.length < limit) kept.push({ number: added, value: make() });
    },
    chosen() {
      const rounds = Array.from({ length: limit }, (_, round) =>
        [...groups.values()].flatMap((kept) => kept[round] ?? []),
      );
      return rounds
        .flat()
        .slice(0, limit)
        .sort((one, other) => one.number - other.number)
        .map(({ value }) => value);
    },
  };
}
