import type { Encoding, JsonRecord, RecordPosition, Span } from "../json-record.ts";

/** A logical line of text and where it stands. */
export interface Line {
  readonly text: string;
  readonly at: RecordPosition;
  /** Where later pieces stand, when the line was joined of several. */
  readonly joins: readonly Span[] | undefined;
  /** More of the same line follows in the next piece. */
  readonly cut: boolean;
  /** The text was undone from another spelling, so only its start has a place. */
  readonly inexact: boolean;
  /** CSV's doubled quotes were undone in it. */
  readonly csv: boolean;
  readonly encoding: Encoding | undefined;
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

type ByteCounter = (text: string, from: number, to: number) => number;

/** Counts the bytes between two characters. It goes on from its last count: places are mostly asked for in order. */
function createByteCounter(): ByteCounter {
  let counted = { text: "", from: 0, to: 0, bytes: 0 };
  return (text, from, to) => {
    if (counted.text !== text || counted.from !== from || counted.to > to) counted = { text, from, to: from, bytes: 0 };
    counted.bytes += Buffer.byteLength(text.slice(counted.to, to));
    counted.to = to;
    return counted.bytes;
  };
}

/** Lines and documents are asked about in turn, so each has a counter of its own. */
const bytesInLine = createByteCounter();
const bytesInDocument = createByteCounter();

/**
 * The place of the character `index` of a text that stands from its character `from` on at `at`. Inside another document
 * everything stands at the string that holds it.
 */
export function placeBehind(
  at: RecordPosition,
  text: string,
  from: number,
  index: number,
  encoding: Encoding | undefined,
  count = bytesInDocument,
): RecordPosition {
  if (index === from || "outer" in at) return at;
  const unit = encoding?.unit;
  const bytes = unit === undefined ? count(text, from, index) : unit * (index - from);
  return { input: at.input, line: at.line, column: at.column + index - from, offset: at.offset + bytes };
}

/** The place of a character of the line. */
export function placeInLine(line: Line, index: number): RecordPosition {
  if (line.inexact) return line.at;
  const span = spanAt(line.joins, index) ?? { at: line.at, start: 0, encoding: line.encoding };
  return placeBehind(span.at, line.text, span.start, index, span.encoding, bytesInLine);
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

/** Where later pieces of the line stand, counted from a character on; undefined when it has none. */
function joinsFrom({ joins }: Line, from: number, at: RecordPosition): Span[] | undefined {
  return (
    joins && [
      { start: 0, at, encoding: spanAt(joins, from)?.encoding },
      ...joins.filter((join) => join.start > from).map((join) => ({ ...join, start: join.start - from })),
    ]
  );
}

/** A line of its own for what stands in the line from a character on, `text`, which is as long. */
export function lineFrom(line: Line, from: number, text: string): Line {
  const at = placeInLine(line, from);
  const length = line.inexact ? Math.max(0, line.length - from) : text.length;
  return { ...line, text, at, joins: joinsFrom(line, from, at), base: line.base + from, length };
}

/** A part of the line as a document, with the JSON value that it holds. */
export function documentInLine(line: Line, from = 0, to = line.text.length, value?: unknown): JsonRecord {
  const at = placeInLine(line, from);
  return {
    text: line.text.slice(from, to),
    value,
    at,
    spans: joinsFrom(line, from, at),
    inexact: line.inexact,
    element: undefined,
    encoding: line.encoding,
  };
}
