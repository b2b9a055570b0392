import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { O_NOFOLLOW } from "./journal/journal-files.ts";

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

export interface Tail {
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

const CHUNK = 64 * 1024;

/** The longest line that a record is repaired by, too; a longer one is no request. */
const LONGEST_LINE = 80 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Reads the lines of a file that grows, from its beginning or any line on. No more is held than a chunk or a line. A file that was
 * renamed, as by a rotation of logs, is read to its end.
 */
export async function openTail(path: string, longestLine = LONGEST_LINE): Promise<Tail> {
  let file = await openFile(path);
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
      if (newline >= 0) return takeLine(newline);
      searched = held.length;
      if (held.length > longestLine) {
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

  function takeLine(newline: number): Line {
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
    const chunk = Buffer.allocUnsafe(Math.min(left, Math.max(CHUNK, held.length)));
    const { bytesRead } = await file.handle.read(chunk, 0, chunk.length, lineStart + skipped + held.length);
    held = Buffer.concat([held, chunk.subarray(0, bytesRead)]);
    return bytesRead > 0;
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
      file = await openFile(path);
      await old.handle.close();
      skipTo(0);
    },
    close: () => file.handle.close(),
  };
}

async function openFile(path: string): Promise<{ readonly handle: FileHandle; readonly id: string }> {
  // Windows has no such flag; the record itself was opened without following a link.
  const handle = await open(path, constants.O_RDONLY | O_NOFOLLOW);
  return { handle, id: idOf(await handle.stat()) };
}

const idOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;
