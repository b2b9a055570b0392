import { durationText, partiesOf, shortSid } from "../../calls/call-text.ts";
import { eventJson, type LocatedEvent } from "../../findings/event-item.ts";
import { redactStep } from "../../findings/redact-finding.ts";
import { redactLabel, redactLocated, redactMembers, redactSource } from "../../findings/redact-located.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../../output/escape.ts";
import { formatDuration } from "../../output/format-duration.ts";
import type { OutputItem } from "../../output/items.ts";
import type { EventLabel, LocatedFinding } from "../../output/located-finding.ts";
import { bySeverity, reportableAt, worstOf } from "../../output/reportable.ts";
import { findingLines } from "../../output/terminal/finding-lines.ts";
import { wrap } from "../../output/terminal/layout.ts";
import type { TerminalStyle } from "../../output/terminal/style.ts";
import { type Column, createDayLine, createFittedTable } from "../../output/terminal/table.ts";
import { zoneClock } from "../../output/time-zone.ts";

/** An event as the listener shows it when it comes. */
export interface ReceivedEvent extends LocatedEvent {
  readonly event: EventLabel;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The step of the call, else what the event's type says. */
  readonly what: Raw;
  readonly from?: Raw | undefined;
  readonly to?: Raw | undefined;
  /** What the customer's server answered to the callback that the event tells of. */
  readonly code?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly signature: "ok" | "bad" | "missing" | "unverifiable" | "none";
  /** It has come before. */
  readonly isDuplicate: boolean;
  /** What its sender was answered. */
  readonly answer: number;
}

/** How a request that was handed on was answered; `problem` says why it was not. */
export interface ForwardedRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What was handed on, as in "ringing CAe57a…". */
  readonly what: Raw;
  readonly ms: number;
  readonly status?: number | undefined;
  readonly problem?: Raw | undefined;
  /** The beginning of an answer that is no success. */
  readonly head?: Raw | undefined;
}

/** An event on a line, what is wrong with it below. */
export function receivedItem(received: ReceivedEvent): OutputItem {
  const { receivedAt, event, source, what, signature, isDuplicate, answer, findings } = received;
  return {
    text(style) {
      style.explain(findings);
      return style.line(style.state(createReceivedRows).received(received));
    },
    redacted: (redactor) =>
      receivedItem({
        ...redactMembers(received, { from: "party", to: "party" }, redactor),
        event: redactLabel(event, redactor),
        source: redactSource(source, redactor),
        what: redactStep(what, redactor),
        findings: findings.map((each) => redactLocated(each, redactor)),
      }),
    json: () => ({
      ...{ receivedAt: new Date(receivedAt).toISOString(), signature, duplicate: isDuplicate, answer },
      ...eventJson(received),
    }),
    reportable: () => reportableAt(received, "event", event),
  };
}

/** How a request was answered where it was handed on to. */
export function forwardedItem(forwarded: ForwardedRequest): OutputItem {
  const { what, problem, head } = forwarded;
  return {
    text: (style) => style.line(style.state(createReceivedRows).forwarded(forwarded)),
    redacted: ({ prose, byKind }) =>
      forwardedItem({
        ...forwarded,
        what: prose(what),
        problem: problem && prose(problem),
        head: head && byKind(head, "text"),
      }),
  };
}

const order = { cut: ["findings", "what", "call"], drop: ["took", "from and to", "signature", "call"] };

/** A wider screen has room for whole SIDs. */
const MIN_WIDTH_FOR_SIDS = 140;

