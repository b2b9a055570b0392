import { escapeIdentifier, type Safe, safe } from "../output/escape.ts";
import { formatDuration, offset } from "../output/format-duration.ts";
import { worstOf } from "../output/reportable.ts";
import { axisLine, barLine, labelLine, type Scale, scaleOf } from "../output/terminal/chart.ts";
import { findingLines } from "../output/terminal/finding-lines.ts";
import { flow, hang, type Piece, pad } from "../output/terminal/layout.ts";
import type { TerminalStyle } from "../output/terminal/style.ts";
import { type Column, createFittedTable } from "../output/terminal/table.ts";
import type { Call, Step } from "./call.ts";
import { callbackText, durationText, factsOf, partiesOf, type ShownCall, shortStepType } from "./call-text.ts";

/** With fewer columns there is no room for a chart. */
const MIN_CHART_WIDTH = 60;

/** What the lines of a call need at the least; legs are indented by what is left. */
const MIN_CALL_WIDTH = 40;

/** The deepest that a leg is indented. */
const MAX_INDENT_DEPTH = 6;

const labelWidth = "before answer".length;
const lengthWidth = "10 min 05 s".length;

/** A call, whole: what it is, its phases to scale, its steps, and what is wrong with it. */
export function callLines(item: ShownCall, style: TerminalStyle): Safe[] {
  const indent = pad(safe``, Math.min(2 * Math.min(item.depth, MAX_INDENT_DEPTH), style.width - MIN_CALL_WIDTH));
  const inner: TerminalStyle = { ...style, width: style.width - indent.length };
  const indented = (lines: readonly Safe[]): readonly Safe[] => hang(lines, indent);
  const parts = [
    indented(headLines(item, inner)),
    // Charts of several legs stand under one another, so that their scale is one.
    style.width >= MIN_CHART_WIDTH ? chartLines(item, style) : [],
    indented(stepLines(item.call, inner)),
    indented(findingsOf(item, inner)),
  ].filter((part) => part.length > 0);
  return parts.flatMap((part, index) => (index === 0 ? part : [safe``, ...part]));
}

function headLines(
  { call, depth, findings }: ShownCall,
  { screen, width, colors, glyphs, text }: TerminalStyle,
): Safe[] {
  const mark = worstOf(findings) ?? "valid";
  const pieces: Piece[] = [{ text: escapeIdentifier(call.sid), paint: colors.bold }];
  if (call.status !== undefined) {
    pieces.push({ text: text(call.status), paint: call.status === "completed" ? colors.valid : colors.name });
  }
  if (call.direction !== undefined) pieces.push(text(call.direction));
  const parties = partiesOf(call, text, glyphs.to);
  if (parties !== undefined) pieces.push(parties);
  if (call.parentSid !== undefined) {
    const leg = depth > 0 ? safe`leg` : safe`leg of ${escapeIdentifier(call.parentSid)}`;
    pieces.push({ text: leg, paint: colors.dim });
  }
  const facts = factsOf(call, screen.timeZone);
  const head = hang(flow(pieces, width - 4, 2), safe`${colors[mark](glyphs[mark])} `, safe`    `);
  return [...head, ...hang(flow(facts, width - 2, 3), safe`  `)];
}

function chartLines({ call, moments }: ShownCall, style: TerminalStyle): Safe[] {
  const { width, colors, glyphs } = style;
  const origin = call.steps.find(({ at }) => at !== undefined)?.at;
  const [from, to] = [moments[0], moments.at(-1)];
  if (origin === undefined || from === undefined || to === undefined || to <= from) return [];
  const shift = origin - from;
  const columns = width - 2 - labelWidth - 2 - 2 - lengthWidth;
  const scale = scaleOf(moments, columns);
  const row = (name: Safe, line: Safe): Safe => safe`  ${pad(name, labelWidth)}  ${line}`;
  const fills: Readonly<Record<Call["phases"][number]["name"], Safe>> = {
    setup: glyphs.setup,
    "before answer": glyphs.setup,
    ringing: glyphs.ringing,
    "in progress": glyphs.talking,
    call: glyphs.whole,
  };
  const bars = call.phases.map(({ name, fromMs, toMs, isOpen }) => {
    const signs = { fill: fills[name], cut: glyphs.cut, ...(isOpen && { end: glyphs.open }) };
    const bar = barLine(scale, fromMs + shift, toMs + shift, signs);
    const took = isOpen ? bar : safe`${pad(bar, columns + 2)}${formatDuration(toMs - fromMs, call.isCoarse)}`;
    return row(name as Safe, took);
  });
  return [
    row(safe``, colors.dim(labelLine(scale))),
    row(safe``, colors.dim(axisLine(scale, glyphs))),
    ...bars,
    ...callbackLine(scale, call.steps, shift, style).map((line) => row(safe`callbacks`, line)),
    ...flow(legendOf(call.steps, style), columns + lengthWidth, 3).map((line) => row(safe``, line)),
  ];
}

