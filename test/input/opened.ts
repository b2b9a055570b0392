import type { ScanResult } from "../../src/input/json-record.ts";
import { createRecordReader, type InputStats, noInputStats, type RecordReader } from "../../src/input/line-reader.ts";

/** A reader of an input, what it has handed on, and what it has counted. */
interface Opened {
  readonly reader: RecordReader;
  readonly pieces: readonly ScanResult[];
  readonly counts: InputStats;
}

export function open(): Opened {
  const pieces: ScanResult[] = [];
  const counts = noInputStats();
  return { reader: createRecordReader("in", (piece) => pieces.push(piece), counts), pieces, counts };
}
