import type { SendResult } from "../../webhook/sender.ts";
import type { Step } from "./plan.ts";

/** A way to fail: how often, and one example of it. */
interface FailureGroup {
  /** The status, or the problem where there was no answer. */
  readonly what: number | string;
  readonly count: number;
  /** The beginning of the answer, or the problem in words. */
  readonly example: string;
  /** The ids of the events in the example. */
  readonly ids: readonly string[];
}

/** Milliseconds until the answer: half of them were no longer, 95 and 99 of 100, and all. */
interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** How a replay went. */
export interface ReplayCounts {
  /** Requests that were sent, second deliveries included. */
  readonly sent: number;
  /** Those answered 2xx. */
  readonly delivered: number;
  readonly bytes: number;
  readonly dropped: number;
  /** In the order of the numbers. */
  readonly statuses: readonly { readonly status: number; readonly count: number }[];
  /** The most frequent first. */
  readonly failures: readonly FailureGroup[];
  readonly latency: Latency | undefined;
  /** Second deliveries whose both answers are known, and which of them got another answer than the first. */
  readonly repeated: number;
  readonly differing: number;
  /** The ids in the first of these. */
  readonly differingIds: readonly string[];
}

/** What is counted of a delivery. */
interface Counted {
  readonly bytes: number;
  readonly ids: readonly string[];
}

/** So many differing deliveries are named; the others are counted. */
const MAX_NAMED = 10;

export interface ReplayStats<T> {
  /** Adds a step and how it ended; without an outcome it was dropped, or only planned. */
  add(step: Step<T>, outcome?: SendResult): void;
  result(): ReplayCounts;
}

/** Counts how a replay goes, in memory that does not grow with it. */
export function createReplayStats<T extends Counted>(): ReplayStats<T> {
  const statuses = new Map<number, number>();
  const failures = new Map<
    number | string,
    { count: number; readonly example: string; readonly ids: readonly string[] }
  >();
  const latencies = new Map<number, number>();
  /** The answers of what comes again, until it has. */
  const firsts = new Map<T, string>();
  const differingIds: string[] = [];
  let [sent, delivered, bytes, dropped, repeated, differing] = [0, 0, 0, 0, 0, 0];

  function compare({ delivery, isDoubled }: Step<T>, outcome: SendResult): void {
    if (!isDoubled) return;
    const answer = "problem" in outcome ? outcome.problem : `${outcome.status} ${outcome.digest}`;
    const first = firsts.get(delivery);
    if (first === undefined) {
      firsts.set(delivery, answer);
      return;
    }
    firsts.delete(delivery);
    repeated++;
    if (first === answer) return;
    differing++;
    if (differing <= MAX_NAMED) differingIds.push(...delivery.ids.slice(0, MAX_NAMED));
  }

  return {
    add(step, outcome) {
      if (step.kind === "dropped") {
        dropped++;
        return;
      }
      sent++;
      bytes += step.delivery.bytes;
      if (outcome === undefined) return;
      compare(step, outcome);
      const isAnswer = "status" in outcome;
      if (isAnswer) {
        statuses.set(outcome.status, (statuses.get(outcome.status) ?? 0) + 1);
        latencies.set(outcome.ms, (latencies.get(outcome.ms) ?? 0) + 1);
      }
      if (isAnswer && outcome.status >= 200 && outcome.status < 300) {
        delivered++;
        return;
      }
      const what = isAnswer ? outcome.status : outcome.problem;
      const group = failures.get(what);
      if (group !== undefined) group.count++;
      else
        failures.set(what, {
          count: 1,
          example: isAnswer ? outcome.head : outcome.words,
          ids: step.delivery.ids.slice(0, MAX_NAMED),
        });
    },
    result: () => ({
      sent,
      delivered,
      bytes,
      dropped,
      statuses: [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => ({ status, count })),
      failures: [...failures].map(([what, group]) => ({ what, ...group })).sort((a, b) => b.count - a.count),
      latency: latencyOf(latencies),
      repeated,
      differing,
      differingIds,
    }),
  };
}

/** The quantiles by nearest rank. The time limit bounds how many different milliseconds there can be. */
function latencyOf(counts: ReadonlyMap<number, number>): ReplayCounts["latency"] {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (share: number): number => {
    let left = Math.max(1, Math.ceil(total * share));
    for (const [ms, count] of sorted) {
      left -= count;
      if (left <= 0) return ms;
    }
    return 0;
  };
  const max = sorted.at(-1)?.[0];
  return max === undefined ? undefined : { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max };
}
