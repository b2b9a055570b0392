import { type Safe, safe } from "../escape.ts";
import { lazy } from "../lazy.ts";

/** East Asian Wide and Fullwidth (Unicode UAX #11) and what terminals draw as emoji; a flag is two narrow letters. */
const wide = lazy(
  () =>
    /(?!\p{RI})\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{20000}-\u{3FFFD}]/u,
);

/** Marks drawn over the character before them, and the Hangul vowels and finals that join it. */
const joined = lazy(() => /[\p{Mn}\p{Me}\u1160-\u11FF\uD7B0-\uD7FB]/u);

/** What a line break must not divide: an escape of ours, a character with its marks. */
const unit = lazy(() => /\\u\{[0-9A-F]+\}|\P{M}\p{M}*|\p{M}+/gu);

/** Texts of ASCII, Latin letters and the signs that we draw, each one column wide, none of which joins another; most texts are such. */
const narrow = /^[ -~\u00A1-\u02FF\u2010-\u2027\u2139\u2190-\u21FF\u2500-\u25FC\u26A0\u2714\u2716]*$/;

/** The columns a text takes on a terminal. Takes text without colors. */
export function displayWidth(text: Safe): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += wide().test(char) ? 2 : joined().test(char) ? 0 : 1;
  return width;
}

/** The text, with blanks up to the width. */
export function pad(text: Safe, width: number): Safe {
  return safe`${text}${blanks(width - displayWidth(text))}`;
}

function blanks(count: number): Safe {
  return " ".repeat(Math.max(0, count)) as Safe;
}

/** The text, cut to the width with the mark (`…`) at its end if it is longer. */
export function truncate(text: Safe, width: number, mark: Safe): Safe {
  const room = width - displayWidth(mark);
  if (narrow.test(text) && (text.length <= width || !text.includes("\\"))) {
    return text.length <= width ? text : safe`${text.slice(0, Math.max(0, room)) as Safe}${mark}`;
  }
  let used = 0;
  let kept = 0;
  for (const { 0: part, index } of text.matchAll(unit())) {
    used += displayWidth(part as Safe);
    if (used <= room) kept = index + part.length;
    if (used > width) return safe`${text.slice(0, kept) as Safe}${mark}`;
  }
  return text;
}

/**
 * A word too long for a line, in pieces: the first fits the rest of a line, the others a whole one.
 * It is divided after a sign that joins parts of a name or URL, where one stands in the second half of a line.
 */
function divide(word: Safe, width: number, rest: number): Safe[] {
  const pieces: Safe[] = [];
  let room = rest;
  let start = 0;
  let used = 0;
  let seam = { at: 0, used: 0 };
  for (const { 0: part, index } of word.matchAll(unit())) {
    const columns = displayWidth(part as Safe);
    while (used > 0 && used + columns > room) {
      const cut = seam.used * 2 >= room ? seam : { at: index, used };
      pieces.push(word.slice(start, cut.at) as Safe);
      start = cut.at;
      used -= cut.used;
      room = width;
      seam = { at: start, used: 0 };
    }
    used += columns;
    if (/^[-./:_?&=,;]$/.test(part)) seam = { at: index + part.length, used };
  }
  pieces.push(word.slice(start) as Safe);
  return pieces;
}

/**
 * The text in lines of at most the width (20 columns or more, so that half a line holds any escape), broken between words;
 * only a word longer than a line is divided. At least one line.
 */
export function wrap(text: Safe, width: number): Safe[] {
  if (text.length <= width && narrow.test(text)) return [text];
  const lines: Safe[] = [];
  let line = "";
  let used = 0;
  const end = () => {
    const full = line.replace(/ +$/, "");
    if (full !== "") lines.push(full as Safe);
    line = "";
    used = 0;
  };
  for (const [word] of text.matchAll(/ +|[^ ]+/g) as Iterable<[Safe]>) {
    const columns = displayWidth(word);
    if (used + columns <= width) {
      line += word;
      used += columns;
      continue;
    }
    const isBlank = word.startsWith(" ");
    if (isBlank || columns <= width || used * 2 > width) end();
    if (isBlank) continue;
    const [first = word, ...more] = columns <= width ? [word] : divide(word, width, width - used);
    line += first;
    used += displayWidth(first);
    for (const piece of more) {
      end();
      line = piece;
      used = displayWidth(piece);
    }
  }
  end();
  return lines.length > 0 ? lines : [safe``];
}

/** A part of a line that is kept whole where it fits, with its color if it has one. */
export type Piece = Safe | { readonly text: Safe; readonly paint: (text: Safe) => Safe };

const unpainted = (text: Safe): Safe => text;

/** The pieces side by side with the gap between them, on as many lines of the width as they need. */
export function flow(pieces: readonly Piece[], width: number, gap: number): Safe[] {
  const lines: Safe[] = [];
  let line = safe``;
  let used = 0;
  for (const piece of pieces) {
    const { text, paint = unpainted } = typeof piece === "string" ? { text: piece } : piece;
    const columns = displayWidth(text);
    if (used > 0 && used + gap + columns <= width) {
      line = safe`${line}${blanks(gap)}${paint(text)}`;
      used += gap + columns;
      continue;
    }
    for (const part of wrap(text, width)) {
      if (used > 0) lines.push(line);
      line = paint(part);
      used = displayWidth(part);
    }
  }
  if (used > 0) lines.push(line);
  return lines;
}

/** The lines with something before the first and before the others. */
export function hang(lines: readonly Safe[], first: Safe, rest: Safe = first): Safe[] {
  return lines.map((line, i) => safe`${i === 0 ? first : rest}${line}`);
}
