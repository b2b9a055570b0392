import { escapeIdentifier, type Safe, safe } from "../output/escape.ts";
import { worstOf } from "../output/reportable.ts";
import type { TerminalStyle } from "../output/terminal/style.ts";
import { type Column, createDayLine, createFittedTable } from "../output/terminal/table.ts";
import { zoneClock } from "../output/time-zone.ts";
import { durationText, partiesOf, type ShownCall, shortSid, slowestOf, startOf } from "./call-text.ts";

/** So many lines stand in columns of their own width; those after them keep it. */
const ALIGNED_ROWS = 500;

const order = {
  cut: ["findings", "call"],
  drop: ["callback", "from and to", "ring", "start", "talk", "findings"],
};

/** What usually stands in the columns, for calls that are shown before the next are known. */
const usual = [
  ...["+", "00:00:00", "CA123456789", "+14155550100 -> +14155550101"],
  ...["in-progress", "59.9 s", "9 min 59 s", "100 ms", "sequence-gap"],
] as readonly string[] as readonly Safe[];

/** The share of the line that the findings' column has at the least. */
const FINDINGS_SHARE = 0.4;

/** Calls on a line each, under one header. The first wait for one another, so that they stand in columns. */
export function createCallRows(style: TerminalStyle): {
  /** The lines that are ready. */
  add(item: ShownCall): readonly Safe[];
  /** The lines that still wait. */
  flush(): readonly Safe[];
} {
  const table = createFittedTable(columnsFor(style), order, style, style.width);
  const dayLine = createDayLine(style);
  let waiting: ShownCall[] = [];
  let isBegun = false;

  function start(rows: readonly (readonly Safe[])[]): readonly Safe[] {
    isBegun = true;
    return [table.head(rows)];
  }

  /** The date stands once, where it changes. */
  const lines = (item: ShownCall): readonly Safe[] => [...dayLine(item.call.start ?? item.call.end), table.line(item)];

  function flush(): readonly Safe[] {
    if (waiting.length === 0) return [];
    const items = waiting;
    waiting = [];
    return [...start(items.map(table.cells)), ...items.flatMap(lines)];
  }

  return {
    add(item) {
      if (isBegun) return lines(item);
      if (item.detail === "live") return [...start([usual]), ...lines(item)];
      waiting.push(item);
      return waiting.length < ALIGNED_ROWS ? [] : flush();
    },
    flush,
  };
}

function columnsFor({ screen, width, glyphs, text }: TerminalStyle): readonly Column<ShownCall>[] {
  const clock = zoneClock(screen.timeZone);
  const shown = ({ findings }: ShownCall) => findings.filter(({ severity }) => screen.verbose || severity !== "info");
  const mark = (item: ShownCall) => worstOf(shown(item)) ?? "valid";
  return [
    { name: safe` `, paint: mark, cell: (item) => glyphs[mark(item)] },
    {
      name: safe`start`,
      cell({ call }) {
        const at = startOf(call);
        return at === undefined ? undefined : clock(at, true).time;
      },
    },
    {
      name: safe`call`,
      least: 8,
      paint: "bold",
      cell({ call: { sid }, depth }) {
        const leg = depth === 0 ? safe`` : safe`${"  ".repeat(Math.min(depth, 4) - 1) as Safe}${glyphs.leg}`;
        return safe`${leg}${screen.width >= 140 ? escapeIdentifier(sid) : shortSid(sid, 11, glyphs.more)}`;
      },
    },
    { name: safe`from and to`, least: 17, cell: ({ call }) => partiesOf(call, text, glyphs.to) },
    {
      name: safe`status`,
      paint: ({ call }) => (call.status === "completed" ? "valid" : "name"),
      cell: ({ call: { status } }) => (status === undefined ? safe`?` : text(status)),
    },
    { name: safe`ring`, isNumber: true, cell: ({ call }) => durationText(call.ringMs, call.isCoarse) },
    { name: safe`talk`, isNumber: true, cell: ({ call }) => durationText(call.talkMs, call.isCoarse) },
    { name: safe`callback`, isNumber: true, cell: ({ call }) => durationText(slowestOf(call)) },
    {
      name: safe`findings`,
      least: Math.floor(width * FINDINGS_SHARE),
      paint: "warning",
      cell: (item) =>
        [...new Set(shown(item).map(({ rule }) => escapeIdentifier(rule.replace(/^call-/, ""))))].join(", ") as Safe,
    },
  ];
}
