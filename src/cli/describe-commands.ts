import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import packageJson from "../../package.json" with { type: "json" };
import { eventTypes } from "../events/catalog.ts";
import { callStatuses } from "../events/event.ts";
import { bundledSchemas } from "../events/schemas/bundled.ts";
import { allEntries } from "../features/explain/pages.ts";
import { scenarios } from "../features/sample/scenarios.ts";
import { rules } from "../findings/rules.ts";
import type { Io } from "../io.ts";
import type { DeclaredArgument, DeclaredCommand, DeclaredOption, Program, Values } from "./cli-spec.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { programOptions, programSays } from "./program-help.ts";

const any: Values = { kind: "any" };
const words = (list: readonly string[]): Values => ({ kind: "words", words: list });
const schemas = words([...bundledSchemas.keys()]);
const types = words(eventTypes.map(({ type }) => type));

/**
 * What may stand in the place of each placeholder of the help, where the declaration gives no choices; one behind the name
 * of a command is of that command alone. Add a placeholder here.
 */
const placeholders: Readonly<Record<string, Values>> = {
  file: { kind: "files" },
  dir: { kind: "folders" },
  input: { kind: "files" },
  glob: types,
  type: types,
  list: { kind: "list", words: callStatuses.filter((status) => status !== "cancelled") },
  "name=severity": { kind: "setting", words: Object.keys(rules), settings: ["off", "info", "warning", "error"] },
  scenario: words([...Object.keys(scenarios), "all"]),
  "schema name": schemas,
  "schema names": schemas,
  "explain name": words([...new Set(allEntries().map(({ page }) => page.name))]),
  method: words(["GET", "POST"]),
  zone: words(["UTC", "local"]),
  "listen name": any,
  "verify type": any,
  address: any,
  code: any,
  n: any,
  path: any,
  seconds: any,
  share: any,
  sid: any,
  mode: words(["hash", "partial", "full"]),
  size: any,
  text: any,
  time: any,
  url: any,
  value: any,
};

/** The whole program as its commands declare it: each is loaded, and none is run. */
export async function declareProgram(io: Io): Promise<Program> {
  const declared: DeclaredCommand[] = [];
  for (const entry of commands) declared.push(declare(entry, (await entry.load())({ io, exit: () => undefined })));
  return {
    name: "twilio-events",
    version: packageJson.version,
    says: programSays,
    options: Object.values(programOptions).map(([flags, says]) => ({
      names: flags.split(", "),
      says,
      value: undefined,
    })),
    commands: declared,
  };
}

function declare({ name, summary }: CommandEntry, command: CommandUnknownOpts): DeclaredCommand {
  const help = command.createHelp();
  return {
    name,
    summary,
    says: command.description(),
    arguments: help.visibleArguments(command).map((argument) => toArgument(argument, name)),
    options: help.visibleOptions(command).map((option) => toOption(option, name)),
    notes: notesOf(command),
  };
}

function toArgument(argument: Argument, command: string): DeclaredArgument {
  const name = argument.name();
  return {
    name,
    says: argument.description,
    isRequired: argument.required,
    isVariadic: argument.variadic,
    values: valuesOf(argument.argChoices, name, command),
  };
}

function toOption(option: Option, command: string): DeclaredOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const [shown] = /[<[].*$/.exec(option.flags) ?? [];
  if (shown === undefined) return { names, says: option.description, value: undefined };
  const unless =
    option.defaultValueDescription ?? (option.defaultValue === undefined ? undefined : String(option.defaultValue));
  const values = valuesOf(option.argChoices, shown.replace(/[<>[\]]|\.\.\./g, ""), command);
  return { names, says: option.description, value: { shown, isOptional: option.optional, values, unless } };
}

/** Throws for a placeholder that the table lacks: what may stand there has to be said, if only that nobody knows. */
function valuesOf(choices: readonly string[] | undefined, placeholder: string, command: string): Values {
  if (choices !== undefined) return words(choices);
  const values = placeholders[`${command} ${placeholder}`] ?? placeholders[placeholder];
  if (values === undefined)
    throw new Error(`what may be <${placeholder}> of ${command}? See placeholders in declarations.ts`);
  return values;
}

/** What was added behind the help that is generated. */
function notesOf(command: CommandUnknownOpts): string {
  let whole = "";
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (text) => (whole += text) });
  command.outputHelp();
  command.configureOutput(before);
  return whole.slice(command.helpInformation().length).trim();
}
