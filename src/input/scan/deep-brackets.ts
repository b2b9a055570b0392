import { stringEnd } from "../json-tokens.ts";
import { type JsonCandidate, startOf } from "./json-candidate.ts";
import { type Line, lineFrom } from "./line-position.ts";

/** So many of the brackets round the place where JSON broke are tried by themselves: more than wrap an event in practice. */
const TRIED = 8;

/**
 * How many brackets that were open where the attempt broke are not worth a try: within them it would break at the same
 * place. Values that ended before it may be events all the same.
 */
export const hopelessIn = ({ scan }: JsonCandidate): number => Math.max(0, (scan?.open.length ?? 0) - TRIED);

/**
 * What an attempt that broke at `end` of its only line holds before the first of its open brackets that is worth a try,
 * without those that are not; and the index of that bracket.
 */
export function passHopeless(
  attempt: JsonCandidate,
  line: Line,
  end: number,
): { readonly passed: Line; readonly next: number } {
  const count = hopelessIn(attempt);
  const from = startOf(attempt);
  const text = line.text.slice(from, end);
  const open = openIn(text);
  const length = open[count] ?? text.length;
  const passed = blanked(text.slice(0, length), open.slice(0, count));
  return { passed: again(lineFrom(line, from, passed)), next: from + length };
}

/**
 * The lines of an attempt that broke at `end` of the last one, from its first character on, without the open brackets that
 * are not worth a try.
 */
export function withoutHopeless(attempt: JsonCandidate, end: number): Line[] {
  const last = attempt.lines.at(-1);
  const parts = attempt.lines.map((own) => ({ ...own, to: own === last ? end : own.line.text.length }));
  const text = parts.map((part) => part.line.text.slice(part.from, part.to)).join("");
  const left = blanked(text, openIn(text).slice(0, hopelessIn(attempt)));
  let at = 0;
  return parts.map(({ line, from, to }, index) => {
    const own = left.slice(at, at + to - from) + line.text.slice(to);
    at += to - from;
    // Later lines keep what the log put before them, so that they are told from other sources' lines.
    return again(index === 0 ? lineFrom(line, from, own) : { ...line, text: line.text.slice(0, from) + own });
  });
}

/** The line, to be looked at again. */
export const again = (line: Line): Line => ({ ...line, rescans: line.rescans + 1 });

/** Where the brackets stand that nothing in the text closes. */
function openIn(text: string): number[] {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x7b || code === 0x5b) open.push(at);
    else if (code === 0x7d || code === 0x5d) open.pop();
  }
  return open;
}

/** The text with blanks at the indexes. */
function blanked(text: string, indexes: readonly number[]): string {
  let left = "";
  let from = 0;
  for (const at of indexes) {
    left += `${text.slice(from, at)} `;
    from = at + 1;
  }
  return left + text.slice(from);
}
