import type { CliSpec } from "../../cli/cli-spec.ts";

/** The program's name as names of functions have it. */
export const identifierOf = ({ name }: CliSpec): string => name.replaceAll("-", "_");

/** The words as a script holds them between quotes. Throws for one that a shell would read otherwise. */
export function wordList(words: readonly string[]): string {
  const odd = words.find((word) => !/^[\w.,:@%+=/-]+$/.test(word));
  if (odd !== undefined) throw new Error(`${odd} cannot stand in a completion script`);
  return words.join(" ");
}
