import { readdir, stat } from "node:fs/promises";
import { isGzip } from "../../input/base64.ts";
import { openText } from "../../input/gunzip.ts";
import { expandInputs, problemOf, type Source, type SourceError } from "../../input/sources.ts";
import type { Io } from "../../io.ts";

/** A text input; of those that a folder brought, what is no text is passed over. */
export type TextInput = Source & { readonly isOfFolder?: true };

/** The input is no text that can be rewritten; the message tells why. */
export class NoTextError extends Error {}

/** The inputs as `expandInputs` has them; with `all`, every file of a folder. */
export async function textInputs(
  names: readonly string[],
  io: Io,
  all: boolean,
): Promise<readonly (TextInput | SourceError)[]> {
  const inputs: (TextInput | SourceError)[] = [];
  for (const name of names.length === 0 ? ["-"] : names) {
    const isFolder = all && name !== "-" && (await stat(name).catch(() => undefined))?.isDirectory() === true;
    inputs.push(...(await (isFolder ? filesOf(name, io) : expandInputs([name], io.stdin.chunks))));
  }
  return inputs;
}

async function filesOf(folder: string, io: Io): Promise<readonly (TextInput | SourceError)[]> {
  try {
    const files = await expandInputs(await filesIn(folder), io.stdin.chunks);
    return files.map((file) => ("open" in file ? { ...file, isOfFolder: true } : file));
  } catch (error) {
    return [{ name: folder, problem: problemOf(error) }];
  }
}

/**
 * Every file in a folder and the folders in it, by name. Hidden ones and node_modules are passed over, and links are not
 * followed: what they lead to may lie anywhere.
 */
async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder.endsWith("/") ? `${folder}${entry.name}` : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

/** The bytes of a text. What holds ASCII otherwise than as it is, or is packed and is to be replaced, is a NoTextError. */
export async function openBytes({ open }: Source, isInPlace: boolean): Promise<AsyncIterable<Buffer>> {
  const iterator = open()[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const refuse = async (problem: string): Promise<never> => {
    await iterator.return?.();
    throw new NoTextError(problem);
  };
  if (isGzip(head) && isInPlace) return refuse("it is gzip, which is not changed in place; unpack it first");
  const { chunks, encoding } = await openText(whole());
  if (encoding !== undefined) return refuse(`it is ${encoding.toUpperCase()}; save it as UTF-8 first`);
  if (!isGzip(head) && head.includes(0)) return refuse("it is not text");
  return chunks;
}
