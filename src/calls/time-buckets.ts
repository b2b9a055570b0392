import type { Severity } from "../findings/finding.ts";

/** The calls that started in a span of time, by the worst that was found in each; infos do not count. */
export interface TimeBucket {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly sound: number;
  readonly warned: number;
  readonly failed: number;
}

/** So many spans at the most: a bar for each still has some pixels on a telephone. */
const MAX_SPANS = 60;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const lengths = [
  ...[1000, 5000, 10_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
];

/** Counts calls by when they started, in spans of a round length that is chosen at the end. */
export function createTimeBuckets(): {
  add(at: number, worst: Severity | undefined): void;
  totals(): { readonly spanMs: number; readonly spans: readonly TimeBucket[] };
} {
  const starts: { readonly at: number; readonly worst: Severity | undefined }[] = [];
  return {
    add(at, worst) {
      starts.push({ at, worst });
    },
    totals() {
      if (starts.length === 0) return { spanMs: 0, spans: [] };
      const first = starts.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
      const last = starts.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY);
      const fits = (length: number): boolean => Math.floor(last / length) - Math.floor(first / length) < MAX_SPANS;
      const spanMs = lengths.find(fits) ?? DAY_MS * Math.ceil((last - first) / DAY_MS / (MAX_SPANS - 1));
      const start = Math.floor(first / spanMs) * spanMs;
      const spans = Array.from({ length: Math.floor((last - start) / spanMs) + 1 }, (_, index) => ({
        from: start + index * spanMs,
        sound: 0,
        warned: 0,
        failed: 0,
      }));
      for (const { at, worst } of starts) {
        const span = spans[Math.floor((at - start) / spanMs)] as (typeof spans)[number];
        span[worst === "error" ? "failed" : worst === "warning" ? "warned" : "sound"]++;
      }
      return { spanMs, spans };
    },
  };
}
