import { type Counts, noCounts } from "../../src/input/input-counts.ts";
import type { Piece } from "../../src/input/json-record.ts";
import { createRecordReader, type RecordReader } from "../../src/input/line-reader.ts";

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
