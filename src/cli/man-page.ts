import { type Io, systemIo } from "../io.ts";
import { type ArgumentSpec, type CliSpec, describeCli, type OptionSpec } from "./cli-spec.ts";
import exitCodes from "./exit-codes.json" with { type: "json" };
import { declareProgram, environment } from "./program.ts";

/** The man page of the program, which the build writes beside it. */
export async function man(io: Io = systemIo()): Promise<string> {
  return renderMan(describeCli(await declareProgram(io)));
}

/** The page of section 1, in the man macros that groff and mandoc share. */
export function renderMan({ name, version, description, options, commands }: CliSpec): string {
  return [
    `.TH ${name.toUpperCase().replaceAll("-", "\\-")} 1 "" "${name} ${version}" "User Commands"`,
    ".SH NAME",
    `${roff(name)} \\- ${roff(description.replace(/\.$/, "").replace(/^./, (letter) => letter.toLowerCase()))}`,
    ".SH SYNOPSIS",
    `.B ${roff(name)}`,
    ".RI [ options ]",
    ".I command",
    ".RI [ argument ...]",
    ".SH DESCRIPTION",
    roff(description),
    "It works offline: nothing is sent or fetched but by the commands that say so.",
    "What is found goes to standard output, everything else to standard error.",
    ".SH OPTIONS",
    ...options.flatMap(optionLines),
    ".SH COMMANDS",
    ...commands.flatMap((command) => commandLines(command, name)),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(({ name, says }) => term(bold(name), says)),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([variable, meaning]) => term(bold(variable), meaning)),
    "",
  ].join("\n");
}

function commandLines(command: CliSpec, program: string): readonly string[] {
  const { name, description, options, notes } = command;
  const shown = command.arguments.map((argument) => ` ${roff(shownAs(argument))}`).join("");
  return [
    `.SS ${bold(`${program} ${name}`)} [\\fIoptions\\fR]${shown}`,
    roff(description),
    ...command.arguments.flatMap((argument) => term(`\\fI${roff(argument.name)}\\fR`, argument.description)),
    ...options.flatMap(optionLines),
    ...(notes === "" ? [] : [".PP", ".nf", ...notes.split("\n").map(roff), ".fi"]),
  ];
}

function shownAs({ name, isRequired, isVariadic }: ArgumentSpec): string {
  const word = `${name}${isVariadic ? "..." : ""}`;
  return isRequired ? word : `[${word}]`;
}

function optionLines({ names, description, value }: OptionSpec): readonly string[] {
  const taken = value === undefined ? "" : ` \\fI${roff(value.shown)}\\fR`;
  const choices = value?.values.kind === "words" && value.values.words.length <= 8 ? value.values.words : [];
  const extra = [
    ...(choices.length > 0 ? [`one of ${choices.join(", ")}`] : []),
    ...(value?.defaultText ? [`default: ${value.defaultText}`] : []),
  ];
  return term(
    `${names.map(bold).join(", ")}${taken}`,
    extra.length > 0 ? `${description} (${extra.join("; ")})` : description,
  );
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
