import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { readPrivate } from "./private-file.ts";

/** The primary one, and while it is being rotated the secondary one. */
const MAX_TOKENS = 2;

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
  if (file !== undefined) return parseTokens(`--auth-token-file ${file}`, await readTokenFile(file), "line");
  const variable = io.env.TWILIO_AUTH_TOKEN ?? "";
  return variable === "" ? [] : parseTokens("TWILIO_AUTH_TOKEN", variable, "comma");
}

/** The same for a command that can do nothing without a token. */
export async function requireTokens(io: Io, file: string | undefined): Promise<readonly string[]> {
  const tokens = await readTokens(io, file);
  if (tokens.length > 0) return tokens;
  throw new UsageError(
    "no auth token is known: set TWILIO_AUTH_TOKEN, or name a file that only you can read with --auth-token-file",
  );
}

async function readTokenFile(path: string): Promise<string> {
  const bytes = await readPrivate(path, "--auth-token-file", "token");
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

/**
 * The tokens of a text that separates them by commas or line ends, white space around them and empty lines left out;
 * `separator` says by which. Reports what is empty, has a blank inside, or is more than two.
 */
function parseTokens(source: string, text: string, separator: "comma" | "line"): readonly string[] {
  const parts = text.split(separator === "comma" ? "," : /\r\n?|\n/).map((part) => part.trim());
  const tokens = separator === "line" ? parts.filter((part) => part !== "") : parts;
  const problem = tokensProblem(tokens, separator);
  if (problem !== undefined) throw new UsageError(`${source}: ${problem}`);
  return tokens;
}

/** Why the tokens cannot be used, in words that tell none of them. */
function tokensProblem(tokens: readonly string[], separator: "comma" | "line"): string | undefined {
  if (tokens.every((token) => token === "")) return "it holds no token";
  if (tokens.includes("")) return "there is no token beside the comma";
  if (tokens.some((token) => /\s/u.test(token))) {
    const way = separator === "comma" ? "separate two by a comma" : "write one a line";
    return `a token has no white space in it; ${way}`;
  }
  if (tokens.length <= MAX_TOKENS) return undefined;
  return `it holds ${tokens.length} tokens; give the primary one, and the secondary one`;
}
