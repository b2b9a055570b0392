import type { Safe } from "./escape.ts";

// GitHub Flavored Markdown. What comes from outside stands as code: there nothing is a link, a mention or a tag
// (CommonMark 0.31, 6.1).

/** The text as code; nothing for no text. */
export function asCode(text: Safe): string {
  if (text === "") return "";
  const fence = "`".repeat(longestRun(text) + 1);
  const isPadded = fence.length > 1 || /^ .* $/.test(text);
  return isPadded ? `${fence} ${text} ${fence}` : fence + text + fence;
}

/** The lines as a block of code in the language; no line of it can end the block. */
export function asBlock(lines: readonly Safe[], language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [fence + language, ...lines, fence].join("\n");
}

const longestRun = (text: string): number => Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));

/** Words of our own, in which nothing is markup. */
export const plain = (text: Safe): string => text.replace(/[\\`*_[\]<>|~&]/g, "\\$&");

/** A fact of our own words and numbers; as code where it holds a name from outside, which may be a link or a mention. */
export const asFact = (text: Safe): string => (/^(?:[\w ,:+-]|\.(?=\d))*$/.test(text) ? text : asCode(text));

/** A row of a table. A pipe would end its cell, in code too, and a backslash before it can be one of the text. */
export const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll("|", "\\u{7C}")).join(" | ")} |`.replace(/(?<! ) {2,}\|/g, " |");

/** A table of the columns and rows. */
export function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(columns), row(columns.map(() => "---")), ...rows.map(row)].join("\n");
}
