import { type Counts, noCounts } from "../../src/input/counts.ts";
import type { Piece } from "../../src/input/document.ts";
import { createRecordReader, type RecordReader } from "../../src/input/records.ts";

/** A reader of an input, what it has handed on, and what it has counted. */
interface Opened {
  readonly reader: RecordReader;
  readonly pieces: readonly Piece[];
  readonly counts: Counts;
}

export function open(): Opened {
  const pieces: Piece[] = [];
  const counts = noCounts();
  return { reader: createRecordReader("in", (piece) => pieces.push(piece), counts), pieces, counts };
}
