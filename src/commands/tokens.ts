import { open } from "node:fs/promises";
import { platform } from "node:os";
import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { problemOf } from "../input/sources.ts";
import type { Io } from "../io.ts";
import { parseTokens } from "../webhook/tokens.ts";

/** A file of two tokens is far smaller; what is larger is another file. */
const LARGEST = 4096;

/** The option of every command that makes or checks signatures. */
export function takesTokens<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command.option(
    "--auth-token-file <file>",
    "read the auth token from there, one a line (default: TWILIO_AUTH_TOKEN)",
  );
}

/**
 * The auth tokens, the primary one first: of the file where one is named, else of TWILIO_AUTH_TOKEN, where a comma
 * separates two; none when the variable is not set. Throws UsageError, without a word of a token, for what is none.
 */
export async function readTokens(io: Io, file: string | undefined): Promise<readonly string[]> {
  const variable = io.env.TWILIO_AUTH_TOKEN;
  const [where, read] =
    file === undefined
      ? [
          "TWILIO_AUTH_TOKEN",
          variable === undefined || variable === "" ? { tokens: [] } : parseTokens(variable, "comma"),
        ]
      : [`--auth-token-file ${file}`, parseTokens(await readPrivate(file), "line")];
  if ("problem" in read) throw new UsageError(`${where}: ${read.problem}`);
  return read.tokens;
}

/** The same for a command that can do nothing without a token. */
export async function requireTokens(io: Io, file: string | undefined): Promise<readonly string[]> {
  const tokens = await readTokens(io, file);
  if (tokens.length > 0) return tokens;
  throw new UsageError(
    "no auth token is known: set TWILIO_AUTH_TOKEN, or name a file that only you can read with --auth-token-file",
  );
}

/** The text of a file that nobody else may read, or it is refused. Windows has no such bits: the file is as it is. */
async function readPrivate(path: string): Promise<string> {
  const option = `--auth-token-file ${path}`;
  try {
    const file = await open(path, "r");
    try {
      const found = await file.stat();
      // A pipe is what `<(pass show twilio)` gives.
      if (!found.isFile() && !found.isFIFO()) throw new UsageError(`${option}: it is not a file`);
      if (platform() !== "win32" && (found.mode & 0o077) !== 0) {
        throw new UsageError(`${option}: others can read it; chmod 600 ${path}`);
      }
      if (found.size > LARGEST) throw new UsageError(`${option}: it is too large to hold a token`);
      return (await file.readFile("utf8")).replace(/^\ufeff/, "");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${option}: ${problemOf(error)}`);
  }
}
