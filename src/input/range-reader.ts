import { type FileHandle, open } from "node:fs/promises";
import type { FoundObject } from "./find-events.ts";
import { isPlain } from "./gunzip.ts";
import type { ParseError } from "./json-record.ts";
import type { InputStats } from "./line-reader.ts";
import type { Prefilter } from "./prefilter.ts";
import { createReader } from "./read-source.ts";
import { CHUNK_BYTES, readFile } from "./sources.ts";

/** Whole lines of a file, by their offsets. The first has the number `line`, where that is known; else 1. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
/** So far a border is looked for at a line that begins with an object, and then at any line. */
const NEAR = 256 * 1024;
/** A line so long is no place to cut at all. */
const FAR = 64 * 1024 * 1024;
/** How much is read at first behind a range that ended in the middle of something. */
const FIRST_STEP = 4096;

/**
 * Reads a range as `readSource` reads the whole, and on behind its end as long as what was read makes a difference to what
 * comes: inside a value over several lines, say. Yields after each chunk; returns the offset where it ended, which is
 * infinite at the end of the file.
 */
export async function* readRange(
  path: string,
  range: ByteRange,
  counts: InputStats,
  visit: (item: FoundObject | ParseError) => void,
  sieve: Prefilter | undefined,
): AsyncGenerator<undefined, number> {
  const start = { line: range.line, offset: range.start };
  const reader = createReader(path, counts, visit, { sieve, start });
  let offset = range.start;
  let step = FIRST_STEP;
  try {
    for await (const chunk of readFile(path, CHUNK_BYTES, range.start, range.end)) {
      let from = 0;
      while (from < chunk.length) {
        const to = offset < range.end ? Math.min(chunk.length, from + range.end - offset) : lineEnd(chunk, from + step);
        reader.push(chunk.subarray(from, to));
        if (offset >= range.end) step *= 2;
        offset += to - from;
        from = to;
        if (offset >= range.end && reader.isAtRest()) return offset;
      }
      yield;
    }
  } catch (error) {
    reader.end();
    throw error;
  }
  reader.end();
  yield;
  return Number.POSITIVE_INFINITY;
}

/** The end of the line that the index is in. */
function lineEnd(chunk: Buffer, index: number): number {
  const newline = index < chunk.length ? chunk.indexOf(NEWLINE, index) : -1;
  return newline === -1 ? chunk.length : newline + 1;
}

/**
 * Cuts a file into ranges of about so many bytes; one that is packed into none. Where it can, it cuts before an object at
 * the start of a line. With `countsLines` it tells the number of each range's first line.
 */
export async function* splitFile(path: string, size: number, countsLines: boolean): AsyncGenerator<ByteRange> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, 64, 0);
    if (!isPlain(buffer.subarray(0, bytesRead))) return;
    let start = 0;
    let line = 1;
    for (;;) {
      const end = await borderBehind(file, start + size, buffer);
      if (end === undefined) break;
      yield { start, end, line };
      if (countsLines) line += await newlinesBetween(file, start, end, buffer);
      start = end;
    }
    yield { start, end: Number.POSITIVE_INFINITY, line };
  } finally {
    await file.close();
  }
}

/** The start of a line at or behind the offset; undefined when the file ends before. */
async function borderBehind(file: FileHandle, offset: number, buffer: Buffer): Promise<number | undefined> {
  let any: number | undefined;
  for (let at = offset; at < offset + FAR; ) {
    const { bytesRead } = await file.read(buffer, 0, NEAR, at);
    // With a newline as its last byte the file goes on behind it, or there is nothing to cut off.
    if (bytesRead < 2) return undefined;
    const bytes = buffer.subarray(0, bytesRead);
    for (let index = bytes.indexOf(NEWLINE); index !== -1; index = bytes.indexOf(NEWLINE, index + 1)) {
      if (bytes[index + 1] === OPEN_BRACE) return at + index + 1;
      if (index + 1 < bytesRead) any ??= at + index + 1;
    }
    if (any !== undefined) return any;
    // The last byte is read again: it may be a newline.
    at += bytesRead - 1;
  }
  return undefined;
}

async function newlinesBetween(file: FileHandle, start: number, end: number, buffer: Buffer): Promise<number> {
  let count = 0;
  for (let at = start; at < end; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    for (let index = bytes.indexOf(NEWLINE); index !== -1; index = bytes.indexOf(NEWLINE, index + 1)) count++;
    at += bytesRead;
  }
  return count;
}
