import type { Raw, Safe } from "./escape.ts";

/** What a run came to, of whichever kind. */
export interface Totals {
  /** In one line: `2 events: 1 valid, 1 invalid, 1 call`. */
  readonly title: Safe;
  /** Each number with its name, in the order of a table. */
  readonly counts: readonly (readonly [name: Safe, count: number])[];
  readonly unreadable: number;
  /** The user has ended the run. */
  readonly isCutShort: boolean;
  readonly coverage: Raw;
}

/** What every run ends with. */
export interface Ended {
  /** One sentence: what was read, what of it was of use, what was not and why. */
  readonly coverage: Raw;
  /** The user has ended the run before all was read. */
  readonly isCutShort?: boolean;
}

/** The totals of a run with its numbers, whose names are our own words. */
export function totalsOf(
  title: Safe,
  counts: Readonly<Record<string, number>>,
  unreadable: number,
  { coverage, isCutShort = false }: Ended,
): Totals {
  return { title, counts: Object.entries(counts) as [Safe, number][], unreadable, isCutShort, coverage };
}
