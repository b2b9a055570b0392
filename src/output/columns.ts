import type { Safe } from "./escape.ts";
import { displayWidth, truncate } from "./layout.ts";

/** A column of steps or calls: `least` is what it can be cut to, and 0 lets it go. */
export interface Column {
  readonly name: Safe;
  readonly cells: readonly Safe[];
  readonly least: number;
  readonly isNumber?: boolean;
}

/**
 * The widths in which the columns fit, in order; a column of width 0 is left out. In the given order columns are cut to
 * their least; then those that can be missed go.
 */
export function fitWidths(columns: readonly Column[], room: number, order: readonly string[]): readonly number[] {
  const widths = columns.map(({ name, cells }) => {
    const most = cells.reduce((wide, cell) => Math.max(wide, displayWidth(cell)), 0);
    return most === 0 ? 0 : Math.max(most, displayWidth(name));
  });
  const surplus = (): number => widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + 2), -2) - room;
  for (const isLast of [false, true]) {
    for (const name of order) {
      const index = columns.findIndex((column) => column.name === name);
      const column = columns[index];
      const width = widths[index];
      if (column === undefined || width === undefined || width === 0 || surplus() <= 0) continue;
      if (isLast) widths[index] = 0;
      else if (column.least > 0) widths[index] = Math.max(Math.min(width, column.least), width - surplus());
    }
  }
  return widths;
}

/** A line of the cells at their widths, numbers to the right; no blanks at its end. */
export function rowLine(
  cells: readonly Safe[],
  columns: readonly Pick<Column, "isNumber">[],
  widths: readonly number[],
  more: Safe,
  paints: readonly ((text: Safe) => Safe)[] = [],
): Safe {
  let line = "";
  let end = 0;
  let start = 0;
  for (const [index, cell] of cells.entries()) {
    const width = widths[index] ?? 0;
    if (width === 0) continue;
    const cut = truncate(cell, width, more);
    const used = displayWidth(cut);
    const at = columns[index]?.isNumber === true ? start + width - used : start;
    if (used > 0) {
      line += " ".repeat(at - end) + (paints[index]?.(cut) ?? cut);
      end = at + used;
    }
    start += width + 2;
  }
  return line as Safe;
}
