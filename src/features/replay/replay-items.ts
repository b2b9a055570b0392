import { redactStep } from "../../findings/redact-finding.ts";
import { count, grouped } from "../../output/count-text.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../../output/escape.ts";
import { formatDuration, offset } from "../../output/format-duration.ts";
import type { OutputItem } from "../../output/items.ts";
import { summaryBlock } from "../../output/terminal/finding-lines.ts";
import { hang, pad, truncate, wrap } from "../../output/terminal/layout.ts";
import type { TerminalStyle } from "../../output/terminal/style.ts";
import type { Redactor } from "../../redact/redactor.ts";
import type { ReplayCounts } from "./stats.ts";

/** A delivery as `replay` would make it. */
export interface PlannedDelivery {
  /** Milliseconds from the first delivery on. */
  readonly dueMs: number;
  /** What is delivered, as in "ringing CAe57a…". */
  readonly what: Raw;
  /** The ids of the events in it. */
  readonly ids: readonly Raw[];
  readonly bytes: number;
  /** `again`: for the second time; `dropped`: not at all. */
  readonly fate: "sent" | "again" | "dropped";
}

/** How a replay went; where nothing was to be sent, what was planned. */
export interface ReplayReport extends ReplayCounts {
  /** Where it went to, credentials masked. */
  readonly target: Raw;
  readonly isDryRun: boolean;
  /** Whether the requests had a signature. */
  readonly isSigned: boolean;
  /** What was found and is no webhook: items of the Call Events resource, records that hold part of a body. */
  readonly undeliverable: number;
  /** From the first request to the last answer. */
  readonly ms: number;
}

/** The widest of the names before the facts. */
const NAME_WIDTH = "duplicates".length;

/** Most types with a call SID are no longer, so that what stands behind them is aligned. */
const USUAL_WIDTH = 66;

const OFFSET_WIDTH = "+24:00:00.000".length;

/** What becomes of a planned delivery, where it is not just sent. */
const fates = { sent: safe``, again: safe`  (again)`, dropped: safe`  (dropped)` } as const satisfies Record<
  PlannedDelivery["fate"],
  Safe
>;

/** A planned delivery on a line: when, what, how large. */
export function deliveryItem(delivery: PlannedDelivery): OutputItem {
  const { dueMs, fate, what, ids, bytes } = delivery;
  return {
    text({ line, width, colors, glyphs, text }) {
      const at = pad(offset(Math.round(dueMs), false), OFFSET_WIDTH);
      const size = safe`${grouped(bytes)} B${fates[fate]}`;
      const room = Math.max(12, width - at.length - size.length - 4);
      const shown = pad(truncate(text(what), room, glyphs.more), Math.min(room, USUAL_WIDTH));
      const words = safe`${at}  ${shown}  ${size}`;
      return line([fate === "sent" ? words : colors.dim(words)]);
    },
    redacted: (redactor) =>
      deliveryItem({ ...delivery, what: redactName(what, redactor), ids: redactIds(ids, redactor) }),
    section: "deliveries",
    elements: () => [{ dueMs, fate, what, ids, bytes }],
  };
}

/** `status-callback.call.ringing CA…`: the name of the type, and the call. */
function redactName(what: Raw, redactor: Redactor): Raw {
  return what.replace(/\S+/g, (word) =>
    /^[A-Z]{2}/.test(word) && word !== "POST" ? redactor.byKind(word, "sid") : redactStep(word, redactor),
  );
}

const redactIds = (ids: readonly Raw[], { byKind }: Redactor): readonly Raw[] => ids.map((id) => byKind(id, "id"));

/** How a replay went: what was answered, how fast, what failed. */
export function replayItem(report: ReplayReport, coverage: Raw): OutputItem {
  const { isDryRun, failures, differingIds } = report;
  return {
    text: (style) => style.block(replayLines(report, coverage, style)),
    redacted: (redactor) =>
      replayItem(
        {
          ...report,
          failures: failures.map((failure) => ({
            ...failure,
            what: typeof failure.what === "number" ? failure.what : redactor.prose(failure.what),
            example: redactor.byKind(failure.example, "text"),
            ids: redactIds(failure.ids, redactor),
          })),
          differingIds: redactIds(differingIds, redactor),
        },
        redactor.prose(coverage),
      ),
    section: "deliveries",
    summary: () => (isDryRun ? plannedJson(report) : sentJson(report)),
    isWholeJson: !isDryRun,
  };
}

/** What was counted of a replay that was only planned. */
function plannedJson({ target, sent, bytes, dropped, undeliverable }: ReplayReport) {
  return { target, dryRun: true, deliveries: sent, bytes, dropped, undeliverable };
}

function sentJson(report: ReplayReport) {
  const { target, isSigned, sent, delivered, bytes, dropped, undeliverable, ms } = report;
  const { statuses, failures, latency, repeated, differing, differingIds } = report;
  return {
    ...{ target, signed: isSigned, sent, delivered, bytes, dropped, undeliverable, ms },
    statuses: Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    failures: failures.map(({ what, count, example, ids }) => ({
      ...(typeof what === "number" ? { status: what } : { problem: what }),
      ...{ count, example, ids },
    })),
    latencyMs: latency,
    duplicates: { compared: repeated, differing, ids: differingIds },
  };
}

