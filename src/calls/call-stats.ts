import type { Severity } from "../findings/rules.ts";
import type { Call } from "./call.ts";
import type { CallFinding } from "./checks.ts";

/** Median and 95th percentile of so many lengths of time, in milliseconds. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

/** What the calls of a run come to. */
export interface CallStats {
  readonly events: number;
  readonly calls: number;
  readonly legs: number;
  readonly statuses: readonly { readonly status: string; readonly calls: number }[];
  readonly ring: Distribution | undefined;
  readonly talk: Distribution | undefined;
  readonly callback: Distribution | undefined;
  readonly callbacks: readonly { readonly below: number | undefined; readonly count: number }[];
  readonly rules: readonly { readonly rule: string; readonly findings: number }[];
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** Bounds of the histogram of callback times, in milliseconds. */
const bounds = [50, 100, 200, 500, 1000, 2000, 5000, 15_000, undefined] as const;

/** Counts calls and their findings as they pass; what went to Twilio's own API is no callback. */
export function createCallStats(): {
  add(call: Call, findings: readonly CallFinding[], isLeg: boolean): void;
  totals(): CallStats;
} {
  const rings = createLengths();
  const talks = createLengths();
  const answers = createLengths();
  const statuses = new Map<string, number>();
  const rules = new Map<string, number>();
  const severities: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const buckets = bounds.map((below) => ({ below, count: 0 }));
  let calls = 0;
  let legs = 0;
  let events = 0;
  return {
    add(call, findings, isLeg) {
      calls++;
      if (isLeg) legs++;
      for (const { others } of call.told) events += 1 + others.length;
      const status = call.status ?? "unknown";
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (call.ringMs !== undefined) rings.add(call.ringMs);
      if (call.talkMs !== undefined) talks.add(call.talkMs);
      for (const { type, callback } of call.steps) {
        if (callback?.durationMs === undefined || type?.startsWith("com.twilio.voice.api-request.")) continue;
        const { durationMs } = callback;
        answers.add(durationMs);
        for (const bucket of buckets) {
          if (bucket.below !== undefined && durationMs >= bucket.below) continue;
          bucket.count++;
          break;
        }
      }
      for (const { rule, severity } of findings) {
        severities[severity]++;
        rules.set(rule, (rules.get(rule) ?? 0) + 1);
      }
    },
    totals: () => ({
      events,
      calls,
      legs,
      statuses: mostFirst(statuses).map(([status, count]) => ({ status, calls: count })),
      ring: rings.spread(),
      talk: talks.spread(),
      callback: answers.spread(),
      callbacks: buckets.map((bucket) => ({ ...bucket })),
      rules: mostFirst(rules).map(([rule, findings]) => ({ rule, findings })),
      errors: severities.error,
      warnings: severities.warning,
      infos: severities.info,
    }),
  };
}

/** Counted things, the most frequent first. */
export function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}

/** Collects lengths of time, eight bytes each; they are sorted when their spread is asked for. */
export function createLengths(): { add(ms: number): void; spread(): Distribution | undefined } {
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
    spread() {
      if (count === 0) return undefined;
      const sorted = lengths.slice(0, count).sort();
      const at = (index: number): number => sorted[index] as number;
      const median = (at((count - 1) >> 1) + at(count >> 1)) / 2;
      return { count, median, p95: at(Math.ceil(count * 0.95) - 1) };
    },
  };
}
