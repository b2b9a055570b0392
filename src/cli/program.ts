import { Command, CommanderError } from "@commander-js/extra-typings";
import { ExitCode, UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Sizes } from "../parallel/parallel-options.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { environmentHelp, programOptions, programSays } from "./program-help.ts";

/**
 * Runs the words of a command line, without `--debug`, and returns how the command ended. Throws a UsageError that says
 * in one line what is wrong with them and the way out.
 */
export async function runProgram(words: readonly string[], version: string, io: Io, sizes?: Sizes): Promise<ExitCode> {
  const argv = asOptions(words);
  const said: { readonly to: "stdout" | "stderr"; readonly text: string }[] = [];
  let code: ExitCode = ExitCode.Done;
  const exit = (ended: ExitCode): void => {
    code = ended;
  };
  const width = Math.min(100, io.stdout.columns ?? 100);
  const program = new Command("twilio-events")
    .description(programSays)
    .version(version, ...programOptions.version)
    .option(...programOptions.debug)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => said.push({ to: "stdout", text }),
      writeErr: (text) => said.push({ to: "stderr", text }),
      outputError: () => undefined,
      // Else it asks the streams of the process.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    })
    .addHelpText("after", environmentHelp())
    .addHelpText("after", "\nRun 'twilio-events <command> --help' for its options and examples.");
  const named = commandNamed(argv);
  // Who names a command hears nothing of the others.
  if (named) program.addCommand((await named.load())({ io, exit, sizes }).copyInheritedSettings(program));
  else for (const { name, summary } of commands) program.command(name).description(summary);
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    for (const { text } of said) await io.stderr.write(text);
    return ExitCode.Usage;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
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
