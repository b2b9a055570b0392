import { closeSync, open, read, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { reasonOf } from "../errors.ts";

/** A named stream of bytes: a file, or standard input. */
export interface Source {
  /** The path as the user gave or would give it; `-` for standard input. */
  readonly name: string;
  readonly open: () => AsyncIterable<Buffer>;
  /** The size in bytes, where it is known before reading. */
  readonly size: number | undefined;
}

/** An input that cannot be read, with the reason and the way out in one line. */
export interface SourceError {
  readonly name: string;
  readonly problem: string;
}

/** So much of a file is read at once. */
export const CHUNK_BYTES = 512 * 1024;
const isInputName = /\.(?:json|jsonl|ndjson|log|gz)$/;

/**
 * Expands what the user named: files as they are, folders to the event-like files in them (sorted; hidden folders and
 * node_modules are passed over), quoted globs, and `-` for standard input.
 */
export async function expandInputs(
  names: readonly string[],
  stdin: AsyncIterable<Buffer>,
): Promise<readonly (Source | SourceError)[]> {
  const expanded: (Source | SourceError)[] = [];
  for (const name of names) expanded.push(...(await expandInput(name, stdin)));
  return expanded;
}

async function expandInput(name: string, stdin: AsyncIterable<Buffer>): Promise<readonly (Source | SourceError)[]> {
  if (name === "-") return [{ name, open: () => stdin, size: undefined }];
  try {
    const found = statSync(name);
    if (!found.isDirectory()) return [fileSource(name, found.isFile() ? found.size : undefined)];
    const inside = await expandFolder(name.replace(/(?<=.)\/+$/, ""));
    const problem = "the folder holds no .json, .jsonl, .ndjson, .log or .gz file; name the file itself";
    return inside.length === 0 ? [{ name, problem }] : inside;
  } catch (error) {
    if (!/[*?[{]/.test(name)) return [{ name, problem: problemOf(error) }];
    const { glob } = await import("tinyglobby");
    const files = await glob(name, { followSymbolicLinks: false, ignore: ["**/node_modules/**"] });
    if (files.length === 0) return [{ name, problem: "no file matches" }];
    return files.sort().map((file) => fileSource(file, sizeOf(file)));
  }
}

/** The inputs in a folder and the folders in it, by name; links are not followed, so no circle is walked. */
async function expandFolder(folder: string): Promise<(Source | SourceError)[]> {
  try {
    const expanded: (Source | SourceError)[] = [];
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === "/" ? `/${entry.name}` : `${folder}/${entry.name}`;
      const isPassedOver = entry.name.startsWith(".") || entry.name === "node_modules";
      if (entry.isDirectory() && !isPassedOver) expanded.push(...(await expandFolder(path)));
      // A pipe with a name would be waited for, and who names a folder does not mean it.
      else if (isInputName.test(entry.name) && (entry.isFile() || entry.isSymbolicLink()))
        expanded.push(fileSource(path, sizeOf(path)));
    }
    return expanded;
  } catch (error) {
    return [{ name: folder, problem: problemOf(error) }];
  }
}

/** The size of a regular file; what is wrong with any other shows when it is read. */
function sizeOf(path: string): number | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/** A file as a source. */
export function fileSource(name: string, size: number | undefined): Source {
  return { name, size, open: () => readFile(name, CHUNK_BYTES) };
}

/** What an error of the file system means to the user, in one line; `action` is what was tried. */
export function problemOf(error: unknown, action = "read"): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "no such file or folder";
  if (code === "EACCES" || code === "EPERM") return `no permission to ${action} it`;
  if (code === "EISDIR") return "it is a folder";
  if (code === "ELOOP") return "its symbolic links go in a circle";
  return reasonOf(error);
}

/** A text that was read whole. */
export interface Peeked {
  readonly name: string;
  readonly text: string;
}

/** Only so much of an input is looked at to tell what it is. */
const MAX_PEEK = 4 * 1024 * 1024;

/**
 * Takes out the inputs that are, by `isWanted`, a text of another kind than events; it is asked about the first chunk,
 * and then about the whole text. The others can be read from their start as before.
 */
export async function takeOut(
  sources: readonly (Source | SourceError)[],
  isWanted: (text: string) => boolean,
): Promise<{ readonly taken: readonly Peeked[]; readonly rest: readonly (Source | SourceError)[] }> {
  const taken: Peeked[] = [];
  const rest: (Source | SourceError)[] = [];
  for (const source of sources) {
    const peeked = "open" in source ? await readWanted(source, isWanted) : source;
    if ("text" in peeked) taken.push(peeked);
    else rest.push(peeked);
  }
  return { taken, rest };
}

async function readWanted(source: Source, isWanted: (text: string) => boolean): Promise<Peeked | Source | SourceError> {
  const iterator = source.open()[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let size = 0;
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      read.push(next.value);
      size += next.value.length;
      const isFirst = read.length === 1;
      if (size > MAX_PEEK || (isFirst && !isWanted(next.value.toString("utf8")))) return rewind(source, read, iterator);
    }
  } catch (error) {
    return { name: source.name, problem: problemOf(error) };
  }
  const text = Buffer.concat(read).toString("utf8");
  return isWanted(text) ? { name: source.name, text } : rewind(source, read, iterator);
}

/** The source to be read from its start: a file is opened again, of a pipe what was read is put back. */
export function rewind(source: Source, read: readonly Buffer[], iterator: AsyncIterator<Buffer>): Source {
  if (source.size !== undefined) return source;
  async function* open(): AsyncGenerator<Buffer> {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { ...source, open };
}

const opening = promisify(open);
const reading = promisify(read);

/**
 * Yields a file's bytes in chunks of at most so many, and reads the next one while one is looked at. A stream of Node's
 * would do the same; to load and to make it takes longer than to read a small file. Throws what opening or reading throws.
 * Where it begins within the file, the first chunk ends where it would else have ended; behind `to` nothing is read ahead.
 */
export async function* readFile(
  path: string,
  chunkSize: number,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const descriptor = await opening(path, "r");
  let position = from;
  const next = async (): Promise<Buffer> => {
    const size = chunkSize - (position % chunkSize);
    // A pipe with a name has no positions.
    const at = from === 0 ? null : position;
    const { buffer, bytesRead } = await reading(descriptor, Buffer.allocUnsafeSlow(size), 0, size, at);
    position += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  let coming = next();
  try {
    for (let chunk = await coming; chunk.length > 0; chunk = await coming) {
      if (position >= to) {
        yield chunk;
        coming = next();
        continue;
      }
      coming = next();
      // Whoever asks for that chunk gets its error; nobody may ask.
      coming.catch(() => undefined);
      yield chunk;
    }
  } finally {
    // Not awaited: a pipe with a name may take forever to give the chunk that nobody wants any more.
    coming.catch(() => undefined).then(() => closeSync(descriptor));
  }
}