function replayLines(report: ReplayReport, coverage: Raw, style: TerminalStyle): Safe[] {
  const { width } = style;
  const room = width - 2;
  const facts = report.isDryRun ? plannedFacts(report) : sentFacts(report, style);
  const lines = [
    ...wrap(headline(report, style), room).map(style.colors.bold),
    ...facts.flatMap(({ name, text }) =>
      hang(wrap(text, room - NAME_WIDTH - 2), safe`${pad(name, NAME_WIDTH)}  `, pad(safe``, NAME_WIDTH + 2)),
    ),
    ...report.failures.flatMap((failure) => failureLines(failure, room, style)),
  ];
  const mark = report.delivered === report.sent && report.sent > 0 ? "valid" : report.isDryRun ? "info" : "error";
  return summaryBlock(mark, lines, coverage, style);
}

function headline({ target, isDryRun, sent, delivered }: ReplayReport, { text }: TerminalStyle): Safe {
  const where = text(target);
  const deliveries = count(sent, safe`delivery`, "deliveries");
  if (isDryRun) return safe`nothing was sent: ${deliveries} would go to ${where}`;
  if (sent === 0) return safe`nothing was sent to ${where}`;
  if (delivered === sent) return safe`${deliveries} to ${where}, ${sent === 1 ? safe`` : safe`all `}answered 2xx`;
  return safe`${deliveries} to ${where}, ${grouped(delivered)} answered 2xx, ${grouped(sent - delivered)} not`;
}

interface Fact {
  readonly name: Safe;
  readonly text: Safe;
}

function plannedFacts(report: ReplayReport): readonly Fact[] {
  const size = report.sent === 0 ? [] : [{ name: safe`size`, text: safe`${grouped(report.bytes)} B` }];
  return [...size, ...leftOut(report)];
}

function sentFacts(report: ReplayReport, { glyphs }: TerminalStyle): readonly Fact[] {
  const { sent, bytes, ms, statuses, latency, isSigned } = report;
  if (sent === 0) return leftOut(report);
  const answers = statuses
    .map(({ status, count: n }) => safe`${grouped(n)} with ${status}`)
    .join(` ${glyphs.also} `) as Safe;
  const rate = ms > 0 ? safe`, ${((sent * 1000) / ms).toFixed(1) as Safe} a second` : safe``;
  return [
    ...(statuses.length === 0 ? [] : [{ name: safe`answers`, text: answers }]),
    ...(latency === undefined ? [] : [{ name: safe`latency`, text: latencyText(latency) }]),
    { name: safe`sent`, text: safe`${grouped(bytes)} B in ${formatDuration(ms)}${rate}` },
    { name: safe`signed`, text: isSigned ? safe`yes, for this URL` : safe`no` },
    ...leftOut(report),
    ...repeatFacts(report, glyphs.more),
  ];
}

function latencyText({ p50, p95, p99, max }: ReplayReport["latency"] & {}): Safe {
  return safe`p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, p99 ${formatDuration(p99)}, max ${formatDuration(max)}`;
}

function leftOut({ dropped, undeliverable }: ReplayReport): readonly Fact[] {
  const why = safe`${grouped(undeliverable)} that no webhook brings: items of the Call Events API, or records without a whole body`;
  return [
    ...(dropped === 0 ? [] : [{ name: safe`dropped`, text: grouped(dropped) }]),
    ...(undeliverable === 0 ? [] : [{ name: safe`left out`, text: why }]),
  ];
}

function repeatFacts({ repeated, differing, differingIds }: ReplayReport, more: Safe): readonly Fact[] {
  if (repeated === 0) return [];
  const ids = differingIds.map(escapeIdentifier).join(", ") as Safe;
  const rest = differing > differingIds.length && ids !== "" ? safe`, ${more}` : safe``;
  const named = ids === "" ? safe`` : safe`: ${ids}${rest}`;
  const alike = safe`${count(repeated, safe`request`)} sent twice, `;
  const text =
    differing === 0 ? safe`${alike}answered alike` : safe`${alike}${grouped(differing)} answered otherwise${named}`;
  return [{ name: safe`duplicates`, text }];
}

function failureLines(
  failure: ReplayReport["failures"][number],
  room: number,
  { colors, glyphs, text }: TerminalStyle,
): Safe[] {
  const { what, count: n, example, ids } = failure;
  const name = pad(typeof what === "number" ? safe`${what}` : text(what), NAME_WIDTH);
  const [id] = ids;
  const of = id === undefined ? safe`` : safe`, as for ${escapeIdentifier(id)}`;
  const [first = "", ...others] = example.trim().split(/[\r\n]+/);
  const said = first.trimEnd();
  const more = others.length === 0 ? safe`` : safe` ${glyphs.more}`;
  const answer = said === "" ? safe`with an empty answer` : safe`${text(said)}${more}`;
  const lines = wrap(
    safe`${grouped(n)} times${of}: ${answer}`.replace(/^1 times/, "once") as Safe,
    room - NAME_WIDTH - 2,
  );
  return hang(lines, safe`${colors.error(name)}  `, pad(safe``, NAME_WIDTH + 2));
}
