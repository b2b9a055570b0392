import type { Severity } from "../findings/finding.ts";
import type { Call, Step } from "./call.ts";
import type { CallFinding } from "./check-call.ts";
import { addCount, createDurations, type Distribution, mostFirst } from "./statistics.ts";

/** A finding of a call, and how many more of its rule the call has that are not kept. */
export interface Counted extends CallFinding {
  readonly more?: number;
}

/** How often a rule was broken, in how many calls, and the SIDs of some of them. */
interface RuleTotals {
  readonly rule: string;
  readonly severity: Severity;
  readonly findings: number;
  readonly calls: number;
  readonly message: string;
  /** What the message was made of. */
  readonly data?: unknown;
  readonly examples: readonly string[];
}

/** How the requests to a host and path were answered; `url` is undefined for those that there was no room for. */
interface UrlTotals {
  readonly url: string | undefined;
  readonly requests: number;
  readonly failed: number;
  readonly codes: readonly { readonly code: number; readonly count: number }[];
  readonly took: Distribution | undefined;
  readonly slowestMs: number | undefined;
}

/** The calls that started in a span of time, by the worst that was found in each; infos do not count. */
interface TimeBucket {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly sound: number;
  readonly warned: number;
  readonly failed: number;
}

/** What went wrong in a set of calls, where, and when. */
export interface Totals {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Calls with a warning or an error. */
  readonly troubled: number;
  /** The worst first; of one severity those that callers may notice, then those of the most calls. */
  readonly rules: readonly RuleTotals[];
  /** Those with the most failures first. */
  readonly urls: readonly UrlTotals[];
  /** The most frequent first. */
  readonly types: readonly { readonly type: string; readonly events: number }[];
  readonly spanMs: number;
  readonly spans: readonly TimeBucket[];
  readonly counts: Readonly<Record<Severity, number>>;
}

/** A log with an id in each path would else fill the memory. */
const MAX_NAMES = 500;
const MAX_EXAMPLES = 3;

const severities = ["error", "warning", "info"] as const satisfies readonly Severity[];

type UnplacedFinding = Omit<Counted, "source">;

export interface FindingGroups {
  add(call: Call, findings: readonly Counted[]): void;
  /** Findings about what is in no call. */
  loose(findings: readonly UnplacedFinding[]): void;
  totals(): Totals;
}

/** Takes calls in as they pass; `totals` tells what they come to. */
export function createFindingGroups(): FindingGroups {
  const rules = createRuleTotals();
  const urls = createUrlTotals();
  const types = new Map<string, number>();
  const spans = createTimeBuckets();
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let troubled = 0;
  return {
    add(call, findings) {
      rules.add(findings, call.sid);
      const worst = worstOf(findings);
      if (worst === "error" || worst === "warning") troubled++;
      for (const step of call.steps) {
        urls.add(step);
        if (step.at === undefined) continue;
        from = Math.min(from, step.at);
        to = Math.max(to, step.at);
      }
      const first = call.steps.find(({ at }) => at !== undefined)?.at;
      if (first !== undefined) spans.add(first, worst);
      for (const { type } of call.steps.flatMap(({ reports }) => reports.map(({ common }) => common))) {
        if (type !== undefined && (types.has(type) || types.size < MAX_NAMES)) addCount(types, type);
      }
    },
    loose: (findings) => rules.add(findings, undefined),
    totals: () => ({
      from: Number.isFinite(from) ? from : undefined,
      to: Number.isFinite(to) ? to : undefined,
      troubled,
      ...rules.totals(),
      urls: urls.totals(),
      types: mostFirst(types).map(([type, events]) => ({ type, events })),
      ...spans.totals(),
    }),
  };
}

/** The worst of the findings; undefined when there is none. */
export function worstOf(findings: readonly Pick<Counted, "severity">[]): Severity | undefined {
  return severities.find((severity) => findings.some((each) => each.severity === severity));
}

/** Whether it is about what a caller may have noticed, and not about how an event is written. */
const hurts = ({ rule }: Pick<RuleTotals, "rule">): boolean => /^(?:response|call|twiml|body)-/.test(rule);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const rank = ({ severity }: Pick<Counted, "severity">): number => severities.indexOf(severity);

function createRuleTotals(): {
  add(findings: readonly UnplacedFinding[], sid: string | undefined): void;
  totals(): Pick<Totals, "rules" | "counts">;
} {
  const known = new Map<string, Mutable<RuleTotals> & { readonly examples: string[] }>();
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  return {
    add(findings, sid) {
      const seen = new Set<string>();
      for (const finding of findings) {
        const { rule, severity, message, data, more = 0 } = finding;
        counts[severity] += 1 + more;
        const totals = known.get(rule) ?? { rule, severity, message, data, findings: 0, calls: 0, examples: [] };
        known.set(rule, totals);
        totals.findings += 1 + more;
        // One rule may weigh less where an answer is not executed.
        if (rank(finding) < rank(totals)) Object.assign(totals, { severity, message, data });
        if (sid === undefined || seen.has(rule)) continue;
        seen.add(rule);
        totals.calls++;
        if (totals.examples.length < MAX_EXAMPLES) totals.examples.push(sid);
      }
    },
    totals: () => ({
      counts,
      rules: [...known.values()].sort(
        (one, other) =>
          rank(one) - rank(other) ||
          Number(hurts(other)) - Number(hurts(one)) ||
          other.calls - one.calls ||
          other.findings - one.findings ||
          (one.rule < other.rule ? -1 : 1),
      ),
    }),
  };
}

function createUrlTotals(): { add(step: Step): void; totals(): readonly UrlTotals[] } {
  const places = new Map<string | undefined, ReturnType<typeof newPlace>>();
  return {
    add({ callback }) {
      if (callback?.url === undefined) return;
      const { url, code, durationMs } = callback;
      const name = placeOf(url);
      const key = places.has(name) || places.size < MAX_NAMES ? name : undefined;
      const place = places.get(key) ?? newPlace();
      places.set(key, place);
      place.requests++;
      if (code !== undefined && code >= 400) {
        place.failed++;
        addCount(place.codes, code);
      }
      if (durationMs !== undefined) place.took.add(durationMs);
    },
    totals: () =>
      [...places]
        .map(([url, { requests, failed, codes, took }]) => ({
          url,
          requests,
          failed,
          codes: [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => ({ code, count })),
          took: took.distribution(),
          slowestMs: took.longest(),
        }))
        .sort((one, other) => other.failed - one.failed || other.requests - one.requests),
  };
}

const newPlace = () => ({ requests: 0, failed: 0, codes: new Map<number, number>(), took: createDurations() });

/** Host and path, without what differs from call to call: the query, and the SIDs in the path. */
function placeOf(url: string): string {
  const place = url.replace(/^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?/i, "").replace(/[?#].*$/s, "");
  return place.replace(/(?<=\/)([A-Z]{2})[0-9a-fA-F]{32}(?=[/.]|$)/g, "$1…");
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
