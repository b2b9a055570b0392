import { type Safe, safe } from "../escape.ts";
import { clockLength } from "../format-duration.ts";

interface Tick {
  readonly at: number;
  readonly column: number;
  readonly label: Safe;
}

/** Where a moment stands in a number of columns. Long stretches in which nothing happens are cut short. */
export interface Scale {
  readonly columns: number;
  column(ms: number): number;
  readonly ticks: readonly Tick[];
  /** The columns of the marks that say where time was cut out, two for each cut. */
  readonly cuts: readonly number[];
}

/** A gap over so many times the rest is cut, down to this share of the rest. */
const LONGEST_GAP = 10;
const CUT_GAP = 0.35;

/** The least columns from tick to tick: a label and a blank. */
const TICK_ROOM = 9;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly drawn: number;
  readonly isCut: boolean;
}

const scales = new WeakMap<readonly number[], Map<number, Scale>>();

/**
 * The scale on which the moments, in milliseconds and in order, stand from the first column to the last; what is asked of it
 * counts from the first moment. The legs of a call have one list of moments, which is measured once, however many they are.
 */
export function scaleOf(moments: readonly number[], columns: number): Scale {
  const known = scales.get(moments) ?? new Map<number, Scale>();
  scales.set(moments, known);
  const scale = known.get(columns) ?? measured(moments, columns);
  known.set(columns, scale);
  return scale;
}

function measured(moments: readonly number[], columns: number): Scale {
  const [first = 0] = moments;
  const stretches = cutLong(stretchesBetween(moments.map((moment) => moment - first)));
  const total = stretches.reduce((sum, { drawn }) => sum + drawn, 0);
  const perColumn = total / Math.max(1, columns - 1);
  const starts: number[] = [];
  let sum = 0;
  for (const { drawn } of stretches) {
    starts.push(sum);
    sum += drawn;
  }

  function column(ms: number): number {
    const index = indexOf(stretches, ms);
    const stretch = stretches[index];
    if (stretch === undefined || total === 0) return 0;
    const share = Math.max(0, Math.min(1, (ms - stretch.from) / (stretch.to - stretch.from)));
    return Math.round(((starts[index] as number) + share * stretch.drawn) / perColumn);
  }

  const cuts = stretches.flatMap((stretch, index) => {
    if (!stretch.isCut) return [];
    const middle = Math.round(((starts[index] as number) + stretch.drawn / 2) / perColumn);
    return [middle, middle + 1].filter((each) => each < columns);
  });
  return { columns, column, cuts, ticks: ticksOn(stretches, perColumn, column) };
}

/** The first stretch that does not end before the moment; the last one when all do. */
function indexOf(stretches: readonly Stretch[], ms: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] as Stretch).to < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function stretchesBetween(moments: readonly number[]): Stretch[] {
  return moments.slice(1).map((to, index) => {
    const from = moments[index] as number;
    return { from, to, drawn: to - from, isCut: false };
  });
}

function cutLong(stretches: Stretch[]): readonly Stretch[] {
  for (;;) {
    const total = stretches.reduce((sum, { drawn }) => sum + drawn, 0);
    const index = stretches.findIndex(({ drawn, isCut }) => !isCut && drawn > LONGEST_GAP * (total - drawn));
    const long = stretches[index];
    if (long === undefined || long.drawn === total) return stretches;
    stretches[index] = { ...long, drawn: CUT_GAP * (total - long.drawn), isCut: true };
  }
}

/** Ticks at round times, as many as have room; none within a cut. */
function ticksOn(stretches: readonly Stretch[], perColumn: number, column: (ms: number) => number): Scale["ticks"] {
  const room = TICK_ROOM * perColumn;
  const step = steps.find((each) => each >= room) ?? DAY * Math.ceil(room / DAY);
  const ticks: Tick[] = [];
  for (const { from, to, isCut } of stretches) {
    if (isCut) continue;
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const place = column(at);
      const last = ticks.at(-1);
      if (last === undefined || place >= last.column + last.label.length + 2)
        ticks.push({ at, column: place, label: clockLength(at) });
    }
  }
  return ticks;
}

/** The line of labels over the axis. */
export function labelLine({ ticks, columns }: Scale): Safe {
  let line = "";
  for (const { column, label } of ticks) {
    if (column + label.length <= columns + 8) line = line.padEnd(column) + label;
  }
  return line as Safe;
}

/** The axis, with a sign at each tick and cut. */
export function axisLine(
  { ticks, cuts, columns }: Scale,
  signs: { readonly axis: Safe; readonly tick: Safe; readonly cut: Safe },
): Safe {
  const line: Safe[] = Array<Safe>(columns).fill(signs.axis);
  for (const { column } of ticks) line[column] = signs.tick;
  for (const column of cuts) line[column] = signs.cut;
  return line.join("") as Safe;
}

/** A bar from one moment to another, at least a column long, with its cuts shown. */
export function barLine(
  scale: Scale,
  from: number,
  to: number,
  signs: { readonly fill: Safe; readonly cut: Safe; readonly end?: Safe },
): Safe {
  const start = scale.column(from);
  const end = Math.max(start + 1, scale.column(to));
  const line: Safe[] = Array<Safe>(end - start).fill(signs.fill);
  for (const column of scale.cuts) if (column >= start && column < end) line[column - start] = signs.cut;
  return safe`${" ".repeat(start) as Safe}${line.join("") as Safe}${signs.end ?? safe``}`;
}
