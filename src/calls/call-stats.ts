import type { Severity } from "../findings/finding.ts";
import type { Call } from "./call.ts";
import type { CallFinding } from "./check-call.ts";
import { addCount, createDurations, type Distribution, mostFirst } from "./statistics.ts";

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
  const rings = createDurations();
  const talks = createDurations();
  const answers = createDurations();
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
      addCount(statuses, call.status ?? "unknown");
      if (call.ringMs !== undefined) rings.add(call.ringMs);
      if (call.talkMs !== undefined) talks.add(call.talkMs);
      for (const { type, callback, reports } of call.steps) {
        events += reports.length;
        if (callback?.durationMs === undefined || type?.startsWith("com.twilio.voice.api-request.")) continue;
        const { durationMs } = callback;
        answers.add(durationMs);
        const bucket = buckets.find(({ below }) => below === undefined || durationMs < below);
        if (bucket !== undefined) bucket.count++;
      }
      for (const { rule, severity } of findings) {
        severities[severity]++;
        addCount(rules, rule);
      }
    },
    totals: () => ({
      events,
      calls,
      legs,
      statuses: mostFirst(statuses).map(([status, count]) => ({ status, calls: count })),
      ring: rings.distribution(),
      talk: talks.distribution(),
      callback: answers.distribution(),
      callbacks: buckets.map((bucket) => ({ ...bucket })),
      rules: mostFirst(rules).map(([rule, findings]) => ({ rule, findings })),
      errors: severities.error,
      warnings: severities.warning,
      infos: severities.info,
    }),
  };
}
