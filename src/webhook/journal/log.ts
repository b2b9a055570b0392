import { dirname } from "node:path";
import { UsageError } from "../../errors.ts";
import {
  codeOf,
  type FileState,
  type Files,
  isSameFile,
  type OpenFile,
  OWNER_ONLY,
  openFlags,
  writeAll,
} from "./journal-files.ts";
import { endLine, isRecord } from "./repair-tail.ts";

/** A file of whole lines that only grows; one call at a time. */
export interface Log {
  /** How many of its bytes are whole lines on disk. */
  readonly size: number;
  /**
   * Adds lines; resolves once they are on disk (fdatasync) in a file that has a name, with the place of their first byte.
   * Rejects with what the system says, and then nothing of them stays in the file.
   */
  append(lines: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** Makes the end of a file whole, and returns the size it has then. */
export type Repair = (file: OpenFile, size: number) => Promise<number>;

/**
 * Opens the log at the path, or makes it, readable only to its owner. `repair` sees its end first. Rejects with what the
 * system says, or UsageError for what is no record of ours: nothing is ever added to the file of another program.
 */
export async function openLog(path: string, files: Files, repair: Repair): Promise<Log> {
  let file: OpenFile | undefined;
  let identity: FileState | undefined;
  let size = 0;
  /** Whether the file has to be opened again before the next write. */
  let isStale = true;
  /** Whether bytes may stand beyond `size` that were never acknowledged, and have to go before anything is written. */
  let isTorn = false;

  async function open(mend: Repair): Promise<OpenFile> {
    const opened = await files.open(path, openFlags.append, OWNER_ONLY);
    try {
      const state = await opened.stat();
      // The one before is still open: until it is closed no other file can get its number.
      if (identity !== undefined && isSameFile(identity, state)) {
        if (isTorn && state.size > size) await opened.truncate(size);
        // Another program cut it or added to it: what is there now stays.
        else size = await mend(opened, state.size);
      } else {
        if (!state.isFile()) throw new UsageError(`${path} is no file that can keep a record; name another one`);
        if (state.size > 0 && !(await isRecord(opened, state.size))) {
          throw new UsageError(`${path} holds something else than a record; name another file, or a new one`);
        }
        const mended = await mend(opened, state.size);
        if (isTorn) await cut();
        // What a process wrote that was then killed may not be on disk yet, and is about to count as kept.
        if (state.size > 0) await opened.datasync();
        await files.syncFolder(dirname(path));
        size = mended;
      }
      await file?.close().catch(() => undefined);
      [file, identity, isStale, isTorn] = [opened, state, false, false];
      return opened;
    } catch (error) {
      await opened.close().catch(() => undefined);
      throw error;
    }
  }

  /** The file, as it was left. One that another program cut or extended is opened anew; of moving and removing `sync` learns. */
  async function ready(): Promise<OpenFile> {
    if (file !== undefined && !isStale && !isTorn) {
      const state = await file.stat().catch(() => undefined);
      if (state?.size === size) return file;
    }
    return open(endLine);
  }

  /** Takes back what was not acknowledged; where that fails it is cut before the next write, or at the next start. */
  async function cut(): Promise<void> {
    try {
      // Never beyond the end: that would add NULs.
      if (file !== undefined && (await file.stat()).size > size) await file.truncate(size);
      isTorn = false;
    } catch {}
  }

  /**
   * Brings lines that were written up to `end` to the disk, and tells where they are then. Where the file was moved
   * meanwhile, as by the rotation of logs, they are in it under its new name; where it was removed or cut, they may be lost.
   */
  async function sync(written: OpenFile, end: number): Promise<"here" | "moved" | "lost"> {
    // The look must not come before the write, and need not wait for the sync. Both end before anything else begins.
    const [synced, found] = await Promise.allSettled([written.datasync(), files.stat(path)]);
    if (synced.status === "rejected") throw synced.reason;
    if (found.status === "rejected" && codeOf(found.reason) !== "ENOENT") throw found.reason;
    if (found.status === "fulfilled" && identity !== undefined && isSameFile(identity, found.value)) {
      return found.value.size < end ? "lost" : "here";
    }
    const { nlink, size: present } = await written.stat();
    return nlink === 0 || present < end ? "lost" : "moved";
  }

  async function append(lines: Buffer): Promise<number> {
    for (let isSecond = false; ; isSecond = true) {
      const into = await ready();
      const offset = size;
      let failure: unknown;
      isTorn = true;
      // Whatever fails, the file is opened anew before the next write.
      isStale = true;
      try {
        await writeAll(into, lines);
      } catch (error) {
        await cut();
        throw error;
      }
      try {
        const fate = await sync(into, offset + lines.length);
        if (fate !== "lost") {
          size = offset + lines.length;
          [isTorn, isStale] = [false, fate === "moved"];
          return offset;
        }
        // Another program removed or cut it: where our lines begin is not known, so what is there stays.
        isTorn = false;
        failure = new Error("the file is removed or cut while it is written");
      } catch (error) {
        failure = error;
      }
      // After a failed sync the system may hold pages for written that are not (Rebello et al., "Can Applications Recover
      // from fsync Failures?", USENIX ATC 2020). They are not synced again: the file is opened anew, cut, written once more.
      if (!isSecond) continue;
      if (isTorn) await cut();
      throw failure;
    }
  }

  await open(repair);
  return {
    get size() {
      return size;
    },
    append,
    async close() {
      if (isTorn) await ready().catch(() => undefined);
      // All that matters is synced by now.
      await file?.close().catch(() => undefined);
    },
  };
}
