/** What a command line may be made of, as the program declares it. */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly says: string;
  readonly options: readonly DeclaredOption[];
  readonly commands: readonly DeclaredCommand[];
}

export interface DeclaredCommand {
  readonly name: string;
  /** For a list of commands. */
  readonly summary: string;
  readonly says: string;
  readonly arguments: readonly DeclaredArgument[];
  readonly options: readonly DeclaredOption[];
  /** What its help says behind the options, examples too. */
  readonly notes: string;
}

export interface DeclaredArgument {
  readonly name: string;
  readonly says: string;
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
  readonly values: Values;
}

export interface DeclaredOption {
  /** `-f` and `--format`. */
  readonly names: readonly string[];
  readonly says: string;
  /** What stands behind it; undefined where nothing does. */
  readonly value: DeclaredValue | undefined;
}

interface DeclaredValue {
  /** As the help has it, with its brackets. */
  readonly shown: string;
  readonly isOptional: boolean;
  readonly values: Values;
  /** What it is without the option, as the help has it. */
  readonly unless: string | undefined;
}

/**
 * What a value may be. `list`: words with commas between them. `setting`: a word, `=`, and one of `settings`. `any`: what
 * only the user knows.
 */
export type Values =
  | { readonly kind: "words" | "list"; readonly words: readonly string[] }
  | { readonly kind: "setting"; readonly words: readonly string[]; readonly settings: readonly string[] }
  | { readonly kind: "files" | "folders" | "any" };

/** The program's name as names of functions have it. */
export const identifierOf = ({ name }: Program): string => name.replaceAll("-", "_");

/** The words as a script holds them between quotes. Throws for one that a shell would read otherwise. */
export function wordList(words: readonly string[]): string {
  const odd = words.find((word) => !/^[\w.,:@%+=/-]+$/.test(word));
  if (odd !== undefined) throw new Error(`${odd} cannot stand in a completion script`);
  return words.join(" ");
}
