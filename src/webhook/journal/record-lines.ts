import { stat } from "node:fs/promises";
import { parseJson, type RecordedRequest, toRecordedRequest } from "../webhook-request.ts";
import { type OpenFile, openFlags, readPart, systemFiles } from "./journal-files.ts";

const NEWLINE = 0x0a;

/** So much of a file is read at once, and of one that grows. */
const CHUNK_BYTES = 256 * 1024;
const FOLLOW_BYTES = 64 * 1024;

/** The longest line that is read whole: a body of 12 MiB, the most that is taken, with each byte written as \u0000. */
export const MAX_LINE_BYTES = 80 * 1024 * 1024;

/** The request that a line of a record holds; undefined for any other text. */
export const parseRecordLine = (line: Buffer): RecordedRequest | undefined =>
  toRecordedRequest(parseJson(line.toString("utf8")));

/** A whole line and where it stands. */
interface Line {
  /** In bytes from the beginning of the file; `end` is behind the newline. */
  readonly start: number;
  readonly end: number;
  /** Without the newline; undefined where the line is too long to be kept. */
  readonly bytes: Buffer | undefined;
}

/** `moved`: the file was read out, and another one stands at its path. `cut`: it is shorter than what was read of it. */
export type Next = Line | "moved" | "cut" | undefined;

export interface LineFollower {
  /** The file's device and number, by which it is known again. */
  readonly id: string;
  /** The end of the last line that was read. */
  readonly offset: number;
  /** The next whole line of the file's first `size` bytes; undefined until there is one. */
  next(size: number): Promise<Next>;
  /** Goes on at another offset of the file. */
  skipTo(offset: number): void;
  /** Goes on at the beginning of the file that stands at the path now. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads the lines of a file that grows, from its beginning or any line on. No more is held than a chunk or a line. A file that was
 * renamed, as by a rotation of logs, is read to its end.
 */
export async function followLines(path: string, maxLineBytes = MAX_LINE_BYTES): Promise<LineFollower> {
  let file = await openRecord(path);
  let lineStart = 0;
  /** What was read from the line's start on, but for the `skipped` bytes of a line that is too long. */
  let held: Buffer = Buffer.alloc(0);
  let skipped = 0;
  let searched = 0;
  /** The size of a file that another one has replaced. */
  let lastSize: number | undefined;

  async function next(size: number): Promise<Next> {
    for (;;) {
      const newline = held.indexOf(NEWLINE, searched);
      if (newline >= 0) return endLine(newline);
      searched = held.length;
      if (held.length > maxLineBytes) {
        skipped += held.length;
        held = Buffer.alloc(0);
        searched = 0;
      }
      if (await readMore((lastSize ?? size) - lineStart - skipped - held.length)) continue;
      if (lastSize !== undefined) return "moved";
      const [own, current] = await Promise.all([file.handle.stat(), stat(path).catch(() => undefined)]);
      if (own.size < lineStart) return "cut";
      // While no file stands at the path, none can be gone on with.
      if (current === undefined || idOf(current) === file.id) return undefined;
      lastSize = own.size;
    }
  }

  function endLine(newline: number): Line {
    const start = lineStart;
    const bytes = skipped > 0 ? undefined : held.subarray(0, newline);
    lineStart += skipped + newline + 1;
    held = held.subarray(newline + 1);
    skipped = 0;
    searched = 0;
    return { start, end: lineStart, bytes };
  }

  /** A line of many chunks doubles what is read at once, so that its bytes are copied only a few times. */
  async function readMore(left: number): Promise<boolean> {
    if (left <= 0) return false;
    const chunk = Buffer.allocUnsafe(Math.min(left, Math.max(FOLLOW_BYTES, held.length)));
    const length = await file.handle.read(chunk, lineStart + skipped + held.length);
    held = Buffer.concat([held, chunk.subarray(0, length)]);
    return length > 0;
  }

  function skipTo(from: number): void {
    lineStart = from;
    held = Buffer.alloc(0);
    skipped = 0;
    searched = 0;
    lastSize = undefined;
  }

  return {
    get id() {
      return file.id;
    },
    get offset() {
      return lineStart;
    },
    next,
    skipTo,
    async reopen() {
      const old = file;
      file = await openRecord(path);
      await old.handle.close();
      skipTo(0);
    },
    close: () => file.handle.close(),
  };
}

async function openRecord(path: string): Promise<{ readonly handle: OpenFile; readonly id: string }> {
  const handle = await systemFiles.open(path, openFlags.read);
  return { handle, id: idOf(await handle.stat()) };
}

const idOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;

/** The lines before `end` from the last one to the first, without their newlines; empty ones and giants are passed over. */
export async function* linesBackwards(file: OpenFile, end: number): AsyncGenerator<Buffer> {
  /** What is known of the line that is being read, from its end to its beginning. */
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (): Buffer | undefined => {
    const line = length > 0 && length <= MAX_LINE_BYTES ? Buffer.concat(pieces.reverse()) : undefined;
    pieces = [];
    length = 0;
    return line;
  };
  const gather = (piece: Buffer): void => {
    length += piece.length;
    if (length <= MAX_LINE_BYTES) pieces.push(piece);
    else pieces = [];
  };
  for await (const { bytes } of chunksBackwards(file, end)) {
    let rest = bytes;
    for (let newline = rest.lastIndexOf(NEWLINE); newline >= 0; newline = rest.lastIndexOf(NEWLINE)) {
      gather(rest.subarray(newline + 1));
      const line = take();
      if (line !== undefined) yield line;
      rest = rest.subarray(0, newline);
    }
    gather(rest);
  }
  const first = take();
  if (first !== undefined) yield first;
}

interface Chunk {
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly from: number;
}

/** A file up to `end` from its last chunk to its first. */
export async function* chunksBackwards(file: OpenFile, end: number): AsyncGenerator<Chunk> {
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - CHUNK_BYTES);
    const bytes = await readPart(file, from, to);
    if (bytes.length < to - from) throw Object.assign(new Error("the file became shorter"), { code: "EIO" });
    yield { bytes, from };
    to = from;
  }
}

/** How many lines end in the first `end` bytes of a file. */
export async function countLines(file: OpenFile, end: number): Promise<number> {
  let lines = 0;
  for await (const { bytes } of chunksBackwards(file, end)) {
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  }
  return lines;
}
