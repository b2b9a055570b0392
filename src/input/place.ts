import type { Place, Span } from "./document.ts";

/** A logical line of text and where it stands. */
export interface Line {
  readonly text: string;
  readonly at: Place;
  /** Where later pieces stand, when the line was joined of several. */
  readonly joins: readonly Span[] | undefined;
  /** More of the same line follows in the next piece. */
  readonly cut: boolean;
  /** The text was undone from another spelling, so only its start has a place. */
  readonly inexact: boolean;
  /** CSV's doubled quotes were undone in it. */
  readonly csv: boolean;
  readonly encoding: string | undefined;
  /** How often the line was looked at again after a value around it turned out broken. */
  readonly rescans: number;
  /** The line's position in its text, counted in characters, and its length there. */
  readonly base: number;
  readonly length: number;
}

/** The position in the whole text of a character of the line. */
export function positionOf(line: Line, index: number): number {
  if (line.inexact) return index === 0 ? line.base : line.base + line.length;
  return line.base + index;
}

/** The place `index` characters behind `at`; inside another document everything stands at the string that holds it. */
export function shift(at: Place, text: string, index: number, singleByte: boolean): Place {
  if (index === 0 || "outer" in at) return at;
  const bytes = singleByte ? index : Buffer.byteLength(text.slice(0, index));
  return { input: at.input, line: at.line, column: at.column + index, offset: at.offset + bytes };
}

/** The place of a character of the line. */
export function placeInLine(line: Line, index: number): Place {
  if (line.inexact) return line.at;
  const span = spanAt(line.joins, index);
  const start = span?.start ?? 0;
  return shift(span?.at ?? line.at, line.text.slice(start), index - start, line.encoding === "windows-1252");
}

/** The last span that begins at or before the index. */
export function spanAt(spans: readonly Span[] | undefined, index: number): Span | undefined {
  let low = 0;
  let high = spans?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans?.[middle]?.start ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return spans?.[low - 1];
}
