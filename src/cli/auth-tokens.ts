import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { parseTokens } from "../webhook/parse-tokens.ts";
import { readPrivate } from "./private-file.ts";

/** The option of every command that makes or checks signatures. */
export function addTokenOption<Arguments extends unknown[], Options extends Record<string, unknown>>(
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
      : [`--auth-token-file ${file}`, parseTokens(await readTokenFile(file), "line")];
  if ("problem" in read) throw new UsageError(`${where}: ${read.problem}`);
  return read.tokens;
}

async function readTokenFile(path: string): Promise<string> {
  const bytes = await readPrivate(path, "--auth-token-file", "token");
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}
