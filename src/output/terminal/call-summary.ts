import { count, grouped } from "../count-text.ts";
import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import type { CallsSummary, CallsSummaryItem, Distribution } from "../items.ts";
import { hang, severityPieces, type TerminalStyle } from "./blocks.ts";
import { displayWidth, flow, type Piece, pad, wrap } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";

/** The widest that a bar of a histogram gets. */
const widestBar = 40;

/** What was found in all: how the calls ended, how long their parts took, what is wrong, and what was read. */
export function callSummaryLines({ summary, isOne, coverage }: CallsSummaryItem, brush: TerminalStyle): Safe[] {
  const { screen, width, colors } = brush;
  const glyphs = glyphsFor(screen);
  const room = width - 2;
  const lines: Safe[] = [];
  if (!isOne) {
    lines.push(...flow(headPieces(summary, brush), room, 1));
    lines.push(...flow(spreadPieces(summary, colors.plain), room, 3));
  }
  lines.push(...flow(severityPieces(summary, { ...screen, verbose: isOne || screen.verbose }, colors), room, 1));
  if (!isOne) lines.push(...flow(rulePieces(summary, brush), room, 1));
  if (coverage) lines.push(...wrap(textFor(screen)(coverage), room));
  const mark = markOf(summary);
  const charts = screen.terminal && !isOne && summary.calls > 1 ? [...histograms(summary, brush), safe``] : [];
  return [...charts, ...hang(lines, safe`${colors[mark](glyphs[mark])} `, safe`  `)];
}

function markOf({ errors, warnings, calls, unreadable }: CallsSummary): "valid" | "warning" | "error" {
  if (errors > 0 || unreadable > 0) return "error";
  return warnings > 0 || calls === 0 ? "warning" : "valid";
}

function headPieces({ calls, legs, statuses, events }: CallsSummary, { screen, colors }: TerminalStyle): Piece[] {
  const { also } = glyphsFor(screen);
  const text = textFor(screen);
  const of = legs === 0 ? safe`` : safe` (${count(legs, safe`leg`)} of others)`;
  const total =
    calls === 0 ? safe`no calls` : safe`${count(calls, safe`call`)}${of} from ${count(events, safe`event`)}`;
  const each = statuses.map(({ status, calls: n }) => safe`${also} ${grouped(n)} ${text(status)}`);
  return [{ text: total, paint: colors.bold }, ...each.map((phrase) => ({ text: phrase, paint: colors.plain }))];
}

function spreadPieces({ ring, talk, callback }: CallsSummary, paint: Piece["paint"]): Piece[] {
  return [
    { name: safe`ring`, spread: ring },
    { name: safe`talk`, spread: talk },
    { name: safe`callback`, spread: callback },
  ].flatMap(({ name, spread }) => (spread === undefined ? [] : [{ text: spreadText(name, spread), paint }]));
}

function spreadText(name: Safe, { count: n, median, p95 }: Distribution): Safe {
  if (n === 1) return safe`${name} ${formatDuration(median)}`;
  return safe`${name} median ${formatDuration(median)}, p95 ${formatDuration(p95)}`;
}

function rulePieces({ rules }: CallsSummary, { screen, colors }: TerminalStyle): Piece[] {
  const { also } = glyphsFor(screen);
  return rules.map(({ rule, findings }, index) => ({
    text: safe`${index === 0 ? safe`` : safe`${also} `}${grouped(findings)} ${escapeIdentifier(rule)}`,
    paint: colors.plain,
  }));
}

interface Bar {
  readonly label: Safe;
  readonly count: number;
}

/** How many calls ended how, and how many callbacks took how long, side by side where there is room. */
function histograms({ statuses, callbacks }: CallsSummary, { screen, width, colors }: TerminalStyle): Safe[] {
  const text = textFor(screen);
  const ends = statuses.map(({ status, calls }) => ({ label: text(status), count: calls }));
  const took = callbacks.map(({ below, count: n }, index) => ({
    label: below === undefined ? safe`${limit(callbacks[index - 1]?.below ?? 0)} or more` : safe`under ${limit(below)}`,
    count: n,
  }));
  const first = took.findIndex((bar) => bar.count > 0);
  const last = took.findLastIndex((bar) => bar.count > 0);
  const shown = first === -1 ? [] : took.slice(first, last + 1);
  const { bar } = glyphsFor(screen);
  const half = Math.floor((width - 6) / 2);
  if (half < 34 || shown.length === 0) {
    const both = [
      ...bars(safe`calls`, ends, width - 2, bar),
      ...(shown.length === 0 ? [] : bars(safe`callbacks`, shown, width - 2, bar)),
    ];
    return both.map((line, index) => safe`  ${index === 0 ? colors.dim(line) : line}`);
  }
  const left = bars(safe`calls`, ends, half, bar);
  const right = bars(safe`callbacks`, shown, half, bar);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const line = left[index] ?? safe``;
    const beside = right[index] ?? safe``;
    const both = beside === "" ? line : safe`${pad(line, half + 2)}${beside}`;
    return safe`  ${index === 0 ? colors.dim(both) : both}`;
  });
}

function bars(title: Safe, rows: readonly Bar[], width: number, fill: Safe): Safe[] {
  const labels = Math.max(...rows.map(({ label }) => displayWidth(label)));
  const most = Math.max(...rows.map(({ count: n }) => n));
  const room = Math.max(4, Math.min(widestBar, width - labels - 3 - grouped(most).length));
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
