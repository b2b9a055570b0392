import { count, grouped } from "../output/count-text.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../output/escape.ts";
import { formatDuration } from "../output/format-duration.ts";
import type { OutputItem } from "../output/items.ts";
import { behindDots, markOf, severityPieces, summaryBlock } from "../output/terminal/finding-lines.ts";
import { displayWidth, flow, pad } from "../output/terminal/layout.ts";
import type { TerminalStyle } from "../output/terminal/style.ts";
import { type Ended, totalsOf } from "../output/totals.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { CallStats } from "./call-stats.ts";
import { type Distribution, mostFirst } from "./statistics.ts";

export interface CallsSummary extends CallStats {
  readonly inputs: number;
  readonly bytes: number;
  /** Events that name no call. */
  readonly stray: number;
  readonly unreadable: number;
}

interface CallsResult extends Ended {
  readonly summary: CallsSummary;
  /** One call that was shown whole needs no statistics. */
  readonly isOne: boolean;
}

/** What was found in all: how the calls ended, how long their parts took, what is wrong, and what was read. */
export function callsSummaryItem(result: CallsResult): OutputItem {
  const { summary, isOne, coverage } = result;
  const { calls, legs, events, stray, errors, warnings, infos, inputs, unreadable, statuses, rules } = summary;
  return {
    text: (style) => style.flush() + style.block(summaryLines(result, style)),
    redacted: (redactor) =>
      callsSummaryItem({
        ...result,
        summary: redactCallsSummary(summary, redactor),
        coverage: redactor.prose(coverage),
      }),
    section: "calls",
    summary: () => summary,
    markdown({ block, code }) {
      if (isOne) return block([code(coverage)]);
      const ends = statuses.map((each) => `${each.calls} ${code(each.status)}`).join(", ");
      const found = rules.map(({ rule, findings }) => `${findings} ${code(rule)}`).join(", ");
      return block([`${calls} calls: ${ends}`, found, code(coverage)]);
    },
    totals(text) {
      const ends = statuses.map((each) => safe`${grouped(each.calls)} ${text(each.status)}`).join(", ");
      const title = [count(calls, safe`call`), ends].filter((part) => part !== "").join(": ") as Safe;
      const counts = { calls, legs, events, "events of no call": stray, errors, warnings, infos, inputs };
      return totalsOf(title, counts, unreadable, result);
    },
  };
}

/** Statuses that look alike once they are redacted are counted together. */
export function redactCallsSummary(summary: CallsSummary, { byKind }: Redactor): CallsSummary {
  const counts = new Map<Raw, number>();
  for (const { status, calls } of summary.statuses) {
    const shown = byKind(status, "plain");
    counts.set(shown, (counts.get(shown) ?? 0) + calls);
  }
  return { ...summary, statuses: mostFirst(counts).map(([status, calls]) => ({ status, calls })) };
}

function summaryLines({ summary, isOne, coverage }: CallsResult, style: TerminalStyle): Safe[] {
  const { screen, width, colors, text } = style;
  const { calls, legs, events, statuses, rules } = summary;
  const room = width - 2;
  const severities = flow(
    severityPieces(summary, { colors, screen: { ...screen, verbose: isOne || screen.verbose } }),
    room,
    1,
  );
  const mark = markOf(summary, calls);
  if (isOne) return summaryBlock(mark, severities, coverage, style);
  const of = legs === 0 ? safe`` : safe` (${count(legs, safe`leg`)} of others)`;
  const total =
    calls === 0 ? safe`no calls` : safe`${count(calls, safe`call`)}${of} from ${count(events, safe`event`)}`;
  const ends = statuses.map(({ status, calls: n }) => safe`${grouped(n)} ${text(status)}`);
  const found = rules.map(({ rule, findings }) => safe`${grouped(findings)} ${escapeIdentifier(rule)}`);
  const lines = [
    ...flow([{ text: total, paint: colors.bold }, ...behindDots(ends, style)], room, 1),
    ...flow(spreadPhrases(summary), room, 3),
    ...severities,
    ...flow([...found.slice(0, 1), ...behindDots(found.slice(1), style)], room, 1),
  ];
  const charts = screen.terminal && calls > 1 ? [...histograms(summary, style), safe``] : [];
  return [...charts, ...summaryBlock(mark, lines, coverage, style)];
}

function spreadPhrases({ ring, talk, callback }: CallsSummary): readonly Safe[] {
  const spreads: readonly (readonly [Safe, Distribution | undefined])[] = [
    [safe`ring`, ring],
    [safe`talk`, talk],
    [safe`callback`, callback],
  ];
  return spreads.flatMap(([name, spread]) => {
    if (spread === undefined) return [];
    const median = formatDuration(spread.median);
    if (spread.count === 1) return [safe`${name} ${median}`];
    return [safe`${name} median ${median}, p95 ${formatDuration(spread.p95)}`];
  });
}

interface Bar {
  readonly label: Safe;
  readonly count: number;
}

/** With less room than this for each, histograms stand below one another. */
const MIN_HALF_WIDTH = 34;

/** How many calls ended how, and how many callbacks took how long, side by side where there is room. */
function histograms({ statuses, callbacks }: CallsSummary, { width, colors, glyphs, text }: TerminalStyle): Safe[] {
  const ends = statuses.map(({ status, calls }) => ({ label: text(status), count: calls }));
  const took = callbacks.map(({ below, count: n }, index) => ({
    label: below === undefined ? safe`${limit(callbacks[index - 1]?.below ?? 0)} or more` : safe`under ${limit(below)}`,
    count: n,
  }));
  const first = took.findIndex((bar) => bar.count > 0);
  const last = took.findLastIndex((bar) => bar.count > 0);
  const shown = first === -1 ? [] : took.slice(first, last + 1);
  const half = Math.floor((width - 6) / 2);
  const isBeside = half >= MIN_HALF_WIDTH && shown.length > 0;
  const room = isBeside ? half : width - 2;
  const left = bars(safe`calls`, ends, room, glyphs.bar);
  const right = shown.length === 0 ? [] : bars(safe`callbacks`, shown, room, glyphs.bar);
  const lines = isBeside
    ? Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
        const [line = safe``, beside = safe``] = [left[index], right[index]];
        return beside === "" ? line : safe`${pad(line, half + 2)}${beside}`;
      })
    : [...left, ...right];
  return lines.map((line, index) => safe`  ${index === 0 ? colors.dim(line) : line}`);
}

/** The widest that a bar of a histogram gets. */
const MAX_BAR_WIDTH = 40;

function bars(title: Safe, rows: readonly Bar[], width: number, fill: Safe): Safe[] {
  const labels = Math.max(...rows.map(({ label }) => displayWidth(label)));
  const most = Math.max(...rows.map(({ count: n }) => n));
  const room = Math.max(4, Math.min(MAX_BAR_WIDTH, width - labels - 3 - grouped(most).length));
  return [
    title,
    ...rows.map(({ label, count: n }) => {
      const bar = fill.repeat(n === 0 ? 0 : Math.max(1, Math.round((n / most) * room))) as Safe;
      return safe`${pad(label, labels)}  ${bar}${bar === "" ? safe`` : safe` `}${grouped(n)}`;
    }),
  ];
}

/** `50 ms`, `1 s`: the bounds are round. */
const limit = (ms: number): Safe => (ms < 1000 ? safe`${ms} ms` : safe`${ms / 1000} s`);
