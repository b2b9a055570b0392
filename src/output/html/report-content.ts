/** What a report begins with. Strings in it are `Raw`: the format escapes them. */

import type { ShownCall } from "../../calls/call-text.ts";
import type { CallsSummary } from "../../calls/calls-summary-item.ts";
import type { Counted, Totals } from "../../calls/group-findings.ts";
import type { LocatedBody } from "../../findings/body-item.ts";
import type { Raw } from "../escape.ts";
import type { EventLabel, Source } from "../located-finding.ts";

/** What a report says of a rule: how often it was broken, what that means and what to do. */
export type RuleReport = Totals["rules"][number] & { readonly says: Raw; readonly help: Raw };

/** How the requests to one place were answered. */
export type UrlReport = Totals["urls"][number];

export interface TypeReport {
  readonly type: Raw;
  readonly events: number;
  /** As the catalogue has it; undefined for a type that it does not hold. */
  readonly status: "available" | "deprecated" | "restricted" | "discontinued" | undefined;
  readonly replacement: Raw | undefined;
}

/** An event of a call, for who wants to see it. */
export interface Evidence {
  readonly event: EventLabel;
  readonly source: Source;
  /** Its JSON, indented. */
  readonly text: Raw;
  /** How many characters were cut from its end. */
  readonly cut: number;
  /** What the customer's server answered, where there was a body. */
  readonly body: LocatedBody | undefined;
}

/** A call with its events in their order of arrival, where they are to be shown. */
export interface ReportedCall extends ShownCall {
  readonly findings: readonly Counted[];
  readonly evidence?: readonly Evidence[];
}

/** What a report begins with; its calls follow. */
export interface ReportContent extends Omit<Totals, "counts" | "rules" | "types"> {
  readonly title: Raw;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly inputs: readonly Raw[];
  readonly summary: CallsSummary;
  /** The worst first. */
  readonly rules: readonly RuleReport[];
  readonly types: readonly TypeReport[];
  /** Findings about what is in no call; `looseMore` are not among them. */
  readonly loose: readonly Counted[];
  readonly looseMore: number;
  /** How many calls follow, and of how many of them the events. */
  readonly listed: number;
  readonly evidenced: number;
  /** The calls that do not follow, by status. */
  readonly unlisted: readonly { readonly status: Raw; readonly calls: number }[];
  readonly coverage: Raw;
}
