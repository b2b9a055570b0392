import type { CliSpec, OptionSpec, Values } from "../../cli/cli-spec.ts";
import { identifierOf, wordList } from "./shell-words.ts";

/** A completion script for zsh: a file of $fpath, or to be sourced. All names stand in it, so that nothing runs while one types. */
export function zshScript(program: CliSpec): string {
  const name = `_${identifierOf(program)}`;
  const commands = program.commands.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`).join("\n");
  return `#compdef ${program.name}
# zsh completion for ${program.name} ${program.version}

${name}_words() {
  compadd -- \${(s: :)1}
}
${name}_list() {
  compset -P '*,'
  compadd -q -S '' -- \${(s: :)1}
}
${name}_setting() {
  if compset -P '*='; then compadd -- \${(s: :)2}
  else compadd -S '=' -- \${(s: :)1}
  fi
}

${name}_command() {
  local -a commands
  commands=(
${commands}
  )
  _describe -t commands command commands
}

${program.commands.map((command) => commandFunction(command, name)).join("\n\n")}

${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -S ${program.options.flatMap((option) => specs(option, name)).join(" ")} \\
    ':command:${name}_command' '*::argument:->argument' && return
  [[ $state == argument ]] && (( $+functions[${name}_of_$words[1]] )) && ${name}_of_$words[1]
}

if [[ \${funcstack[1]} == ${name} ]]; then ${name} "$@"
else compdef ${name} ${program.name}
fi
`;
}

function commandFunction(command: CliSpec, name: string): string {
  const all = [
    ...command.options.flatMap((option) => specs(option, name)),
    ...command.arguments.map(({ name: argument, isVariadic, values }) =>
      quoted(`${isVariadic ? "*" : ""}:${argument}:${actionFor(values, name)}`),
    ),
  ];
  return `${name}_of_${command.name}() {\n  _arguments -S \\\n${all.map((spec) => `    ${spec}`).join(" \\\n")}\n}`;
}

/** An option for `_arguments`: each may be given again, as the last one counts or they add up. */
function specs({ names, description, value }: OptionSpec, name: string): readonly string[] {
  const about = `[${description.replace(/[\\[\]:]/g, "\\$&")}]`;
  const colons = value?.isOptional ? "::" : ":";
  const message = value?.shown.replace(/[<>[\]:]/g, "") ?? "";
  const behind = value === undefined ? "" : `${colons}${message}:${actionFor(value.values, name)}`;
  return names.map((option) => {
    const glued = value === undefined || !option.startsWith("--") ? "" : "=";
    return quoted(`*${option}${glued}${about}${behind}`);
  });
}

function actionFor(values: Values, name: string): string {
  switch (values.kind) {
    case "any":
      return "";
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "setting":
      return `{${name}_setting "${wordList(values.words)}" "${wordList(values.settings)}"}`;
    default:
      return `{${name}_${values.kind} "${wordList(values.words)}"}`;
  }
}

/** The text as one word of zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
