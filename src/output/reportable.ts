import { type Raw, type Safe, safe } from "./escape.ts";
import type { EventLabel, LocatedFinding, OutputItem, Screen, Source } from "./items.ts";
import { pathFor, textFor } from "./terminal/screen.ts";

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

/** The item as something judged; undefined for one that is not. */
export function reportableOf(item: OutputItem): Reportable | undefined {
  switch (item.kind) {
    case "event":
    case "body":
      return {
        subject: item.kind,
        label: item.event,
        names: namesOf(item.event),
        ...placed(item, item.findings),
      };
    case "signature":
      return {
        subject: "request",
        label: {},
        names: [item.url === undefined ? item.method : `${item.method} ${item.url}`],
        ...placed(item, item.findings),
      };
    case "finding":
      return { subject: "text", label: {}, names: [], ...placed(item, [item.finding]) };
    case "call":
      return {
        subject: "call",
        label: { callSid: item.call.sid },
        names: [item.call.sid],
        source: undefined,
        findings: item.findings.map(({ source, ...finding }) => ({
          finding: { ...finding, line: source.line, column: source.column },
          source,
        })),
      };
    default:
      return undefined;
  }
}

function namesOf({ type, id, callSid }: EventLabel): readonly Raw[] {
  return [type, id, callSid].filter((name) => name !== undefined);
}

function placed(
  item: { readonly source: Source },
  findings: readonly LocatedFinding[],
): Pick<Reportable, "source" | "findings"> {
  return {
    get source() {
      return item.source;
    },
    findings: findings.map((finding) => ({
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
