import type { CliSpec, Values } from "../../cli/cli-spec.ts";
import { identifierOf, wordList } from "./shell-words.ts";

/**
 * A completion script for bash 3.2 and later, with or without the bash-completion package. All names stand in it, so that
 * nothing runs while one types.
 */
export function bashScript(program: CliSpec): string {
  const name = `_${identifierOf(program)}`;
  const options = wordList(program.options.flatMap(({ names }) => names));
  const commands = wordList(program.commands.map((command) => command.name));
  return `# bash completion for ${program.name} ${program.version}

# Each takes what is typed of the value, and what the value may be.
${name}_words() {
  COMPREPLY+=($(compgen -W "$2" -- "$1"))
}
${name}_list() {
  local before=
  [[ $1 == *,* ]] && before=\${1%,*},
  COMPREPLY+=($(compgen -P "$before" -W "$2" -- "\${1##*,}"))
}
${name}_setting() {
  if [[ $1 == *=* ]]; then
    COMPREPLY+=($(compgen -P "\${1%%=*}=" -W "$3" -- "\${1#*=}"))
  else
    COMPREPLY+=($(compgen -S = -W "$2" -- "$1"))
    compopt -o nospace 2>/dev/null
  fi
}
${name}_paths() {
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$2" -- "$1")
  compopt -o filenames 2>/dev/null
}

${name}() {
  local words=() word before= i
  # To bash a = is a word by itself; here it is a part of the word that it was typed in.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == = || ($before == = && -n $word) ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    before=$word
  done
  local last=$((\${#words[@]} - 1)) command=
  for ((i = 1; i < last; i++)); do
    if [[ \${words[i]} != -* ]]; then
      command=\${words[i]}
      break
    fi
  done
  local value=\${words[last]} option=\${words[last-1]} glued=
  if [[ $value == --*=* ]]; then
    option=\${value%%=*}
    glued=$option=
    value=\${value#*=}
  fi
  COMPREPLY=()
  ${name}_complete
  # Bash puts the reply in the place of what stands behind the last = only, if = ends words.
  for ((i = 0; i < \${#COMPREPLY[@]}; i++)); do
    if [[ $COMP_WORDBREAKS == *=* ]]; then
      COMPREPLY[i]=\${COMPREPLY[i]#"\${value%"\${value##*=}"}"}
    else
      COMPREPLY[i]=$glued\${COMPREPLY[i]}
    fi
  done
}

${name}_complete() {
  case "$command $option" in
${program.commands.flatMap((command) => optionCases(command, name)).join("\n")}
  esac
  [[ -n $glued ]] && return
  case $command in
    '')
      if [[ $value == -* ]]; then ${name}_words "$value" '${options}'
      else ${name}_words "$value" '${commands}'
      fi
      ;;
${program.commands.map((command) => argumentCase(command, name)).join("\n")}
  esac
}

complete -F ${name} ${program.name}
`;
}

function optionCases(command: CliSpec, name: string): readonly string[] {
  return command.options.flatMap(({ names, value }) => {
    // Behind an option whose value may be left out anything may stand.
    if (value === undefined || value.isOptional) return [];
    const patterns = names.map((option) => `"${command.name} ${option}"`).join(" | ");
    const call = callFor(value.values, name);
    return [`    ${patterns}) ${call === "" ? "" : `${call}; `}return ;;`];
  });
}

function argumentCase(command: CliSpec, name: string): string {
  const options = wordList(command.options.flatMap(({ names }) => names));
  const [argument] = command.arguments;
  const call = argument === undefined ? "" : callFor(argument.values, name);
  return `    ${command.name})
      if [[ $value == -* ]]; then ${name}_words "$value" '${options}'
      else ${call === "" ? ":" : call}
      fi
      ;;`;
}

function callFor(values: Values, name: string): string {
  switch (values.kind) {
    case "any":
      return "";
    case "files":
      return `${name}_paths "$value" -f`;
    case "folders":
      return `${name}_paths "$value" -d`;
    case "setting":
      return `${name}_setting "$value" '${wordList(values.words)}' '${wordList(values.settings)}'`;
    default:
      return `${name}_${values.kind} "$value" '${wordList(values.words)}'`;
  }
}
