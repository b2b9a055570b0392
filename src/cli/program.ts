import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import packageJson from "../../package.json" with { type: "json" };
import { ExitCode, UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Sizes } from "../parallel/protocol.ts";
import { commands } from "./commands.ts";
import type { CommandEntry, Context } from "./context.ts";

/** The environment variables that are looked at. Add one here where `io.env` is read. */
export const environment = [
  ["TWILIO_AUTH_TOKEN", "the auth token of signatures; two with a comma between"],
  ["NO_COLOR", "no colors, when it is set to anything"],
  ["FORCE_COLOR", "colors in a pipe too, unless 0 or false; before NO_COLOR"],
  ["TERM", "dumb for a terminal without colors"],
  ["TZ", "the zone of --tz local"],
  ["GITHUB_STEP_SUMMARY", "the file that -f github appends to"],
  ["GITHUB_WORKSPACE", "the folder that -f github tells paths from"],
] as const satisfies readonly (readonly [name: string, says: string])[];

/** The variables for the end of the help, one a line. */
export function environmentHelp(): string {
  const width = Math.max(...environment.map(([name]) => name.length));
  return `\nEnvironment:\n${environment.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`).join("\n")}`;
}

/** The program without its commands. What commander prints is given to `print`. */
function createProgram(io: Io, print: (stream: "stdout" | "stderr", text: string) => void): Command {
  const width = (): number => Math.min(100, io.stdout.columns ?? 100);
  return new Command("twilio-events")
    .description("Finds Twilio Event Streams voice events in any file, log or pipe, and judges them.")
    .version(packageJson.version, "-V, --version", "print the version")
    .option("--debug", "print the stack when twilio-events itself fails")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print("stdout", text),
      writeErr: (text) => print("stderr", text),
      outputError: () => undefined,
      // Else it asks the streams of the process.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
    })
    .addHelpText("after", environmentHelp())
    .addHelpText("after", "\nRun 'twilio-events <command> --help' for its options and examples.");
}

/** The whole program as its commands declare it: each is loaded, and none is run. */
export async function declareProgram(io: Io): Promise<CommandUnknownOpts> {
  const program = createProgram(io, () => undefined);
  const context: Context = { io, exit: () => undefined, declareProgram: () => declareProgram(io) };
  for (const { load, summary } of commands) program.addCommand((await load())(context).summary(summary));
  return program;
}

/**
 * Runs the words of a command line, without `--debug`, and returns how the command ended. Throws a UsageError that says
 * in one line what is wrong with them and the way out.
 */
export async function runProgram(words: readonly string[], io: Io, sizes?: Sizes): Promise<ExitCode> {
  const argv = asOptions(words);
  const said: { readonly to: "stdout" | "stderr"; readonly text: string }[] = [];
  let code: ExitCode = ExitCode.Done;
  const context: Context = {
    io,
    exit(ended) {
      code = ended;
    },
    sizes,
    declareProgram: () => declareProgram(io),
  };
  const program = createProgram(io, (to, text) => said.push({ to, text }));
  const named = commandNamed(argv);
  // Who names a command hears nothing of the others.
  if (named) program.addCommand((await named.load())(context).copyInheritedSettings(program));
  else for (const { name, summary } of commands) program.command(name).description(summary);
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return ExitCode.Usage;
    }
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander itself never ends with this code: see `failWithHelp`.
    if (error.exitCode === ExitCode.Usage) return ExitCode.Usage;
    if (error.exitCode !== 0) throw new UsageError(wordsOf(error, argv, named));
  } finally {
    for (const { to, text } of said) await io[to].write(text);
  }
  return code;
}

/** `help validate` is `validate --help`. */
function asOptions(words: readonly string[]): readonly string[] {
  if (words[0] !== "help") return words;
  const rest = words.slice(1);
  return rest.length === 0 || commandNamed(rest) ? [...rest, "--help"] : rest;
}

/** The command that the line names: its first word that is no option. */
function commandNamed(argv: readonly string[]): CommandEntry | undefined {
  const word = argv.find((each) => !each.startsWith("-"));
  return commands.find((entry) => entry.name === word);
}

/** What is wrong with the command line and the way out, in one line. */
function wordsOf(error: CommanderError, argv: readonly string[], named: CommandEntry | undefined): string {
  const word = argv.find((each) => each === "-" || !each.startsWith("-")) ?? "";
  if (!named && /[./*\\]|^-$/.test(word)) {
    return `'${word}' is no command; did you mean 'twilio-events validate ${word}'?`;
  }
  const words = error.message
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.replace(/^\(Did(.*)\)$/, "did$1").replace(/\.$/, ""))
    .join("; ");
  return `${words}${words.endsWith("?") ? " See" : "; see"} 'twilio-events ${named ? `${named.name} ` : ""}--help'`;
}
