import { lastNotAbove } from "../text-lines.ts";

/** A text whose lines all end with `\n`, and where its characters stood. */
interface Unified {
  readonly text: string;
  /** Where the character stood that is at the offset now. */
  readonly offsetOf: (offset: number) => number;
}

const itself = (offset: number): number => offset;

/** The text as XML is read, with `\n` for each `\r\n` and `\r` (XML 1.0, section 2.11), in one pass. */
export function unifyLineEnds(text: string): Unified {
  if (!text.includes("\r")) return { text, offsetOf: itself };
  /** The offsets at which a `\r` is missing, behind one that is before all others. */
  const missing = [-1];
  const unified = text.replace(/\r\n?/g, (end, offset: number) => {
    if (end.length === 2) missing.push(offset - missing.length + 1);
    return "\n";
  });
  return { text: unified, offsetOf: (offset) => offset + lastNotAbove(missing, offset - 1) };
}
