/** What a report begins with. Strings in it are `Raw`: the format escapes them. */

import type { Raw } from "./escape.ts";
import type { CallFinding, CallsSummary, Distribution, LocatedFinding } from "./items.ts";

/** What a report says of a rule: how often it was broken, what that means and what to do. */
export interface RuleReport {
  readonly rule: Raw;
  readonly severity: LocatedFinding["severity"];
  readonly says: Raw;
  readonly help: Raw;
  readonly findings: number;
  readonly calls: number;
  /** One of its sentences, and what that was made of. */
  readonly message: Raw;
  readonly data?: unknown;
  /** The SIDs of some of the calls. */
  readonly examples: readonly Raw[];
}

/** How the requests to one place were answered. */
export interface UrlReport {
  /** Host and path; undefined for all that there was no room for. */
  readonly url: Raw | undefined;
  readonly requests: number;
  /** Answered with 400 or more. */
  readonly failed: number;
  /** The codes of those, the most frequent first. */
  readonly codes: readonly { readonly code: number; readonly count: number }[];
  readonly took: Distribution | undefined;
  readonly slowestMs: number | undefined;
}

export interface TypeReport {
  readonly type: Raw;
  readonly events: number;
  /** As the catalogue has it; undefined for a type that it does not hold. */
  readonly status: "available" | "deprecated" | "restricted" | "discontinued" | undefined;
  readonly replacement: Raw | undefined;
}

/** The calls that started in a span of time, by the worst that was found in each; infos do not count. */
interface SpanReport {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly sound: number;
  readonly warned: number;
  readonly failed: number;
}

/** What a report begins with; its calls follow. */
export interface ReportItem {
  readonly kind: "report";
  readonly title: Raw;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  /** The first and the last moment in any call. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly inputs: readonly Raw[];
  readonly summary: CallsSummary;
  /** Calls with a warning or an error. */
  readonly troubled: number;
  /** The worst first. */
  readonly rules: readonly RuleReport[];
  /** Those with the most failures first. */
  readonly urls: readonly UrlReport[];
  readonly types: readonly TypeReport[];
  readonly spanMs: number;
  readonly spans: readonly SpanReport[];
  /** Findings about what is in no call; `looseMore` are not among them. */
  readonly loose: readonly CallFinding[];
  readonly looseMore: number;
  /** How many calls follow, and of how many of them the events. */
  readonly listed: number;
  readonly evidenced: number;
  /** The calls that do not follow, by status. */
  readonly unlisted: readonly { readonly status: Raw; readonly calls: number }[];
  readonly coverage: Raw;
}
