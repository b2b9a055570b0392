import type { DeclaredArgument, DeclaredCommand, DeclaredOption, Program } from "./cli-spec.ts";

/** What a man page tells beside the commands: each a name and what it says. */
export interface ManParts {
  readonly exits: readonly (readonly [code: string, says: string])[];
  readonly environment: readonly (readonly [name: string, says: string])[];
}

/** The page of section 1, in the man macros that groff and mandoc share. */
export function manPage(program: Program, { exits, environment }: ManParts): string {
  const { name, version, says, options, commands } = program;
  return [
    `.TH ${name.toUpperCase().replaceAll("-", "\\-")} 1 "" "${name} ${version}" "User Commands"`,
    ".SH NAME",
    `${roff(name)} \\- ${roff(says.replace(/\.$/, "").replace(/^./, (letter) => letter.toLowerCase()))}`,
    ".SH SYNOPSIS",
    `.B ${roff(name)}`,
    ".RI [ options ]",
    ".I command",
    ".RI [ argument ...]",
    ".SH DESCRIPTION",
    `${roff(says)}`,
    "It works offline: nothing is sent or fetched but by the commands that say so.",
    "What is found goes to standard output, everything else to standard error.",
    ".SH OPTIONS",
    ...options.flatMap(optionLines),
    ".SH COMMANDS",
    ...commands.flatMap((command) => commandLines(command, name)),
    ".SH EXIT STATUS",
    ...exits.flatMap(([code, meaning]) => term(bold(code), meaning)),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([variable, meaning]) => term(bold(variable), meaning)),
    "",
  ].join("\n");
}

function commandLines(command: DeclaredCommand, program: string): readonly string[] {
  const { name, says, options, notes } = command;
  const shown = command.arguments.map((argument) => ` ${roff(shownAs(argument))}`).join("");
  return [
    `.SS ${bold(`${program} ${name}`)} [\\fIoptions\\fR]${shown}`,
    roff(says),
    ...command.arguments.flatMap((argument) => term(`\\fI${roff(argument.name)}\\fR`, argument.says)),
    ...options.flatMap(optionLines),
    ...(notes === "" ? [] : [".PP", ".nf", ...notes.split("\n").map(roff), ".fi"]),
  ];
}

function shownAs({ name, isRequired, isVariadic }: DeclaredArgument): string {
  const word = `${name}${isVariadic ? "..." : ""}`;
  return isRequired ? word : `[${word}]`;
}

function optionLines({ names, says, value }: DeclaredOption): readonly string[] {
  const taken = value === undefined ? "" : ` \\fI${roff(value.shown)}\\fR`;
  const choices = value?.values.kind === "words" && value.values.words.length <= 8 ? value.values.words : [];
  const extra = [
    ...(choices.length > 0 ? [`one of ${choices.join(", ")}`] : []),
    ...(value?.unless === undefined || value.unless === "" ? [] : [`default: ${value.unless}`]),
  ];
  return term(`${names.map(bold).join(", ")}${taken}`, extra.length > 0 ? `${says} (${extra.join("; ")})` : says);
}

const term = (tag: string, says: string): readonly string[] => [".TP", tag, roff(says)];

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;

/** The text as it stands, for troff: its own signs escaped, what is not ASCII by its number. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^[.']/, "\\&$&")
    .replace(
      /[^\n -~]/gu,
      (char) => `\\[u${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}