/** How a callback may have gone, from the best to the worst; the answer that a form tells of is not recorded. */
const outcomes = [
  { sign: "answered", paint: "valid", words: safe`answered` },
  { sign: "none", paint: "warning", words: safe`without a recorded answer` },
  { sign: "failed", paint: "error", words: safe`failed` },
] as const;

type Outcome = 0 | 1 | 2;

function outcomeOf({ callback }: Step): Outcome {
  if (callback?.code === undefined) return 1;
  return callback.code >= 400 ? 2 : 0;
}

/** A sign for each step, the worst where several stand in a column. No line where none has a time. */
function callbackLine(
  scale: Scale,
  steps: readonly Step[],
  shift: number,
  { colors, glyphs }: TerminalStyle,
): readonly Safe[] {
  const columns = new Map<number, Outcome>();
  for (const step of steps) {
    if (step.offsetMs === undefined) continue;
    const column = scale.column(step.offsetMs + shift);
    columns.set(column, Math.max(outcomeOf(step), columns.get(column) ?? 0) as Outcome);
  }
  let line = safe``;
  let at = 0;
  for (const [column, outcome] of [...columns].sort(([one], [other]) => one - other)) {
    const { sign, paint } = outcomes[outcome];
    line = safe`${line}${" ".repeat(column - at) as Safe}${colors[paint](glyphs[sign])}`;
    at = column + 1;
  }
  return columns.size === 0 ? [] : [line];
}

function legendOf(steps: readonly Step[], { colors, glyphs }: TerminalStyle): readonly Piece[] {
  return ([0, 2, 1] as const).flatMap((outcome) => {
    const count = steps.filter((step) => outcomeOf(step) === outcome).length;
    const { sign, paint, words } = outcomes[outcome];
    return count === 0 ? [] : [{ text: safe`${glyphs[sign]} ${count} ${words}`, paint: colors[paint] }];
  });
}

/** The columns of steps: when, what, which callback, how it was answered. */
const stepColumns = (text: TerminalStyle["text"], isCoarse: boolean): readonly Column<Step>[] => [
  {
    name: safe`offset`,
    isNumber: true,
    cell: ({ offsetMs }) => (offsetMs === undefined ? safe`?` : offset(offsetMs, isCoarse)),
  },
  { name: safe`type`, least: 16, paint: "name", cell: shortStepType },
  { name: safe`status`, cell: ({ status }) => (status === undefined ? undefined : text(status)) },
  { name: safe`callback`, least: 14, cell: ({ callback }) => callbackText(callback, text) },
  {
    name: safe`code`,
    isNumber: true,
    paint: ({ callback }) => ((callback?.code ?? 0) >= 400 ? "error" : "plain"),
    cell: ({ callback }) => numberText(callback?.code),
  },
  { name: safe`took`, isNumber: true, cell: ({ callback }) => durationText(callback?.durationMs) },
  { name: safe`seq`, isNumber: true, cell: ({ sequence }) => numberText(sequence) },
  {
    name: safe`event`,
    least: 8,
    paint: "dim",
    cell: ({ id }) => (id === undefined ? undefined : escapeIdentifier(id)),
  },
];

const stepOrder = { cut: ["event", "callback", "type"], drop: ["event", "seq", "callback", "status", "took"] };

const numberText = (number: number | undefined): Safe | undefined =>
  number === undefined ? undefined : safe`${number}`;

function stepLines({ steps, isCoarse }: Call, style: TerminalStyle): Safe[] {
  const table = createFittedTable(stepColumns(style.text, isCoarse), stepOrder, style, style.width - 2);
  return hang([table.head(steps.map(table.cells)), ...steps.map(table.line)], safe`  `);
}

function findingsOf({ findings }: ShownCall, style: TerminalStyle): Safe[] {
  const first = findings[0];
  if (first === undefined) return [];
  // The place stands where another finding has its pointer; line and column are not to be told twice.
  const { line, column } = first.source;
  const items = findings.map(({ source, ...finding }) => ({
    ...finding,
    line,
    column,
    pointer: `${source.input}:${source.line}:${source.column}`,
  }));
  return findingLines(items, first.source, style);
}
