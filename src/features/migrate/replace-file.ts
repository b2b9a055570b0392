import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Why a file was not replaced, in one line. */
export interface Refusal {
  readonly problem: string;
}

/** What a file was when it was looked at: should it be another when it is to be replaced, it stays as it is. */
export interface FileSnapshot {
  /** The file itself, links followed. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
}

/** Looks at the file that the path leads to; what is no plain file, or has a second name, is refused. */
export async function inspectFile(name: string): Promise<FileSnapshot | Refusal> {
  const path = await realpath(name);
  const found = await stat(path);
  if (!found.isFile()) return { problem: "it is not a file, so it cannot be replaced" };
  if (found.nlink > 1) return { problem: "it has another name (a hard link), which would keep the old text" };
  const { mode, uid, gid, size, mtimeMs: modified, ino: inode } = found;
  return { path, mode: mode & 0o7777, uid, gid, size, modified, inode };
}

/**
 * Replaces the file in one step: the new text is written beside it and on disk before it takes its name, with its owner
 * and mode. At any moment, kill -9 included, the name leads to the whole old text or the whole new one; once `isStopped`
 * it stays with the old one.
 */
export async function replaceFile(
  seen: FileSnapshot,
  chunks: AsyncIterable<Uint8Array>,
  pid: number,
  isStopped: () => boolean,
): Promise<Refusal | undefined> {
  const draft = join(dirname(seen.path), `.${basename(seen.path)}.${pid}.draft`);
  const file = await open(draft, "wx", 0o600);
  try {
    try {
      for await (const chunk of chunks) {
        await file.appendFile(chunk);
        if (isStopped()) return { problem: "it was left as it is, since the run was interrupted" };
      }
      await keepOwner(file, seen);
      await file.chmod(seen.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    const now = await stat(seen.path);
    if (now.ino !== seen.inode || now.size !== seen.size || now.mtimeMs !== seen.modified) {
      return { problem: "it changed while it was read, so it was left as it is; run again when nobody writes to it" };
    }
    await rename(draft, seen.path);
    return undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Only root may give a file away; everybody else's new file is his own, as the old one mostly was. */
async function keepOwner(file: FileHandle, { uid, gid }: FileSnapshot): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid).catch(() => undefined);
}
