import {
  type Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from "@commander-js/extra-typings";
import { ExitCode, UsageError } from "../errors.ts";
import { expandInputs, type Source, type SourceError } from "../input/sources.ts";
import type { Io } from "../io.ts";

/** No options: the type of a command to which a generic function adds its own. */
export type NoOptions = Record<never, never>;

/** The options that a function declares on a command, as its action gets them. */
export type OptionsOf<Declare extends (...args: never[]) => CommandUnknownOpts> = ReturnType<
  ReturnType<Declare>["opts"]
>;

/** The option of every command that can read big files in several threads. */
export function spreads<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command.option("--jobs <n>", "threads for files over 100 MB (the cores unless told)", toCount);
}

/** The options of every command that prints a result, but for its formats. */
export function printsResult<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command
    .option("-o, --output <file>", "write the result there instead of to standard output")
    .addOption(
      new Option("--color <when>", "when to use colors")
        .choices(["auto", "always", "never"] as const)
        .default("auto" as const),
    )
    .option("--ascii", "print ASCII only")
    .option("--width <n>", "columns to fill", toCount);
}

/** What the format option of a command says. */
export const formatOption = () => new Option("-f, --format <name>", "how to print it");

/** The zone that Intl knows by the name that the user gave it. */
export function toTimeZone(text: string): string {
  if (text.toUpperCase() === "UTC") return "UTC";
  if (text === "local") return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--tz ${text}: no zone has this name; give UTC, local or one such as Europe/Berlin`);
  }
}

/** A positive whole number. */
export function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("It is not a positive whole number.");
  return count;
}

/** A number of seconds above 0, for the option. */
export function toSeconds(option: string): (text: string) => number {
  return (text) => {
    const seconds = Number(text);
    if (!(seconds > 0)) throw new UsageError(`${option} ${text}: give a number of seconds, as in 2.5`);
    return seconds;
  };
}

/**
 * What the command is to read: the inputs that were named, else standard input. At a terminal with nothing named there
 * is nothing to read: the command ends with its help.
 */
export async function toSources(
  names: readonly string[],
  io: Io,
  command: CommandUnknownOpts,
): Promise<readonly (Source | SourceError)[]> {
  if (names.length === 0 && io.stdin.isTerminal) failWithHelp(command);
  return expandInputs(names.length === 0 ? ["-"] : names, io.stdin.chunks);
}

/** Prints the help on stderr and ends the command with exit code 2. */
export function failWithHelp(command: CommandUnknownOpts): never {
  command.outputHelp({ error: true });
  throw new CommanderError(ExitCode.Usage, "twilio-events.help", "");
}

const suggestions = new WeakMap<object, () => readonly string[]>();

/** Declares words that a shell suggests for an argument or option; unlike choices, other words are allowed too. */
export function withSuggestions<Declared extends object>(declared: Declared, words: () => readonly string[]): Declared {
  suggestions.set(declared, words);
  return declared;
}

export const suggestionsOf = (declared: object): readonly string[] | undefined => suggestions.get(declared)?.();

/** Help text with examples: each a command line and what it does. */
export function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return `\nExamples:\n${lines.map(([line, says]) => `  ${line.padEnd(width)}  ${says}`).join("\n")}`;
}
