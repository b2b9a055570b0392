import { type Raw, type Safe, safe } from "../escape.ts";
import { zoneClock } from "../time-zone.ts";
import { displayWidth, pad, truncate } from "./layout.ts";
import type { Colors, TerminalStyle } from "./style.ts";

/** A column of rows that fit a width. */
export interface Column<Row> {
  readonly name: Safe;
  cell(row: Row): Safe | undefined;
  /** What it can be cut to, where it can. */
  readonly least?: number;
  readonly isNumber?: boolean;
  readonly paint?: keyof Colors | ((row: Row) => keyof Colors);
}

/** In one order columns are cut to their least; where that is not enough, those that can be missed go, in the other. */
export interface ColumnOrder {
  readonly cut: readonly string[];
  readonly drop: readonly string[];
}

/** Rows under one header. The last column may take what is left of the line. */
export interface FittedTable<Row> {
  cells(row: Row): readonly Safe[];
  /** The header, with columns as wide as the rows of cells need and the width allows; other rows keep these widths. */
  head(rows: readonly (readonly Safe[])[]): Safe;
  line(row: Row): Safe;
  /** Whether there is room for the column; only known behind the header. */
  hasRoomFor(name: string): boolean;
}

/** Opens a table. */
export function createFittedTable<Row>(
  columns: readonly Column<Row>[],
  order: ColumnOrder,
  { colors, glyphs }: TerminalStyle,
  width: number,
): FittedTable<Row> {
  let widths: readonly number[] = [];
  const cells = (row: Row): readonly Safe[] => columns.map(({ cell }) => cell(row) ?? ("" as Safe));

  /** A line of the cells at their widths, numbers to the right; no blanks at its end. */
  function lineOf(all: readonly Safe[], paintOf: (column: Column<Row>) => keyof Colors): Safe {
    let line = "";
    let end = 0;
    let start = 0;
    for (const [index, column] of columns.entries()) {
      const room = widths[index] as number;
      if (room === 0) continue;
      const cut = truncate(all[index] as Safe, room, glyphs.more);
      const used = displayWidth(cut);
      const at = column.isNumber === true ? start + room - used : start;
      if (used > 0) {
        line += " ".repeat(at - end) + colors[paintOf(column)](cut);
        end = at + used;
      }
      start += room + 2;
    }
    return line as Safe;
  }

  return {
    cells,
    head(rows) {
      const fitted = fitWidths(columns, rows, order, width);
      const last = fitted.pop() as number;
      const taken = fitted.reduce((sum, each) => sum + (each === 0 ? 0 : each + 2), 0);
      widths = [...fitted, last === 0 ? 0 : Math.max(last, width - taken)];
      return lineOf(
        columns.map(({ name }) => name),
        () => "dim",
      );
    },
    line: (row) => lineOf(cells(row), ({ paint = "plain" }) => (typeof paint === "function" ? paint(row) : paint)),
    hasRoomFor: (name) => (widths[columns.findIndex((column) => column.name === name)] ?? 0) > 0,
  };
}

/** The widths in which the columns fit the room; a column of width 0 is left out. */
function fitWidths(
  columns: readonly Pick<Column<never>, "name" | "least">[],
  rows: readonly (readonly Safe[])[],
  { cut, drop }: ColumnOrder,
  room: number,
): number[] {
  const natural = columns.map(({ name }, index) => {
    const most = rows.reduce((wide, cells) => Math.max(wide, displayWidth(cells[index] as Safe)), 0);
    return most === 0 ? 0 : Math.max(most, displayWidth(name));
  });
  for (let dropped = 0; ; dropped++) {
    const gone = drop.slice(0, dropped);
    const widths = columns.map(({ name }, index) => (gone.includes(name) ? 0 : (natural[index] as number)));
    let surplus = widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + 2), -2) - room;
    for (const name of cut) {
      const index = columns.findIndex((column) => column.name === name);
      const width = widths[index] as number;
      const less = Math.min(surplus, width - (columns[index]?.least ?? 0));
      if (less <= 0) continue;
      widths[index] = width - less;
      surplus -= less;
    }
    if (surplus <= 0 || dropped === drop.length) return widths;
  }
}

/** The time that cli-table3 takes grows with the square of the rows. */
const MAX_BORDERED_ROWS = 500;

/** The narrowest that a column is cut to, and the widest that one is padded to on a pipe, where nothing is cut. */
const MIN_CUT_WIDTH = 6;
const MAX_PADDED_WIDTH = 60;

const asciiBorder = {
  top: "-",
  "top-left": "+",
  "top-mid": "+",
  "top-right": "+",
  left: "|",
  middle: "|",
  right: "|",
  mid: "-",
  "left-mid": "+",
  "mid-mid": "+",
  "right-mid": "+",
  bottom: "-",
  "bottom-left": "+",
  "bottom-mid": "+",
  "bottom-right": "+",
};

/** A table of texts, with borders on a terminal: there columns are cut from the last one on, on a pipe none is. */
export function tableLines(
  columns: readonly Raw[],
  rows: readonly (readonly Raw[])[],
  { screen, width, colors, glyphs, text, borders: Table }: TerminalStyle,
): Safe[] {
  const whole = [columns, ...rows].map((row) => columns.map((_, i) => text(row[i] ?? "")));
  const natural = columns.map((_, i) => whole.reduce((most, row) => Math.max(most, displayWidth(row[i] as Safe)), 0));
  const isBordered = Table !== undefined && rows.length <= MAX_BORDERED_ROWS;
  const room = width - (isBordered ? 3 * columns.length + 1 : 2 * (columns.length - 1));
  const widths = screen.terminal ? shrink(natural, room) : natural.map((each) => Math.min(each, MAX_PADDED_WIDTH));
  const [head = [], ...body] = screen.terminal
    ? whole.map((row) => row.map((cell, i) => truncate(cell, widths[i] as number, glyphs.more)))
    : whole;
  if (!isBordered) return [colors.bold(plainRow(head, widths)), ...body.map((row) => plainRow(row, widths))];
  const table = new Table({
    head: head.map(colors.bold),
    style: { head: [], border: [], compact: true },
    ...(screen.ascii && { chars: asciiBorder }),
  });
  for (const row of body) table.push([...row]);
  return [table.toString() as Safe];
}

/** What a row is about stands first, so the first columns keep their width the longest. */
function shrink(natural: readonly number[], room: number): number[] {
  let surplus = natural.reduce((sum, width) => sum + width, 0) - room;
  const widths = [...natural];
  for (let i = widths.length - 1; i >= 0 && surplus > 0; i--) {
    const width = widths[i] as number;
    const cut = Math.min(surplus, Math.max(0, width - MIN_CUT_WIDTH));
    widths[i] = width - cut;
    surplus -= cut;
  }
  return widths;
}

/** A line of cells under one another without borders, and without blanks at its end. */
function plainRow(cells: readonly Safe[], widths: readonly number[]): Safe {
  const last = cells.findLastIndex((cell) => cell !== "");
  return cells
    .slice(0, last + 1)
    .map((cell, i) => (i < last ? pad(cell, widths[i] as number) : cell))
    .join("  ") as Safe;
}

/** A line with the date of a time, where that is another than the last one's. */
export function createDayLine({ screen, colors }: TerminalStyle): (at: number | undefined) => readonly Safe[] {
  const clock = zoneClock(screen.timeZone);
  let day: Safe | undefined;
  return (at) => {
    if (at === undefined) return [];
    const { date, zone } = clock(at, true);
    if (date === day) return [];
    day = date;
    return [colors.dim(safe`  ${date} ${zone}`)];
  };
}
