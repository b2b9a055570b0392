import { closeSync, open, read } from "node:fs";
import { promisify } from "node:util";

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
