import type { CliSpec, Values } from "../../cli/cli-spec.ts";
import { identifierOf, wordList } from "./shell-words.ts";

/** A completion script for fish 3 and later. All names stand in it, so that nothing runs while one types. */
export function fishScript(program: CliSpec): string {
  const name = `__${identifierOf(program)}`;
  const complete = `complete -c ${program.name}`;
  return `# fish completion for ${program.name} ${program.version}

# Whether this is the command that the line names; without an argument, whether it names none yet.
function ${name}_is
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        test "$word" = "$argv[1]"
        return
    end
    test -z "$argv[1]"
end

# Words with commas between them: those before the last comma stay.
function ${name}_list
    set -l before (string match -r -- '^(?:--[^=]*=)?(.*,)' (commandline -ct))[2]
    printf '%s\\n' $before$argv
end

# A word, = and a setting; the settings stand behind --.
function ${name}_setting
    set -l end (contains -i -- -- $argv)
    set -l words $argv[1..(math $end - 1)]
    set -l word (string match -r -- '^(?:--[^=]*=)?([^=]+)=' (commandline -ct))[2]
    if test -n "$word"
        printf '%s\\n' $word=$argv[(math $end + 1)..-1]
    else
        printf '%s=\\n' $words
    end
end

${complete} -f
${program.options.map((option) => `${complete} -n ${name}_is ${flags(option.names)} -d ${quoted(option.description)}`).join("\n")}
${program.commands.map((command) => `${complete} -n ${name}_is -a ${command.name} -d ${quoted(command.summary)}`).join("\n")}

${program.commands.map((command) => commandLines(command, `${complete} -n '${name}_is ${command.name}'`, name)).join("\n\n")}
`;
}

function commandLines(command: CliSpec, complete: string, name: string): string {
  const options = command.options.map(({ names, description, value }) => {
    const taken = value === undefined || value.isOptional ? "" : ` ${valueFor(value.values, name)}`;
    return `${complete} ${flags(names)}${taken} -d ${quoted(description)}`;
  });
  const [argument] = command.arguments;
  if (argument === undefined || argument.values.kind === "any") return options.join("\n");
  const taken = argument.values.kind === "files" ? "-F" : valueFor(argument.values, name).replace(/^-x /, "");
  return [...options, `${complete} ${taken}`].join("\n");
}

/** `-s f -l format`. */
function flags(names: readonly string[]): string {
  return names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(" ");
}

function valueFor(values: Values, name: string): string {
  switch (values.kind) {
    case "any":
      return "-x";
    case "files":
      return "-r -F";
    case "folders":
      return "-x -a '(__fish_complete_directories)'";
    case "words":
      return `-x -a '${wordList(values.words)}'`;
    case "list":
      return `-x -a '(${name}_list ${wordList(values.words)})'`;
    case "setting":
      return `-x -a '(${name}_setting ${wordList(values.words)} -- ${wordList(values.settings)})'`;
  }
}

/** The text as one word of fish. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
