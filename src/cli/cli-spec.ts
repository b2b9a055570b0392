import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { eventTypes } from "../events/catalog.ts";
import { callStatuses } from "../events/event.ts";
import { rules } from "../findings/rules.ts";
import { suggestionsOf } from "./options.ts";

/** A program or one of its commands, as its declaration has it. */
export interface CliSpec {
  readonly name: string;
  readonly version: string;
  /** For a list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** The help behind the options, examples too. */
  readonly notes: string;
  readonly commands: readonly CliSpec[];
}

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
  readonly values: Values;
}

export interface OptionSpec {
  /** `-f` and `--format`. */
  readonly names: readonly string[];
  readonly description: string;
  /** The value of the option; undefined where it has none. */
  readonly value: ValueSpec | undefined;
}

interface ValueSpec {
  /** As the help has it, with its brackets. */
  readonly shown: string;
  readonly isOptional: boolean;
  readonly values: Values;
  /** The default, as the help has it. */
  readonly defaultText: string | undefined;
}

/**
 * The possible values. `list`: words with commas between them. `setting`: a word, `=`, and one of `settings`. `any`: only
 * the user knows.
 */
export type Values =
  | { readonly kind: "words" | "list"; readonly words: readonly string[] }
  | { readonly kind: "setting"; readonly words: readonly string[]; readonly settings: readonly string[] }
  | { readonly kind: "files" | "folders" | "any" };

const words = (list: readonly string[]): Values => ({ kind: "words", words: list });

/** The values of the placeholders that several commands share. A declaration with choices or suggestions has its own. */
const placeholders: Readonly<Record<string, Values>> = {
  file: { kind: "files" },
  dir: { kind: "folders" },
  input: { kind: "files" },
  glob: words(eventTypes.map(({ type }) => type)),
  list: { kind: "list", words: callStatuses.filter((status) => status !== "cancelled") },
  "name=severity": { kind: "setting", words: Object.keys(rules), settings: ["off", "info", "warning", "error"] },
  zone: words(["UTC", "local"]),
};

/** Describes a program and its commands from their declarations. */
export function describeCli(command: CommandUnknownOpts): CliSpec {
  const help = command.createHelp();
  return {
    name: command.name(),
    version: command.version() ?? "",
    summary: command.summary(),
    description: command.description(),
    arguments: help.visibleArguments(command).map(describeArgument),
    options: help.visibleOptions(command).map(describeOption),
    notes: notesOf(command),
    commands: command.commands.map(describeCli),
  };
}

function describeArgument(argument: Argument): ArgumentSpec {
  const { description, required: isRequired, variadic: isVariadic } = argument;
  const name = argument.name();
  return { name, description, isRequired, isVariadic, values: valuesOf(argument, name) };
}

function describeOption(option: Option): OptionSpec {
  const { description, defaultValue, defaultValueDescription, optional: isOptional } = option;
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const [shown] = /[<[].*$/.exec(option.flags) ?? [];
  if (shown === undefined) return { names, description, value: undefined };
  const defaultText = defaultValueDescription ?? (defaultValue === undefined ? undefined : String(defaultValue));
  const values = valuesOf(option, shown.replace(/[<>[\]]|\.\.\./g, ""));
  return { names, description, value: { shown, isOptional, values, defaultText } };
}

function valuesOf(declared: Argument | Option, placeholder: string): Values {
  const known = declared.argChoices ?? suggestionsOf(declared);
  return known === undefined ? (placeholders[placeholder] ?? { kind: "any" }) : words(known);
}

/** The help texts that were added behind the generated help. */
function notesOf(command: CommandUnknownOpts): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 100 }).outputHelp();
  return help.slice(command.helpInformation().length).trim();
}
