import { rm } from "node:fs/promises";
import { reasonOf, UsageError } from "../../errors.ts";
import {
  codeOf,
  type OpenFile,
  OWNER_ONLY,
  openFlags,
  readFrom,
  readPart,
  systemFiles,
  writeAll,
  writeNew,
} from "../journal/journal-files.ts";

/** What a cursor is about: it counts for this target and this record only. */
export interface CursorSubject {
  /** The target, its credentials masked. */
  readonly target: string;
  /** The file of the record, by which it is known again. */
  readonly record: string;
  /** How much of the record is on disk. */
  readonly size: number;
}

/** Where a run starts: where the last one ended, or at the record's end, and why there. */
export type CursorState = "continued" | "new" | "other target" | "other record";

export interface Cursor {
  readonly state: CursorState;
  /** Every record that begins before it is finished. */
  readonly offset: number;
  /** Of the records that begin at the offset or behind it, those that are finished, by where they begin. */
  readonly finished: ReadonlySet<number>;
  /**
   * Notes that the record which begins at `start` is finished, as is every record before `offset`; resolves when that is
   * in the file. False when it could not be written, which is tried again with the next one.
   */
  finish(start: number, offset: number): Promise<boolean>;
  /** Begins anew with another file of the record. */
  restart(record: string, offset: number): Promise<boolean>;
  close(): Promise<void>;
}

const VERSION = 1;

/** After so many records the file is written anew. */
const COMPACT_AFTER = 4096;

/** A file of ours is never this long. */
const MAX_BYTES = 1024 * 1024;

/**
 * Opens the file that tells how far a record was forwarded: one JSON line, then the start of each finished record on a
 * line. It survives a kill at any moment; after one, only what was in flight is repeated. UsageError when the file holds
 * anything else, or cannot be read or written.
 */
export async function openCursor(path: string, subject: CursorSubject, from: "cursor" | "end"): Promise<Cursor> {
  const known = await read(path);
  const state = stateOf(known, subject);
  const isContinued = state === "continued" && from === "cursor" && known !== undefined;
  const start = isContinued ? known.offset : subject.size;
  let record = subject.record;
  let low = start;
  let finished = new Set(isContinued ? known.finished : []);
  const before: ReadonlySet<number> = new Set(finished);
  let file: OpenFile | undefined;
  /** Set while it is not known how much of a write is in the file. */
  let isUncertain = true;
  let queue: number[] = [];
  let current: Promise<boolean> = Promise.resolve(true);
  let coming: Promise<boolean> | undefined;

  async function writeAnew(): Promise<void> {
    for (const each of finished) if (each < low) finished.delete(each);
    const head = JSON.stringify({ v: VERSION, target: subject.target, record, offset: low });
    const fresh = `${path}.new`;
    await rm(fresh, { force: true });
    // On disk before it has its name: else a power loss could leave the name with no bytes behind it.
    await writeNew(systemFiles, fresh, `${head}\n${linesOf(finished)}`);
    await systemFiles.rename(fresh, path);
    const opened = await systemFiles.open(path, openFlags.append, OWNER_ONLY);
    await file?.close();
    file = opened;
  }

  async function write(): Promise<boolean> {
    const starts = queue;
    queue = [];
    for (const each of starts) finished.add(each);
    const isWhole = isUncertain || finished.size >= COMPACT_AFTER;
    isUncertain = true;
    try {
      if (isWhole || file === undefined) await writeAnew();
      else await writeAll(file, Buffer.from(linesOf(starts)));
      isUncertain = false;
      return true;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return false;
    }
  }

  /** What is to be noted while a write is under way goes into the next, in one go. */
  function note(): Promise<boolean> {
    coming ??= current.then(() => {
      coming = undefined;
      current = write();
      return current;
    });
    return coming;
  }

  try {
    await writeAnew();
    isUncertain = false;
  } catch (error) {
    throw problemWith(error, path, "written");
  }

  return {
    state: from === "end" && state === "continued" ? "new" : state,
    offset: start,
    finished: before,
    finish(begin, offset) {
      queue.push(begin);
      low = offset;
      return note();
    },
    restart(next, offset) {
      record = next;
      low = offset;
      finished = new Set();
      isUncertain = true;
      return note();
    },
    async close() {
      await (coming ?? current);
      await file?.close();
      file = undefined;
    },
  };
}

interface Known {
  readonly target: string;
  readonly record: string;
  readonly offset: number;
  readonly finished: readonly number[];
}

/** What the file says; undefined where there is none, or an empty one. */
async function read(path: string): Promise<Known | undefined> {
  const text = await readFrom(systemFiles, path, async (file) => {
    const { size } = await file.stat();
    return size > MAX_BYTES ? "too long" : (await readPart(file, 0, size)).toString("latin1");
  }).catch((error: unknown) => {
    throw problemWith(error, path, "read");
  });
  if (text === undefined || text === "") return undefined;
  const [head = "", ...lines] = text.split("\n");
  const known = parse(head);
  if (known === undefined)
    throw new UsageError(`${path} is no file of twilio-events; move it away, or name another record`);
  // What stands behind the last newline was cut off by a kill.
  return { ...known, finished: lines.slice(0, -1).map(Number).filter(Number.isSafeInteger) };
}

function parse(head: string): Omit<Known, "finished"> | undefined {
  try {
    const { v, target, record, offset } = JSON.parse(Buffer.from(head, "latin1").toString("utf8"));
    const isOurs = v === VERSION && typeof target === "string" && typeof record === "string";
    return isOurs && Number.isSafeInteger(offset) ? { target, record, offset } : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(known: Known | undefined, { target, record, size }: CursorSubject): CursorState {
  if (known === undefined) return "new";
  if (known.target !== target) return "other target";
  return known.record === record && known.offset <= size ? "continued" : "other record";
}

const linesOf = (starts: Iterable<number>): string => Array.from(starts, (each) => `${each}\n`).join("");

/** What an error of the system means to the user; any other error stays as it is. */
function problemWith(error: unknown, path: string, action: "read" | "written"): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new UsageError(`${path}: how far was forwarded cannot be ${action} there: ${causes[code] ?? reasonOf(error)}`);
}

const causes: Readonly<Record<string, string>> = {
  ELOOP: "it is a link",
  EACCES: "no permission",
  EPERM: "no permission",
  EISDIR: "it is a folder",
  ENOSPC: "no space left on the device",
};