/** Lines under one header. The message of a finding stands below the first of its rule, and with --verbose below each. */
function createReceivedRows(style: TerminalStyle) {
  const { screen, width, colors, glyphs, text } = style;
  const explained = new Set<Raw>();
  const dayLine = createDayLine(style);
  const isShown = ({ severity }: LocatedFinding): boolean => screen.verbose || severity !== "info";
  /** The signature has a column of its own, where there is room for it. */
  const isTold = (finding: LocatedFinding): boolean =>
    isShown(finding) && !(finding.rule.startsWith("signature-") && table.hasRoomFor("signature"));
  const columns = columnsFor(style, isShown, isTold);
  const table = createFittedTable(columns, order, style, width);
  let isBegun = false;

  /** The header, with room for what usually stands in the columns, since the next lines are not known. */
  function start({ signature }: ReceivedEvent): readonly Safe[] {
    if (isBegun) return [];
    isBegun = true;
    const sid = screen.width >= MIN_WIDTH_FOR_SIDS ? "CA".padEnd(34, "0") : "CA123456789";
    const usual = [
      ...["+", "00:00:00", "call.requested", sid, "+14155550100 -> +14155550101", "200", "1.25 s"],
      ...[signature === "none" ? "" : "missing", "response-failed"],
    ];
    return [table.head([usual as readonly string[] as readonly Safe[]])];
  }

  function details({ findings, source }: ReceivedEvent): readonly Safe[] {
    const told = findings.filter((finding) => isShown(finding) && (screen.verbose || !explained.has(finding.rule)));
    for (const { rule } of told) explained.add(rule);
    return findingLines(told, source, style);
  }

  return {
    received: (event: ReceivedEvent): readonly Safe[] => [
      ...start(event),
      ...dayLine(event.receivedAt),
      table.line(event),
      ...details(event),
    ],
    forwarded({ at, what, ms, status, problem, head }: ForwardedRequest): readonly Safe[] {
      const isFine = status !== undefined && status < 300;
      const answer = status === undefined ? text(problem ?? "") : safe`${status}`;
      const words = safe`${glyphs.to} ${answer} in ${formatDuration(ms)}: ${text(what)}`;
      const said = head === undefined || head === "" ? [] : [safe`answered: ${text(head)}`];
      const lines = [words, ...said].flatMap((line) => wrap(line, width - 4));
      const paint = isFine ? colors.dim : colors.error;
      return [...dayLine(at), ...lines.map((line) => safe`    ${paint(line)}`)];
    },
  };
}

function columnsFor(
  { screen, glyphs, text }: TerminalStyle,
  isShown: (finding: LocatedFinding) => boolean,
  isTold: (finding: LocatedFinding) => boolean,
): readonly Column<ReceivedEvent>[] {
  const clock = zoneClock(screen.timeZone);
  const mark = ({ findings }: ReceivedEvent) => worstOf(findings.filter(isShown)) ?? "valid";
  return [
    {
      name: safe` `,
      paint: (event) => (event.isDuplicate ? "dim" : mark(event)),
      cell: (event) => (event.isDuplicate ? glyphs.also : glyphs[mark(event)]),
    },
    { name: safe`received`, paint: "dim", cell: ({ receivedAt }) => clock(receivedAt, true).time },
    { name: safe`what`, least: 9, paint: "name", cell: ({ what }) => text(what) },
    {
      name: safe`call`,
      least: 8,
      paint: "bold",
      cell({ event: { callSid, id } }) {
        const sid = callSid ?? id;
        return sid === undefined ? undefined : shortSid(sid, screen.width >= MIN_WIDTH_FOR_SIDS ? 34 : 11, glyphs.more);
      },
    },
    { name: safe`from and to`, least: 17, cell: (event) => partiesOf(event, text, glyphs.to) },
    {
      name: safe`code`,
      isNumber: true,
      paint: ({ code = 200 }) => (code < 400 ? "plain" : "error"),
      cell: ({ code }) => (code === undefined ? undefined : safe`${code}`),
    },
    { name: safe`took`, isNumber: true, cell: ({ durationMs }) => durationText(durationMs) },
    {
      name: safe`signature`,
      paint: ({ signature }) => (signature === "ok" ? "valid" : "error"),
      cell: ({ signature }) => (signature === "none" ? undefined : (signature as Safe)),
    },
    {
      name: safe`findings`,
      least: 14,
      paint: "warning",
      cell({ findings, isDuplicate }) {
        const told = findings.filter(isTold).sort(bySeverity);
        const rules = [...new Set(told.map(({ rule }) => escapeIdentifier(rule)))];
        return (isDuplicate ? ["delivered again", ...rules] : rules).join(", ") as Safe;
      },
    },
  ];
}
