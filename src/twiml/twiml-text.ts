/** A place in a text: line and column from 1, columns in UTF-16 units, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  placeOf(offset: number): Place;
  /** The offset of a place; a column past the end of its line gives the end of the text at most. */
  offsetOf(place: Place): number;
}

/** Translates between offsets and places of one text. A line ends with LF, CR LF or CR (XML 1.0, section 2.11). */
export function linesOf(text: string): Lines {
  let known: readonly number[] | undefined;
  // Most texts have no finding, so none asks where its lines start.
  const starts = () => {
    known ??= [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (end) => end.index + end[0].length)];
    return known;
  };
  return {
    placeOf(offset) {
      const line = lastNotAbove(starts(), offset);
      return { line: line + 1, column: offset - (starts()[line] as number) + 1 };
    },
    offsetOf({ line, column }) {
      return Math.min((starts()[line - 1] ?? text.length) + column - 1, text.length);
    },
  };
}

/** The index of the last of these ascending numbers that is not above the limit; 0 when all are. */
export function lastNotAbove(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] as number) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

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

/** Text of an answer as findings may quote it: trimmed, cut, passwords of URLs and SIP addresses masked. */
export function quoted(text: string, length = 200): string {
  const start = text.slice(0, 4 * length).trim();
  const masked = start.replace(
    /(sips?:|\/\/)?([^\s/:@"'<>]+):([^\s/@"'<>]+)@/gi,
    (all: string, scheme: string | undefined, user: string) =>
      // "sip:ann@" is a scheme and a user, not a user and a password.
      scheme === undefined && /^sips?$/i.test(user) ? all : `${scheme ?? ""}${user}:***@`,
  );
  return masked.length > length ? `${masked.slice(0, length)}…` : masked;
}

/** The character at the offset by itself where it is printable ASCII, by its code point otherwise. */
export function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset) as number;
  if (code > 0x20 && code < 0x7f) return `"${String.fromCodePoint(code)}"`;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
