import type { StoredEvent } from "../../calls/event-store.ts";
import type { Counted, Totals } from "../../calls/group-findings.ts";
import type { StepPosition } from "../../calls/store/row.ts";
import { eventTypes } from "../../events/catalog.ts";
import { readEvent } from "../../events/event.ts";
import { redactBody } from "../../findings/body-item.ts";
import { labelOf } from "../../findings/event-item.ts";
import type { Finding } from "../../findings/finding.ts";
import { toLocatedBody } from "../../findings/locate-body.ts";
import { redactLabel, redactSource } from "../../findings/redact-located.ts";
import { type RuleName, rules } from "../../findings/rules.ts";
import { applySettings, type RuleSettings } from "../../findings/select-events.ts";
import { validateBody } from "../../findings/validate-event.ts";
import type { FoundObject } from "../../input/find-events.ts";
import { plainRecord } from "../../input/json-record.ts";
import type { Evidence, ReportContent } from "../../output/html/report-content.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { decodeText } from "../../twiml/decode/decode-body.ts";
import { showBody } from "../../twiml/format-body.ts";

/** So much of an event and of a body is shown; the rest is in the input. */
const MAX_SHOWN_CHARS = 12_000;

/** So many findings about what is in no call are listed. */
const MAX_UNASSIGNED = 100;

/** What the totals do not tell. */
type Rest = Omit<ReportContent, keyof Totals>;

/** What a report begins with. */
export function toReport({ counts: _, ...totals }: Totals, rest: Rest): ReportContent {
  const catalog = new Map(eventTypes.map((entry) => [entry.type, entry]));
  return {
    ...totals,
    ...rest,
    rules: totals.rules.map((each) => {
      const { summary, help } = rules[each.rule as RuleName];
      return { ...each, says: summary, help };
    }),
    types: totals.types.map(({ type, events }) => {
      const entry = catalog.get(type);
      return { type, events, status: entry?.status, replacement: entry?.replacement };
    }),
  };
}

/** An event that was kept, as its text and the answer in it, with what is wrong with that; without the people in them. */
export function toEvidence(
  { kind, text, source }: StoredEvent,
  settings: RuleSettings,
  redactor: Redactor | undefined,
): Evidence {
  const value = JSON.parse(text) as Record<string, unknown>;
  const event = readEvent(value, kind);
  const found: FoundObject = { kind, value, document: plainRecord(text, value, source), path: undefined };
  const judged = validateBody(event);
  const read = { kind: "event", found, event } as const;
  const located = judged && toLocatedBody(judged, applySettings(judged.findings, settings), read);
  const body = located && redactor ? redactBody(located, redactor) : located;
  const shown = showBody(decodeText(redactor?.json(text) ?? text, "application/json")).text;
  const shownSource = redactor ? redactSource(source, redactor) : source;
  return {
    event: redactor ? redactLabel(labelOf(event), redactor) : labelOf(event),
    source: shownSource,
    text: shown.slice(0, MAX_SHOWN_CHARS),
    cut: Math.max(0, shown.length - MAX_SHOWN_CHARS),
    body: body && { ...body, source: shownSource, text: "", shown: body.shown.slice(0, MAX_SHOWN_CHARS) },
  };
}

/** What is wrong with what is in no call: texts that are no events, and events that name no call. */
export interface UnassignedFindings {
  readonly findings: readonly Counted[];
  /** How many more there were. */
  more(): number;
  add(finding: Finding, locate: () => StepPosition): void;
}

/** Keeps the first findings and counts the rest. */
export function createUnassignedFindings(): UnassignedFindings {
  const kept: Counted[] = [];
  let more = 0;
  return {
    findings: kept,
    more: () => more,
    add(finding, locate) {
      if (kept.length < MAX_UNASSIGNED) kept.push({ ...finding, source: locate() });
      else more++;
    },
  };
}
