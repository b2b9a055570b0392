import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../io.ts";
import { type Journal, openJournal, openRejected, type RejectedJournal } from "../../webhook/journal/journal.ts";
import { readFrom, systemFiles } from "../../webhook/journal/journal-files.ts";
import { countLines } from "../../webhook/journal/record-lines.ts";
import type { RecordedRequest } from "../../webhook/webhook-request.ts";
import { createRecentIds, fillRecentIds, type RecentIds } from "./recent-ids.ts";

interface RecordOptions {
  readonly record?: string | undefined;
  readonly forwardTo?: string | undefined;
  readonly reject?: unknown;
}

/** What the listener keeps of requests, and what it knows from those before. */
export interface RecordFile {
  /** The path that the user gave; absent where nothing is to be kept. */
  readonly name?: string | undefined;
  /** What is appended to: the record, or a temporary one to be forwarded from. */
  readonly journal?: Journal;
  readonly rejected?: RejectedJournal | undefined;
  readonly recentIds: RecentIds;
  /** The lines of the record when it was opened. */
  readonly lines: number;
  readonly isTemporary: boolean;
  /** Closes it; of a temporary one nothing is left, unless `keeps` says that it is still needed. */
  close(keeps?: boolean): Promise<void>;
}

/**
 * Opens the record that the options ask for, and learns which events are in it. Where signatures are checked, only those
 * whose signature held count: what anyone may have sent must not make the true event a second delivery.
 */
export async function openRecordFile(io: Io, options: RecordOptions, isChecked: boolean): Promise<RecordFile> {
  const counts = ({ signature }: RecordedRequest): boolean =>
    signature === "ok" || (signature === "none" && !isChecked);
  const { record, forwardTo } = options;
  const recentIds = createRecentIds();
  if (record === undefined && forwardTo === undefined) {
    return { recentIds, lines: 0, isTemporary: false, close: async () => undefined };
  }
  const folder = record === undefined ? await mkdtemp(join(tmpdir(), "twilio-events-")) : undefined;
  const path = record ?? join(folder ?? "", "record.ndjson");
  const { pid, isRunning } = io;
  const now = (): number => io.now().getTime();
  const journal = await openJournal(path, { pid, isRunning, now });
  let rejected: RejectedJournal | undefined;
  let isClosed = false;

  async function close(keeps = false): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await journal.close();
    await rejected?.close();
    if (folder !== undefined && !keeps) await rm(folder, { recursive: true, force: true });
  }

  try {
    rejected = record === undefined ? undefined : await openRejected(path);
    await fillRecentIds(recentIds, path, now(), counts);
    const lines = (await readFrom(systemFiles, path, (file) => countLines(file, journal.size))) ?? 0;
    return { name: record, journal, rejected, recentIds, lines, isTemporary: folder !== undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}
