import type { Safe } from "../escape.ts";
import type { Screen, TableItem } from "../items.ts";
import { displayWidth, pad, truncate } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";

/** A table whose cells are one safe line each, and the columns that each of its columns takes. */
export interface Grid {
  readonly header: readonly Safe[];
  readonly rows: readonly (readonly Safe[])[];
  readonly widths: readonly number[];
}

/** The narrowest that a column is cut to, and the widest that one is padded to on a pipe, where nothing is cut. */
const narrowest = 6;
const widestPadded = 60;

/** The table as it fits the room for its cells: on a terminal columns are cut from the last one on, on a pipe none is. */
export function gridOf({ columns, rows }: TableItem, screen: Screen, room: number): Grid {
  const text = textFor(screen);
  const { more } = glyphsFor(screen);
  const whole = [columns, ...rows].map((row) => columns.map((_, i) => text(row[i] ?? "")));
  const natural = columns.map((_, i) => whole.reduce((most, row) => Math.max(most, displayWidth(row[i] as Safe)), 0));
  const widths = screen.terminal ? shrink(natural, room) : natural.map((width) => Math.min(width, widestPadded));
  const cells = screen.terminal
    ? whole.map((row) => row.map((cell, i) => truncate(cell, widths[i] as number, more)))
    : whole;
  const [header = [], ...body] = cells;
  return { header, rows: body, widths };
}

/** What a row is about stands first, so the first columns keep their width the longest. */
function shrink(natural: readonly number[], room: number): number[] {
  let surplus = natural.reduce((sum, width) => sum + width, 0) - room;
  const widths = [...natural];
  for (let i = widths.length - 1; i >= 0 && surplus > 0; i--) {
    const width = widths[i] as number;
    const cut = Math.min(surplus, Math.max(0, width - narrowest));
    widths[i] = width - cut;
    surplus -= cut;
  }
  return widths;
}

/** A line of cells under one another without borders, and without blanks at its end. */
export function plainRow(cells: readonly Safe[], widths: readonly number[]): Safe {
  const last = cells.findLastIndex((cell) => cell !== "");
  return cells
    .slice(0, last + 1)
    .map((cell, i) => (i < last ? pad(cell, widths[i] as number) : cell))
    .join("  ") as Safe;
}
