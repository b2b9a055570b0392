import { UsageError } from "../../errors.ts";
import { type Appended, createGroupCommit } from "./group-commit.ts";
import { codeOf, type Files, systemFiles } from "./journal-files.ts";
import { acquireLock, type LockOwner } from "./lock.ts";
import { type Log, openLog, type Repair } from "./log.ts";
import { endLine, repairTail } from "./repair-tail.ts";

/** The record of a listener: what `append` acknowledged survives kill -9 and loss of power. */
export interface Journal {
  readonly path: string;
  /** How many of the file's bytes are whole lines on disk; less than before once the file was moved away and made anew. */
  readonly size: number;
  /** What was found at the end of the file when it was opened. */
  readonly recovered: Recovered;
  /** Adds a line, newline included. Resolves once it is on disk, rejects with JournalError if that cannot be. */
  append(line: Buffer): Promise<Appended>;
  /** Calls the listener with the size whenever lines were added; returns what takes it off again. */
  onGrowth(listener: (size: number) => void): () => void;
  /** Waits for what was appended, and gives the lock back. Never rejects: what is acknowledged is on disk before. */
  close(): Promise<void>;
}

interface Recovered {
  readonly keptBytes: number;
  /** The bytes of a line that a crash cut off, taken from the end and kept in FILE.rejected. */
  readonly movedBytes: number;
}

/** What turned requests down are kept in: FILE.rejected, of the same durability, but of bounded size. */
export interface RejectedJournal {
  readonly path: string;
  /** How many lines were only counted, since the file is full. */
  readonly countedOnly: number;
  /** As of Journal; a line that is only counted is told the place where the file ends. */
  append(line: Buffer): Promise<Appended>;
  close(): Promise<void>;
}

export interface JournalOptions extends Omit<LockOwner, "files"> {
  readonly files?: Files;
  /** Epoch milliseconds. */
  now(): number;
}

/** So much of what anyone may send unsigned is kept. */
const MAX_REJECTED_BYTES = 64 * 1024 * 1024;

/**
 * Opens the record, or makes it: takes FILE.lock, moves a torn last line to FILE.rejected, and brings what is there to the
 * disk. Throws UsageError for a file that cannot be the record, with the way out.
 */
export async function openJournal(
  path: string,
  { files = systemFiles, pid, isRunning, now }: JournalOptions,
): Promise<Journal> {
  const lockPath = `${path}.lock`;
  const lock = await acquireLock(lockPath, { files, pid, isRunning }).catch((error) => {
    throw codeOf(error) === "ELOOP"
      ? new UsageError(`${lockPath} is a symbolic link, which no lock of ours is; remove it`)
      : usageErrorOf(error, path);
  });
  if (lock.kind === "held") {
    throw new UsageError(
      lock.pid === undefined
        ? `${lockPath} does not tell which process records; remove it if none does`
        : `${path} is being recorded by process ${lock.pid}; stop that one, or name another file`,
    );
  }
  let recovered: Recovered = { keptBytes: 0, movedBytes: 0 };
  try {
    const log = await openLog(path, files, async (file, size) => {
      const keptBytes = await repairTail(file, size, now(), aside);
      recovered = { keptBytes, movedBytes: Math.max(0, size - keptBytes) };
      return keptBytes;
    });
    return createJournal(path, log, recovered, lock.release);
  } catch (error) {
    await lock.release();
    throw usageErrorOf(error, path);
  }

  /** The torn line is rare: the file for it is opened each time. */
  async function aside(line: Buffer): Promise<void> {
    const rejected = await open(rejectedPath(path), files, endLine);
    try {
      await rejected.append(line);
    } finally {
      await rejected.close();
    }
  }
}

function createJournal(path: string, log: Log, recovered: Recovered, unlock: () => Promise<void>): Journal {
  const listeners = new Set<(size: number) => void>();
  const group = createGroupCommit(log, () => {
    // A listener's fault is its own: it must not look like one of the disk.
    for (const listener of listeners) queueMicrotask(() => listener(log.size));
  });
  return {
    path,
    recovered,
    get size() {
      return log.size;
    },
    append: group.append,
    onGrowth(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await group.close();
      await unlock();
    },
  };
}

const rejectedPath = (path: string): string => `${path}.rejected`;

/**
 * Opens FILE.rejected of the record at the path, whose lock has to be held. Beyond 64 MiB (`limit`, in bytes) what is
 * rejected is only counted, so that nobody can fill the disk unsigned. Throws UsageError as `openJournal` does.
 */
export async function openRejected(
  path: string,
  { files = systemFiles, limit = MAX_REJECTED_BYTES }: { readonly files?: Files; readonly limit?: number } = {},
): Promise<RejectedJournal> {
  const log = await open(rejectedPath(path), files, endLine);
  const group = createGroupCommit(log);
  let countedOnly = 0;
  return {
    path: rejectedPath(path),
    get countedOnly() {
      return countedOnly;
    },
    async append(line) {
      if (log.size + group.backlog + line.length <= limit) return group.append(line);
      countedOnly += 1;
      return { offset: log.size };
    },
    close: group.close,
  };
}

async function open(path: string, files: Files, repair: Repair): Promise<Log> {
  try {
    return await openLog(path, files, repair);
  } catch (error) {
    throw usageErrorOf(error, path);
  }
}

const problems: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there; name another file",
  EPERM: "no permission to write there; name another file",
  EROFS: "the file system is read-only; name a file elsewhere",
  ENOENT: "there is no such folder; make it first",
  ENOTDIR: "there is no such folder; make it first",
  EISDIR: "it is a folder; name a file in it",
  ELOOP: "it is a symbolic link, which may lead anywhere; name the file itself",
  ENOSPC: "the disk is full; make room, or name a file elsewhere",
  EDQUOT: "your share of the disk is full; make room, or name a file elsewhere",
};

/** What went wrong with the path, in one line for the user; what is no error of the system stays as it is. */
function usageErrorOf(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new UsageError(`${path}: ${problems[code] ?? `it cannot be written (${code}); name another file`}`);
}
