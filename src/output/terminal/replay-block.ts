import { count, grouped } from "../count-text.ts";
import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import { formatDuration, offset } from "../format-duration.ts";
import type { DeliveryItem, ReplayItem, ReplayReport } from "../items.ts";
import { hang, type TerminalStyle } from "./blocks.ts";
import { pad, truncate, wrap } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";

/** The widest of the names before the facts. */
const nameWidth = "duplicates".length;

/** Most types with a call SID are no longer, so that what stands behind them is aligned. */
const usualWidth = 66;

const offsetWidth = "+24:00:00.000".length;

/** What becomes of a planned delivery, where it is not just sent. */
const fates = { sent: safe``, again: safe`  (again)`, dropped: safe`  (dropped)` } as const satisfies Record<
  DeliveryItem["fate"],
  Safe
>;

/** A planned delivery on a line: when, what, how large. */
export function deliveryLines(
  { dueMs, what, bytes, fate }: DeliveryItem,
  { screen, width, colors }: TerminalStyle,
): Safe[] {
  const at = pad(offset(Math.round(dueMs), false), offsetWidth);
  const size = safe`${grouped(bytes)} B${fates[fate]}`;
  const room = Math.max(12, width - at.length - size.length - 4);
  const shown = pad(truncate(textFor(screen)(what), room, glyphsFor(screen).more), Math.min(room, usualWidth));
  const line = safe`${at}  ${shown}  ${size}`;
  return [fate === "sent" ? line : colors.dim(line)];
}

/** How a replay went: what was answered, how fast, what failed. */
export function replayLines({ report, coverage }: ReplayItem, brush: TerminalStyle): Safe[] {
  const { screen, width, colors } = brush;
  const glyphs = glyphsFor(screen);
  const room = width - 2;
  const facts = report.isDryRun ? plannedFacts(report) : sentFacts(report, brush);
  const lines = [
    ...wrap(headline(report, brush), room).map(colors.bold),
    ...facts.flatMap(({ name, text }) =>
      hang(wrap(text, room - nameWidth - 2), safe`${pad(name, nameWidth)}  `, pad(safe``, nameWidth + 2)),
    ),
    ...report.failures.flatMap((failure) => failureLines(failure, room, brush)),
    ...(coverage === "" ? [] : wrap(textFor(screen)(coverage), room)),
  ];
  const mark = report.delivered === report.sent && report.sent > 0 ? "valid" : report.isDryRun ? "info" : "error";
  return hang(lines, safe`${colors[mark](glyphs[mark])} `, safe`  `);
}

function headline({ target, isDryRun, sent, delivered }: ReplayReport, { screen }: TerminalStyle): Safe {
  const where = textFor(screen)(target);
  const deliveries = sent === 1 ? safe`1 delivery` : safe`${grouped(sent)} deliveries`;
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

function sentFacts(report: ReplayReport, { screen }: TerminalStyle): readonly Fact[] {
  const { sent, bytes, ms, statuses, latency, isSigned } = report;
  if (sent === 0) return leftOut(report);
  const { also } = glyphsFor(screen);
  const answers = statuses.map(({ status, count: n }) => safe`${grouped(n)} with ${status}`).join(` ${also} `) as Safe;
  const rate = ms > 0 ? safe`, ${((sent * 1000) / ms).toFixed(1) as Safe} a second` : safe``;
  return [
    ...(statuses.length === 0 ? [] : [{ name: safe`answers`, text: answers }]),
    ...(latency === undefined ? [] : [{ name: safe`latency`, text: latencyText(latency) }]),
    { name: safe`sent`, text: safe`${grouped(bytes)} B in ${formatDuration(ms)}${rate}` },
    { name: safe`signed`, text: isSigned ? safe`yes, for this URL` : safe`no` },
    ...leftOut(report),
    ...repeatFacts(report, glyphsFor(screen).more),
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
  { screen, colors }: TerminalStyle,
): Safe[] {
  const text = textFor(screen);
  const { what, count: n, example, ids } = failure;
  const name = pad(typeof what === "number" ? safe`${what}` : text(what), nameWidth);
  const [id] = ids;
  const of = id === undefined ? safe`` : safe`, as for ${escapeIdentifier(id)}`;
  const [first = "", ...others] = example.trim().split(/[\r\n]+/);
  const said = first.trimEnd();
  const more = others.length === 0 ? safe`` : safe` ${glyphsFor(screen).more}`;
  const answer = said === "" ? safe`with an empty answer` : safe`${text(said)}${more}`;
  const lines = wrap(
    safe`${grouped(n)} times${of}: ${answer}`.replace(/^1 times/, "once") as Safe,
    room - nameWidth - 2,
  );
  return hang(lines, safe`${colors.error(name)}  `, pad(safe``, nameWidth + 2));
}
