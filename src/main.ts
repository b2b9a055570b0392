import packageJson from "../package.json" with { type: "json" };
import { ExitCode, OutputError, reasonOf, UsageError } from "./errors.ts";
import type { Io } from "./io.ts";
import type { Sizes } from "./parallel/protocol.ts";

export { systemIo } from "./io.ts";

/**
 * Runs the command line and returns the exit code. The only place where an error becomes a code. It is loaded at every
 * start, so what only some command lines need is imported where they need it. `sizes` tells from when on files are read
 * in threads.
 */
export async function main(argv: readonly string[], io: Io, sizes?: Sizes): Promise<ExitCode> {
  const isDebug = argv.includes("--debug");
  // `--debug` may stand anywhere.
  const words = argv.filter((word) => word !== "--debug");
  try {
    if (words.length === 1 && (words[0] === "-V" || words[0] === "--version")) return await printVersion(io);
    const { runProgram } = await import("./cli/program.ts");
    return await runProgram(words, io, sizes);
  } catch (error) {
    return await explain(error, isDebug, io);
  }
}

/** What the program would say, without building it: scripts ask often. */
async function printVersion(io: Io): Promise<ExitCode> {
  await io.stdout.write(`${packageJson.version}\n`);
  return ExitCode.Done;
}

async function explain(error: unknown, isDebug: boolean, io: Io): Promise<ExitCode> {
  if (error instanceof OutputError && error.closed) return ExitCode.Done;
  const { escapeText, safe } = await import("./output/escape.ts");
  const [code, line] = codeOf(error);
  const stack = isDebug && error instanceof Error ? `\n${error.stack}` : "";
  const text = stack.split("\n").map(escapeText).join("\n");
  try {
    await io.stderr.write(`${safe`twilio-events: ${escapeText(line)}`}${text}\n`);
  } catch (failure) {
    if (!(failure instanceof OutputError)) throw failure;
  }
  return code;
}

function codeOf(error: unknown): readonly [ExitCode, string] {
  if (error instanceof UsageError) return [ExitCode.Usage, error.message];
  if (error instanceof OutputError) return [ExitCode.Output, error.message];
  const reason = reasonOf(error);
  return [ExitCode.Bug, `this is a fault in twilio-events: ${reason} (run again with --debug for the stack)`];
}
