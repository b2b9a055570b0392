import { open } from "node:fs/promises";
import { platform } from "node:os";
import { UsageError } from "../errors.ts";
import { problemOf } from "../input/sources.ts";

/** A file of secrets is far smaller; what is larger is another file. */
const MAX_SECRET_BYTES = 4096;

/**
 * The bytes of a file that nobody else may read, or it is refused with the option's name; `what` it holds is told where
 * it is too large for that. Windows has no such bits: the file is as it is.
 */
export async function readPrivate(path: string, option: string, what: string): Promise<Buffer> {
  const named = `${option} ${path}`;
  try {
    const file = await open(path, "r");
    try {
      const found = await file.stat();
      // A pipe is what `<(pass show twilio)` gives.
      if (!found.isFile() && !found.isFIFO()) throw new UsageError(`${named}: it is not a file`);
      if (platform() !== "win32" && (found.mode & 0o077) !== 0) {
        throw new UsageError(`${named}: others can read it; chmod 600 ${path}`);
      }
      if (found.size > MAX_SECRET_BYTES) throw new UsageError(`${named}: it is too large to hold a ${what}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${named}: ${problemOf(error)}`);
  }
}
