import type { TwilioEvent } from "../events/event.ts";
import { eventFinding } from "../events/rules.ts";
import type { ParseError } from "../input/json-record.ts";
import { pathText, placeAt, placeOf } from "../input/position.ts";
import type { OutputItem } from "../output/items.ts";
import type { EventLabel, LocatedFinding, Source } from "../output/located-finding.ts";
import { reportableAt, worstOf } from "../output/reportable.ts";
import { findingLines, header } from "../output/terminal/finding-lines.ts";
import type { Finding, Severity } from "./finding.ts";
import { redactLabel, redactLocated, redactSource } from "./redact-located.ts";
import { type FoundEvent, sourceOf } from "./select-events.ts";

/** An event with its findings; without an event a finding about text that is none: broken JSON, a wrong encoding. */
export interface LocatedEvent {
  readonly event?: EventLabel | undefined;
  readonly source: Source;
  readonly findings: readonly LocatedFinding[];
}

/** The event by its place and names, its findings below one another. */
export function eventItem(located: LocatedEvent): OutputItem {
  const { event, findings } = located;
  return {
    text(style) {
      const shown = style.limited(findings);
      if (shown.length === 0 && (findings.length > 0 || !style.screen.verbose)) return "";
      const { source } = located;
      const block = [
        ...header(worstOf(findings) ?? "valid", source, event ?? {}, style),
        ...findingLines(shown, source, style),
      ];
      return findings.length === 0 ? style.line(block) : style.block(block);
    },
    redacted: (redactor) =>
      eventItem({
        event: event && redactLabel(event, redactor),
        get source() {
          return redactSource(located.source, redactor);
        },
        findings: findings.map((each) => redactLocated(each, redactor)),
      }),
    json: () => eventJson(located),
    section: "findings",
    elements: () => findings.map((each) => ({ ...findingJson(each), event, source: located.source })),
    reportable: () => reportableAt(located, event === undefined ? "text" : "event", event),
  };
}

/** An event as NDJSON has it: `{"event","source","valid","findings"}`. */
export function eventJson({ event, source, findings }: LocatedEvent) {
  return {
    event,
    source,
    valid: event !== undefined && worstOf(findings) !== "error",
    findings: findings.map(findingJson),
  };
}

/** `{"rule","severity","message","pointer","value","line","column","at"}`; what is not known is absent. */
export function findingJson({ rule, severity, message, pointer, value, line, column, at }: LocatedFinding) {
  return { rule, severity, message, pointer, value, line, column, at };
}

/** The event with its findings, each at its line and column in the source. Places are worked out only when asked for. */
export function toLocatedEvent(read: FoundEvent, findings: readonly Finding[]): LocatedEvent {
  return {
    event: labelOf(read.event),
    get source() {
      return sourceOf(read.found);
    },
    findings: findings.map((each) => locateFinding(read, each)),
  };
}

/** How the event names itself. */
export const labelOf = ({ id, type, callSid, schema }: TwilioEvent): EventLabel => ({ id, type, callSid, schema });

/** The finding with its line and column in the source. */
export function locateFinding({ found: { document, path } }: FoundEvent, found: Finding): LocatedFinding {
  return located(found, () => placeOf(document, path, found.pointer ?? ""));
}

/** Text that could not be read, as a finding at its place. */
export function toLocatedFault({ document, index, rule, problem }: ParseError, severity: Severity): LocatedEvent {
  const place = placeAt(document, index);
  return {
    source: { ...place, path: pathText(document, undefined) },
    findings: [located({ ...eventFinding(rule, { problem }), severity }, () => place)],
  };
}

/** Many findings are only counted, so a place is worked out when a format asks for it. */
function located(
  { rule, severity, message, data, pointer, value, at }: Finding,
  locate: () => { readonly line: number; readonly column: number },
): LocatedFinding {
  let place: ReturnType<typeof locate> | undefined;
  const placed = () => {
    place ??= locate();
    return place;
  };
  return {
    ...{ rule, severity, message, data, pointer, value, at },
    get line() {
      return placed().line;
    },
    get column() {
      return placed().column;
    },
  };
}
