import type { Safe } from "../escape.ts";
import { displayWidth, truncate } from "./layout.ts";

/** A column of steps or calls: `least` is what it can be cut to, where it can. */
export interface Column {
  readonly name: Safe;
  readonly cells: readonly Safe[];
  readonly least: number;
  readonly isNumber?: boolean;
}

/**
 * The widths in which the columns fit the room; a column of width 0 is left out. In one order columns are cut to their
 * least; where that is not enough, those that can be missed go, in the other.
 */
export function fitWidths(
  columns: readonly Column[],
  room: number,
  cutOrder: readonly string[],
  dropOrder: readonly string[],
): readonly number[] {
  const natural = columns.map(({ name, cells }) => {
    const most = cells.reduce((wide, cell) => Math.max(wide, displayWidth(cell)), 0);
    return most === 0 ? 0 : Math.max(most, displayWidth(name));
  });
  for (let dropped = 0; ; dropped++) {
    const gone = dropOrder.slice(0, dropped);
    const widths = columns.map(({ name }, index) => (gone.includes(name) ? 0 : (natural[index] as number)));
    let surplus = widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + 2), -2) - room;
    for (const name of cutOrder) {
      const index = columns.findIndex((column) => column.name === name);
      const width = widths[index] as number;
      const cut = Math.min(surplus, width - (columns[index] as Column).least);
      if (cut <= 0) continue;
      widths[index] = width - cut;
      surplus -= cut;
    }
    if (surplus <= 0 || dropped === dropOrder.length) return widths;
  }
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
    const width = widths[index] as number;
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
