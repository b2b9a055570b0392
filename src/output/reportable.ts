import { type Raw, type Safe, safe } from "./escape.ts";
import type { EventLabel, LocatedFinding, Source } from "./located-finding.ts";
import type { Screen } from "./terminal/screen.ts";
import { pathFor, textFor } from "./terminal/screen.ts";

/** The severities, the worst first. */
export const severities = ["error", "warning", "info"] as const satisfies readonly LocatedFinding["severity"][];

/** The worst of the findings; undefined when there is none. */
export function worstOf(findings: readonly Pick<LocatedFinding, "severity">[]): LocatedFinding["severity"] | undefined {
  return severities.find((severity) => findings.some((each) => each.severity === severity));
}

/** Orders what has a severity, the worst first. */
export const bySeverity = (one: Pick<LocatedFinding, "severity">, other: Pick<LocatedFinding, "severity">): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity);

/** A finding and the place it is at; places are worked out when they are asked for. */
export interface ReportableFinding {
  readonly finding: LocatedFinding;
  readonly source: Source;
}

/** What was judged, of whichever kind, as formats see it that tell findings and nothing else. */
export interface Reportable {
  readonly subject: "event" | "body" | "call" | "request" | "text";
  readonly label: EventLabel;
  /** What it is called, the most telling name first; empty for text that is no event. */
  readonly names: readonly Raw[];
  /** Where it stands; a call stands in several places. */
  readonly source: Source | undefined;
  readonly findings: readonly ReportableFinding[];
}

/** What stands in one place, and the findings about it. */
export function reportableAt(
  item: { readonly source: Source; readonly findings: readonly LocatedFinding[] },
  subject: Reportable["subject"],
  label: EventLabel = {},
  names: readonly Raw[] = [label.type, label.id, label.callSid].filter((name) => name !== undefined),
): Reportable {
  return {
    subject,
    label,
    names,
    get source() {
      return item.source;
    },
    findings: item.findings.map((finding) => ({
      finding,
      get source() {
        return item.source;
      },
    })),
  };
}

/** Where within its line a finding is, each as a phrase: `at 1:71 of the body`, `at /data/sid`, `in Records[2].body`. */
export function placesFor(screen: Screen): (placed: ReportableFinding) => readonly Safe[] {
  const text = textFor(screen);
  const pathOf = pathFor(screen);
  return ({ finding: { at, pointer }, source }) => {
    const places: Safe[] = [];
    if (at) places.push(safe`at ${at.line}:${at.column} of the body`);
    if (pointer) places.push(safe`at ${text(pointer)}`);
    if (source.path) places.push(safe`in ${pathOf(source)}`);
    return places;
  };
}
