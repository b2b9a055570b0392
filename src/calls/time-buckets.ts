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
const MOST = 60;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const lengths = [
  ...[1000, 5000, 10_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
];

/** Counts calls by when they started, in spans of a round length that is chosen at the end. */
export function createTimeBuckets(): {
  add(at: number, worst: Severity | undefined): void;
  totals(): { readonly spanMs: number; readonly spans: readonly TimeBucket[] };
} {
  const moments: number[] = [];
  const verdicts: (Severity | undefined)[] = [];
  return {
    add(at, worst) {
      moments.push(at);
      verdicts.push(worst);
    },
    totals() {
      const first = moments.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
      const last = moments.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
      if (moments.length === 0) return { spanMs: 0, spans: [] };
      const fits = (length: number): boolean => Math.floor(last / length) - Math.floor(first / length) < MOST;
      const spanMs = lengths.find(fits) ?? DAY * Math.ceil((last - first) / DAY / (MOST - 1));
      const start = Math.floor(first / spanMs) * spanMs;
      const spans = Array.from({ length: Math.floor((last - start) / spanMs) + 1 }, (_, index) => ({
        from: start + index * spanMs,
        sound: 0,
        warned: 0,
        failed: 0,
      }));
      for (const [index, at] of moments.entries()) {
        const span = spans[Math.floor((at - start) / spanMs)] as (typeof spans)[number];
        const verdict = verdicts[index];
        span[verdict === "error" ? "failed" : verdict === "warning" ? "warned" : "sound"]++;
      }
      return { spanMs, spans };
    },
  };
}
