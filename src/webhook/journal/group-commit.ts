import { setImmediate as nextTurn } from "node:timers/promises";
import { codeOf } from "./journal-files.ts";
import type { Log } from "./log.ts";

/** Where a line that was kept stands in its file: the place of its first byte. */
export interface Appended {
  readonly offset: number;
}

/** Why a line was not kept: nothing of it is in the file, and a later one may well be kept. */
export type JournalFault = "the disk is full" | "the queue is full" | "the record cannot be written" | "closed";

/** A line that was not kept; `cause` holds what the system said. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly reason: JournalFault;

  constructor(reason: JournalFault, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** Lines from many writers at once, brought to the disk together. */
export interface GroupCommit {
  /** The bytes that wait or are being written. */
  readonly backlog: number;
  append(line: Buffer): Promise<Appended>;
  /** Waits for what was appended, takes no more, and closes the log. */
  close(): Promise<void>;
}

interface Waiting {
  readonly line: Buffer;
  resolve(kept: Appended): void;
  reject(error: JournalError): void;
}

/** What is written and synced at once: enough that the sync costs each line little, and no line waits for long. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_BATCH_LINES = 1000;

/** So much waits at most: beyond, the sender is told at once to try later, rather than to run into its time-out. */
const MAX_BACKLOG_BYTES = 32 * 1024 * 1024;

/** Appends to the log in batches: while one is being synced the next one gathers. `onGrowth` is called after each. */
export function createGroupCommit(log: Log, onGrowth: () => void = () => undefined): GroupCommit {
  const queue: Waiting[] = [];
  let backlog = 0;
  let writing: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  async function writeQueue(): Promise<void> {
    // What else came in this turn of the event loop belongs to the first batch.
    await nextTurn();
    for (let batch = takeBatch(queue); batch.length > 0; batch = takeBatch(queue)) await write(batch);
    writing = undefined;
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const lines = Buffer.concat(batch.map(({ line }) => line));
    try {
      let offset = await log.append(lines);
      for (const { line, resolve } of batch) {
        resolve({ offset });
        offset += line.length;
      }
      onGrowth();
    } catch (error) {
      const fault = new JournalError(faultOf(error), error);
      for (const { reject } of batch) reject(fault);
    } finally {
      backlog -= lines.length;
    }
  }

  return {
    get backlog() {
      return backlog;
    },
    append(line) {
      if (closed) return Promise.reject(new JournalError("closed"));
      // A line that has the queue for itself may be of any length.
      if (backlog > 0 && backlog + line.length > MAX_BACKLOG_BYTES) {
        return Promise.reject(new JournalError("the queue is full"));
      }
      return new Promise((resolve, reject) => {
        queue.push({ line, resolve, reject });
        backlog += line.length;
        writing ??= writeQueue();
      });
    },
    close() {
      closed ??= Promise.resolve(writing).then(log.close);
      return closed;
    },
  };
}

/** The next lines that are written together, out of the queue; at least one, if any waits. */
function takeBatch(queue: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { line } of queue) {
    bytes += line.length;
    if (count > 0 && (bytes > MAX_BATCH_BYTES || count === MAX_BATCH_LINES)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function faultOf(error: unknown): JournalFault {
  const code = codeOf(error);
  return code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : "the record cannot be written";
}
