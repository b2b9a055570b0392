import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import type { CallItem } from "../items.ts";
import { zoneClock } from "../time-zone.ts";
import { type TerminalStyle, worstSeverity } from "./blocks.ts";
import { partiesOf, shortSid } from "./call-block.ts";
import { type Column, fitWidths, rowLine } from "./fit-columns.ts";
import { glyphsFor, textFor } from "./screen.ts";

/** Calls on a line each, under one header. */
export interface CallRows {
  /** The lines that are ready: the first wait for one another, so that they stand in columns. */
  add(item: CallItem): readonly Safe[];
  /** The lines that still wait. */
  flush(): readonly Safe[];
}

/** So many lines stand in columns of their own width; those after them keep it. */
const aligned = 500;

const cutOrder = ["findings", "call"];
const dropOrder = ["callback", "from and to", "ring", "start", "talk", "findings"];

/** What usually stands in the columns, for calls that are shown before the next are known. */
const usual = [
  ...["+", "00:00:00", "CA123456789", "+14155550100 -> +14155550101"],
  ...["in-progress", "59.9 s", "9 min 59 s", "100 ms", "sequence-gap"],
] as readonly string[] as readonly Safe[];

/** The least width of the findings' column, and the share of the line that it takes at the most. */
const findingsShare = 0.4;

/** Lines of calls for a screen. */
export function createCallRows({ screen, width, colors }: TerminalStyle): CallRows {
  const glyphs = glyphsFor(screen);
  const text = textFor(screen);
  const clock = zoneClock(screen.timeZone);
  let waiting: CallItem[] = [];
  let widths: readonly number[] | undefined;
  let day: Safe | undefined;

  function cellsOf({ call, depth, findings }: CallItem): readonly Safe[] {
    const { isCoarse, steps } = call;
    const at = call.start ?? steps.find((step) => step.at !== undefined)?.at;
    const leg = depth === 0 ? safe`` : safe`${"  ".repeat(Math.min(depth, 4) - 1) as Safe}${glyphs.leg}`;
    const slowest = steps.reduce((most, { callback }) => Math.max(most, callback?.durationMs ?? -1), -1);
    const rules = [
      ...new Set(findings.filter(isShown).map(({ rule }) => escapeIdentifier(rule.replace(/^call-/, "")))),
    ];
    return [
      glyphs[worstSeverity(findings.filter(isShown))],
      at === undefined ? safe`` : clock(at, true).time,
      safe`${leg}${screen.width >= 140 ? escapeIdentifier(call.sid) : shortSid(call.sid, 11, glyphs.more)}`,
      partiesOf(call, text, glyphs.to) ?? safe``,
      call.status === undefined ? safe`?` : text(call.status),
      call.ringMs === undefined ? safe`` : formatDuration(call.ringMs, isCoarse),
      call.talkMs === undefined ? safe`` : formatDuration(call.talkMs, isCoarse),
      slowest < 0 ? safe`` : formatDuration(slowest),
      rules.join(", ") as Safe,
    ];
  }

  const isShown = ({ severity }: CallItem["findings"][number]): boolean => screen.verbose || severity !== "info";

  const columnsOf = (rows: readonly (readonly Safe[])[]): readonly Column[] =>
    [
      { name: safe` `, least: 0 },
      { name: safe`start`, least: 0 },
      { name: safe`call`, least: 8 },
      { name: safe`from and to`, least: 17 },
      { name: safe`status`, least: 0 },
      { name: safe`ring`, least: 0, isNumber: true },
      { name: safe`talk`, least: 0, isNumber: true },
      { name: safe`callback`, least: 0, isNumber: true },
      { name: safe`findings`, least: Math.floor(width * findingsShare) },
    ].map((column, index) => ({ ...column, cells: rows.map((row) => row[index] as Safe) }));

  const names = columnsOf([]);

  function start(rows: readonly (readonly Safe[])[]): readonly Safe[] {
    const columns = columnsOf(rows);
    widths = fitWidths(columns, width, cutOrder, dropOrder);
    return [
      rowLine(
        columns.map(({ name }) => name),
        columns,
        widths,
        glyphs.more,
        columns.map(() => colors.dim),
      ),
    ];
  }

  function line(item: CallItem, cells: readonly Safe[]): readonly Safe[] {
    const paints = [
      colors[worstSeverity(item.findings.filter(isShown))],
      colors.plain,
      colors.bold,
      colors.plain,
      item.call.status === "completed" ? colors.valid : colors.name,
      colors.plain,
      colors.plain,
      colors.plain,
      colors.warning,
    ];
    const own = widths ?? [];
    // The last column may take what is left of the line.
    const taken = own.slice(0, -1).reduce((sum, each) => sum + (each === 0 ? 0 : each + 2), 0);
    const room = own.map((each, index) =>
      index === own.length - 1 && each > 0 ? Math.max(each, width - taken) : each,
    );
    const row = rowLine(cells, names, room, glyphs.more, paints);
    return [...dayLine(item), row];
  }

  /** The date stands once, where it changes. */
  function dayLine({ call }: CallItem): readonly Safe[] {
    const at = call.start ?? call.end;
    if (at === undefined) return [];
    const { date, zone } = clock(at, true);
    if (date === day) return [];
    day = date;
    return [colors.dim(safe`  ${date} ${zone}`)];
  }

  function flush(): readonly Safe[] {
    if (waiting.length === 0) return [];
    const items = waiting;
    waiting = [];
    const rows = items.map(cellsOf);
    return [...start(rows), ...items.flatMap((item, index) => line(item, rows[index] as readonly Safe[]))];
  }

  return {
    add(item) {
      if (item.detail === "live" && widths === undefined) return [...start([usual]), ...line(item, cellsOf(item))];
      if (widths !== undefined) return line(item, cellsOf(item));
      waiting.push(item);
      return waiting.length < aligned ? [] : flush();
    },
    flush,
  };
}
