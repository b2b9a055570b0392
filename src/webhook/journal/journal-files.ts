import { constants } from "node:fs";
import { link, lstat, open, rename, unlink } from "node:fs/promises";

/** What tells one file from another, and whether it still has a name. */
export interface FileState {
  readonly dev: number;
  readonly ino: number;
  readonly nlink: number;
  readonly size: number;
  isFile(): boolean;
}

/** An open file. */
export interface OpenFile {
  /** Fills the buffer from the place in the file on; returns how many bytes there were, which may be fewer. */
  read(into: Buffer, position: number): Promise<number>;
  /** Writes at the end, which is all that this program does; returns how many of the bytes were written. */
  write(bytes: Buffer): Promise<number>;
  datasync(): Promise<void>;
  truncate(size: number): Promise<void>;
  stat(): Promise<FileState>;
  close(): Promise<void>;
}

/** The calls to the file system that the durable record is made of; a test puts failures in between. */
export interface Files {
  open(path: string, flags: number, mode?: number): Promise<OpenFile>;
  /** Of the name itself, not of what a link points to. */
  stat(path: string): Promise<FileState>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Brings the names in a folder to the disk: a new file is not safe before its name is (fsync(2)). */
  syncFolder(path: string): Promise<void>;
}

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Windows has neither; there `open` does not follow the links that anyone may make. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * How files are opened. Writes append (O_APPEND), so that a record cannot overwrite what another program put there, and
 * leaves no hole where one cut the file. A planted link is refused, and a pipe in the place of a file keeps nobody waiting.
 */
export const openFlags = {
  append: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK,
  create: O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW,
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
} as const;

/** Records hold phone numbers and what people said: they are for their owner alone. */
export const OWNER_ONLY = 0o600;

/** The real file system. */
export const systemFiles: Files = {
  async open(path, flags, mode) {
    const handle = await open(path, flags, mode);
    return {
      read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
      write: async (bytes) => (await handle.write(bytes)).bytesWritten,
      datasync: () => handle.datasync(),
      truncate: (size) => handle.truncate(size),
      stat: () => handle.stat(),
      close: () => handle.close(),
    };
  },
  stat: (path) => lstat(path),
  link,
  rename,
  unlink,
  async syncFolder(path) {
    const folder = await open(path, O_RDONLY).catch(unlessUnable);
    if (folder === undefined) return;
    try {
      await folder.sync().catch(unlessUnable);
    } finally {
      await folder.close();
    }
  },
};

const unable: ReadonlySet<string | undefined> = new Set(["EISDIR", "EPERM", "EINVAL", "ENOTSUP"]);

/** Windows, and some file systems on a network, have no such thing as syncing a folder. */
function unlessUnable(error: unknown): undefined {
  if (!unable.has(codeOf(error))) throw error;
}

/** The name of a system error, as in ENOENT; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Whether both are states of one file. */
export const isSameFile = (one: FileState, other: FileState): boolean => one.ino === other.ino && one.dev === other.dev;

/** Writes all of the bytes: what a short write left is tried again, so that the reason it was short becomes the error. */
export async function writeAll(file: OpenFile, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const count = await file.write(bytes.subarray(written));
    if (count === 0) throw Object.assign(new Error("a write took none of the bytes"), { code: "EIO" });
    written += count;
  }
}

/** The bytes of a part of a file; fewer where the file ends before. */
export async function readPart(file: OpenFile, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from);
  let length = 0;
  while (length < bytes.length) {
    const count = await file.read(bytes.subarray(length), from + length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Writes a new file, only for its owner, down to the disk; what stands at the path already is an error (EEXIST). */
export async function writeNew(files: Files, path: string, text: string): Promise<void> {
  const file = await files.open(path, openFlags.create, OWNER_ONLY);
  try {
    await writeAll(file, Buffer.from(text));
    await file.datasync();
  } catch (error) {
    await files.unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** What `use` makes of the file, which is open for reading meanwhile; undefined where there is none. */
export async function readFrom<Result>(
  files: Files,
  path: string,
  use: (file: OpenFile) => Promise<Result>,
): Promise<Result | undefined> {
  let file: OpenFile;
  try {
    file = await files.open(path, openFlags.read);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return await use(file);
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** The beginning of a file as text, enough for one that is known to be small; undefined where there is none. */
export const readSmall = (files: Files, path: string): Promise<string | undefined> =>
  readFrom(files, path, async (file) => (await readPart(file, 0, 4096)).toString("utf8"));
