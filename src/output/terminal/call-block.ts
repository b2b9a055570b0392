import { escapeIdentifier, escapeText, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import type { CallData, CallItem, PhaseData, StepData } from "../items.ts";
import { zoneClock } from "../time-zone.ts";
import { findingLines, hang, type TerminalStyle, worstSeverity } from "./blocks.ts";
import { axisLine, barLine, labelLine, type Scale, scaleOf } from "./chart.ts";
import { flow, type Piece, pad, truncate } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";
import { stepLines } from "./step-table.ts";

/** With fewer columns there is no room for a chart. */
const chartWidth = 60;

/** What the lines of a call need at the least; legs are indented by what is left. */
const narrowest = 40;

/** The deepest that a leg is indented. */
const deepest = 6;

const labelWidth = "before answer".length;
const lengthWidth = "10 min 05 s".length;

/** A call, whole: what it is, its phases to scale, its steps, and what is wrong with it. */
export function callLines(item: CallItem, brush: TerminalStyle): Safe[] {
  const indent = pad(safe``, Math.min(2 * Math.min(item.depth, deepest), brush.width - narrowest));
  const inner: TerminalStyle = { ...brush, width: brush.width - indent.length };
  const indented = (lines: readonly Safe[]): readonly Safe[] => hang(lines, indent, indent);
  const parts = [
    indented(headLines(item, inner)),
    // Charts of several legs stand under one another, so that their scale is one.
    brush.width >= chartWidth ? chartLines(item, brush) : [],
    indented(stepLines(item.call, inner)),
    indented(findingsOf(item, inner)),
  ].filter((part) => part.length > 0);
  return parts.flatMap((part, index) => (index === 0 ? part : [safe``, ...part]));
}

function headLines({ call, depth, findings }: CallItem, { screen, width, colors }: TerminalStyle): Safe[] {
  const text = textFor(screen);
  const glyphs = glyphsFor(screen);
  const mark = worstSeverity(findings);
  const pieces: Piece[] = [{ text: escapeIdentifier(call.sid), paint: colors.bold }];
  if (call.status !== undefined) {
    pieces.push({ text: text(call.status), paint: call.status === "completed" ? colors.valid : colors.name });
  }
  if (call.direction !== undefined) pieces.push({ text: text(call.direction), paint: colors.plain });
  const parties = partiesOf(call, text, glyphs.to);
  if (parties !== undefined) pieces.push({ text: parties, paint: colors.plain });
  if (call.parentSid !== undefined) {
    const leg = depth > 0 ? safe`leg` : safe`leg of ${escapeIdentifier(call.parentSid)}`;
    pieces.push({ text: leg, paint: colors.dim });
  }
  const facts = factsOf(call, screen.timeZone).map((fact) => ({ text: fact, paint: colors.plain }));
  const head = hang(flow(pieces, width - 4, 2), safe`${colors[mark](glyphs[mark])} `, safe`    `);
  return [...head, ...hang(flow(facts, width - 2, 3), safe`  `, safe`  `)];
}

/** `+14155550100 → +14155550101`; undefined when neither is known. */
export function partiesOf({ from, to }: CallData, text: (raw: string) => Safe, arrow: Safe): Safe | undefined {
  if (from === undefined && to === undefined) return undefined;
  return safe`${from === undefined ? safe`?` : text(from)} ${arrow} ${to === undefined ? safe`?` : text(to)}`;
}

/** When the call was and how long its parts took, each as a phrase; what is not known has none. */
export function factsOf(call: CallData, timeZone: string | undefined): Safe[] {
  const { start, end, totalMs, ringMs, talkMs, callDuration, sipCode, isCoarse, clocks } = call;
  const facts: Safe[] = [];
  const clock = zoneClock(timeZone);
  const from = start === undefined ? undefined : clock(start, isCoarse);
  const to = end === undefined ? undefined : clock(end, isCoarse);
  if (from !== undefined && to !== undefined) {
    const until = from.date === to.date ? to.time : safe`${to.date} ${to.time}`;
    facts.push(safe`${from.date} ${from.time} to ${until} ${to.zone}`);
  } else if (from !== undefined) facts.push(safe`from ${from.date} ${from.time} ${from.zone}`);
  else if (to !== undefined) facts.push(safe`ended ${to.date} ${to.time} ${to.zone}`);
  if (totalMs !== undefined) facts.push(safe`total ${formatDuration(totalMs, isCoarse)}`);
  if (ringMs !== undefined) facts.push(safe`ring ${formatDuration(ringMs, isCoarse)}`);
  if (talkMs !== undefined) facts.push(safe`talk ${formatDuration(talkMs, isCoarse)}`);
  if (callDuration !== undefined && talkMs === undefined && call.status === "completed")
    facts.push(safe`CallDuration ${callDuration} s`);
  if (sipCode !== undefined) facts.push(safe`SIP ${sipCode}`);
  if (isCoarse && clocks[0] !== undefined) facts.push(safe`times from ${escapeIdentifier(clocks[0])}, whole seconds`);
  return facts;
}

function chartLines({ call, moments }: CallItem, { screen, width, colors }: TerminalStyle): Safe[] {
  const glyphs = glyphsFor(screen);
  const origin = call.steps.find(({ at }) => at !== undefined)?.at;
  const [from, to] = [moments[0], moments.at(-1)];
  if (origin === undefined || from === undefined || to === undefined || to <= from) return [];
  const shift = origin - from;
  const columns = width - 2 - labelWidth - 2 - 2 - lengthWidth;
  const scale = scaleOf(moments, columns);
  const row = (name: Safe, line: Safe): Safe => safe`  ${pad(name, labelWidth)}  ${line}`;
  const bars = call.phases.map((phase) => {
    const bar = phaseBar(scale, phase, shift, glyphs);
    const took = phase.isOpen ? safe`` : formatDuration(phase.toMs - phase.fromMs, call.isCoarse);
    return row(nameOf(phase), took === "" ? bar : safe`${pad(bar, columns + 2)}${took}`);
  });
  const callbacks = callbackRow(scale, call.steps, shift, glyphs, colors);
  const legend = legendOf(call.steps, glyphs, colors);
  return [
    row(safe``, colors.dim(labelLine(scale))),
    row(safe``, colors.dim(axisLine(scale, glyphs))),
    ...bars,
    ...(callbacks === undefined ? [] : [row(safe`callbacks`, callbacks)]),
    ...flow(legend, columns + lengthWidth, 3).map((line) => row(safe``, line)),
  ];
}

const nameOf = ({ name }: PhaseData): Safe => escapeText(name);

function phaseBar(
  scale: Scale,
  { name, fromMs, toMs, isOpen }: PhaseData,
  shift: number,
  glyphs: ReturnType<typeof glyphsFor>,
): Safe {
  const fills = {
    setup: glyphs.setup,
    "before answer": glyphs.setup,
    ringing: glyphs.ringing,
    "in progress": glyphs.talking,
    call: glyphs.whole,
  };
  return barLine(scale, fromMs + shift, toMs + shift, {
    fill: fills[name],
    cut: glyphs.cut,
    ...(isOpen && { end: glyphs.open }),
  });
}

type Outcome = "answered" | "failed" | "none";

/** How a callback went; undefined for what is none, as a step that a form tells of: its answer is not recorded. */
function outcomeOf({ callback }: StepData): Outcome {
  if (callback?.code === undefined) return "none";
  return callback.code >= 400 ? "failed" : "answered";
}

const worse: readonly Outcome[] = ["answered", "none", "failed"];

function callbackRow(
  scale: Scale,
  steps: readonly StepData[],
  shift: number,
  glyphs: ReturnType<typeof glyphsFor>,
  colors: TerminalStyle["colors"],
): Safe | undefined {
  const places = new Map<number, Outcome>();
  for (const step of steps) {
    if (step.offsetMs === undefined) continue;
    const column = scale.column(step.offsetMs + shift);
    const outcome = outcomeOf(step);
    if (worse.indexOf(outcome) > worse.indexOf(places.get(column) ?? "answered") || !places.has(column))
      places.set(column, outcome);
  }
  if (places.size === 0) return undefined;
  let line = safe``;
  let at = 0;
  for (const [column, outcome] of [...places].sort(([one], [other]) => one - other)) {
    line = safe`${line}${" ".repeat(column - at) as Safe}${paintFor(outcome, colors)(glyphs[outcome])}`;
    at = column + 1;
  }
  return line;
}

function legendOf(
  steps: readonly StepData[],
  glyphs: ReturnType<typeof glyphsFor>,
  colors: TerminalStyle["colors"],
): Piece[] {
  const words = { answered: safe`answered`, failed: safe`failed`, none: safe`without a recorded answer` };
  return (["answered", "failed", "none"] as const).flatMap((outcome) => {
    const count = steps.filter((step) => outcomeOf(step) === outcome).length;
    if (count === 0) return [];
    return [{ text: safe`${glyphs[outcome]} ${count} ${words[outcome]}`, paint: paintFor(outcome, colors) }];
  });
}

function paintFor(outcome: Outcome, colors: TerminalStyle["colors"]): (text: Safe) => Safe {
  return outcome === "failed" ? colors.error : outcome === "none" ? colors.warning : colors.valid;
}

function findingsOf({ findings }: CallItem, brush: TerminalStyle): Safe[] {
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
  return findingLines(items, first.source, brush);
}

/** A SID that the others do not take the room for: its first characters. */
export function shortSid(sid: string, width: number, more: Safe): Safe {
  return truncate(escapeIdentifier(sid), width, more);
}
