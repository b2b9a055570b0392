import type { WideEncoding } from "./charset.ts";
import { createEventFinder, type FoundObject } from "./find-events.ts";
import { GzipError, openText } from "./gunzip.ts";
import { type ParseError, type Position, plainRecord, type ScanResult } from "./json-record.ts";
import type { InputStats } from "./line-reader.ts";
import { createRecordReader, type InputPlace, type RecordReader } from "./line-reader.ts";
import type { Prefilter } from "./prefilter.ts";
import { MAX_RECORD_BYTES } from "./scan/json-candidate.ts";
import { findParseError } from "./scan/json-scan.ts";
import type { Source } from "./sources.ts";

interface Reading<Taken> {
  readonly take?: ((piece: ScanResult) => readonly Taken[] | undefined) | undefined;
  readonly sieve?: Prefilter | undefined;
  /** The start of the line that is read first; the first of all unless told. */
  readonly start?: InputPlace | undefined;
}

/**
 * Reads the bytes of the input that has the name: hands what it finds to `visit`, in order and at once, while it is still
 * in the processor's cache, and fills `counts` as it goes. `take` is asked about each piece of text before it is searched
 * for events: what it makes of it is visited in its place. What the sieve holds back is counted only.
 */
export function createReader<Taken = never>(
  name: string,
  counts: InputStats,
  visit: (item: FoundObject | ParseError | Taken) => void,
  { take, sieve, start }: Reading<Taken> = {},
): RecordReader {
  const finder = createEventFinder((item) => {
    if (item.kind === "fault") counts.faults++;
    else counts.events++;
    visit(item);
  });
  const takePiece = (piece: ScanResult): void => {
    const before = counts.events;
    const taken = take?.(piece);
    if (taken !== undefined) {
      for (const item of taken) visit(item);
      counts.records++;
      return;
    }
    finder.take(piece);
    if (piece.kind === "fault") return;
    counts.records++;
    if (counts.events === before) counts.barren++;
  };
  const reader = createRecordReader(name, takePiece, counts, sieve, start);
  return {
    ...reader,
    isAtRest: () => reader.isAtRest() && finder.isAtRest(),
    end() {
      reader.end();
      finder.end();
    },
  };
}

/**
 * Reads a source whole, see `createReader`; yields after each chunk and at the end. Damaged gzip is a fault; an input that
 * fails to be read throws, after what was read has been visited.
 */
export async function* readSource<Taken = never>(
  source: Source,
  counts: InputStats,
  visit: (item: FoundObject | ParseError | Taken) => void,
  reading: Reading<Taken> = {},
): AsyncGenerator<undefined> {
  let failure: unknown;
  const eventsBefore = counts.events;
  const faultsBefore = counts.faults;
  const reader = createReader(source.name, counts, visit, reading);
  try {
    const opened = await openText(source.open());
    if (opened.encoding) visit(recoded(source.name, opened.encoding));
    for await (const chunk of opened.chunks) {
      reader.push(chunk);
      yield;
    }
  } catch (error) {
    failure = error;
  }
  const end = reader.place();
  reader.end();
  if (failure instanceof GzipError) visit(fault("json-syntax", failure.message, end));
  if (failure === undefined && counts.events === eventsBefore && counts.faults === faultsBefore) {
    const broken = await findFault(source);
    if (broken) {
      counts.faults++;
      visit(broken);
    }
  }
  yield;
  if (failure !== undefined && !(failure instanceof GzipError)) throw failure;
}

/** A file that calls itself JSON and holds no event is read as one JSON text: where it is none, that is the finding. */
export async function findFault(source: Source): Promise<ParseError | undefined> {
  if (!/\.json(?:\.gz)?$/i.test(source.name)) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await openText(source.open())).chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > MAX_RECORD_BYTES) return undefined;
  }
  const bytes = Buffer.concat(parts);
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  const broken = findParseError(text);
  if (!broken) return undefined;
  const before = text.slice(0, broken.index);
  const lineStart = before.lastIndexOf("\n") + 1;
  return fault("json-syntax", broken.problem, {
    input: source.name,
    line: before.split("\n").length,
    column: broken.index - lineStart + 1,
    offset: Buffer.byteLength(before),
  });
}

/** How an encoding is called, and where it is usually met. */
const encodingNames = {
  "utf-16le": "UTF-16 LE, as PowerShell 5 writes it with >",
  "utf-16be": "UTF-16 BE",
  "utf-32le": "UTF-32 LE",
  "utf-32be": "UTF-32 BE",
} as const satisfies Record<WideEncoding, string>;

function recoded(input: string, encoding: WideEncoding): ParseError {
  const problem = `the input is ${encodingNames[encoding]}; it was read as such, and offsets count its UTF-8 bytes`;
  return fault("json-encoding", problem, { input, line: 1, column: 1, offset: 0 });
}

function fault(rule: ParseError["rule"], problem: string, at: Position): ParseError {
  return { kind: "fault", rule, problem, document: plainRecord("", undefined, at), index: 0 };
}
