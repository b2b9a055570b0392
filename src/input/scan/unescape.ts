/** CSV writes a quote inside a quoted field as two (RFC 4180). */
export const unescapeCsv = (text: string): string => text.replaceAll('""', '"');

/** nginx writes quotes, backslashes and every byte beyond ASCII of `$request_body` as `\\x22`; the bytes are UTF-8. */
function undoNginx(text: string): string {
  const undone = text.replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii ? Buffer.from(undone, "latin1").toString("utf8") : undone;
}

/** The text of a JSON string that stands in a line without being JSON itself (`body="{\"type\":…"`), or undefined. */
function undoEscapedQuotes(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return undefined;
  }
}

function undoPercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

type End = (text: string, from: number) => number;

/** The index of the next such quote that no backslash escapes, or the text's end. */
const unescaped =
  (quote: number): End =>
  (text, from) => {
    let at = from;
    while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
    return Math.min(at, text.length);
  };

/** The index of the next quote that does not stand twice, or the text's end. */
function endOfField(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text.charCodeAt(at + 1) === 0x22) at = text.indexOf('"', at + 2);
  return at === -1 ? text.length : at;
}

function endOfWord(text: string, from: number): number {
  const blank = /\s/g;
  blank.lastIndex = from;
  return blank.exec(text)?.index ?? text.length;
}

interface Spelling {
  /** What a text in this spelling holds; it spares others the search. */
  readonly mark: string;
  /** How its JSON starts. Repetitions are bounded, so that no text makes the search slow. */
  readonly start: RegExp;
  /** Where the text that is spelled so ends: nothing behind belongs to it. */
  readonly end: End;
  readonly undo: (text: string) => string | undefined;
}

/** Ways in which logs respell JSON. Add a spelling here. */
const spellings: readonly Spelling[] = [
  {
    mark: "\\x22",
    start: /[{[](?:[\s{[]|\\x(?:0[9AaDd]|20|5[Bb]|7[Bb])){0,200}\\x22/g,
    end: unescaped(0x22),
    undo: undoNginx,
  },
  { mark: '""', start: /[{[][\s{[]{0,200}""/g, end: endOfField, undo: unescapeCsv },
  {
    mark: '\\"',
    start: /[{[](?:\\[nrt]|[\s{[]){0,200}\\{1,64}"/g,
    end: unescaped(0x22),
    undo: undoEscapedQuotes,
  },
  { mark: "b'", start: /(?<=\bb')[{[][\s{[]{0,200}"/g, end: unescaped(0x27), undo: undoNginx },
  {
    mark: "%22",
    start: /%7B(?:%0A|%20|\+){0,200}%22|%5B(?:%0A|%20|\+){0,200}%7B/gi,
    end: endOfWord,
    undo: undoPercent,
  },
];

/**
 * Whether respelled JSON may start at the bracket, given why it is not JSON: before its first quote stands a backslash or
 * another quote, or it has an escape that Python's bytes and nginx write.
 */
export const isEscaped = (text: string, index: number, problem: string): boolean =>
  problem.startsWith("\\x") || /^[{[][\s{[]*(?:\\|"")/.test(text.slice(index, index + 64));

/** JSON respelled in a text: where it stands there, and what it is undone. */
export interface Unescaped {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Finds respelled JSON in one text: in none of its parts that were read already, and nothing twice. */
export interface Unescaper {
  /** What starts at the index, in each spelling that it may be of. */
  at(index: number): readonly Unescaped[];
  /** What starts next, at or behind the index; undefined where nothing does. */
  next(
    index: number,
  ): { readonly start: number; readonly end: number; readonly texts: readonly Unescaped[] } | undefined;
}

/** `read` are the parts of the text that were read so far, a start and an end each, by their starts; more may be added. */
export function createUnescaper(text: string, read: number[]): Unescaper {
  const searches = spellings.map(({ mark }) => ({
    from: 0,
    found: text.includes(mark) ? -1 : Number.POSITIVE_INFINITY,
  }));
  let part = 0;
  let endOfParts = 0;
  let endOfLast = 0;

  /** Where a spelling is met next; the same text is not searched twice. */
  function startOf(index: number, { start }: Spelling, from: number): number {
    const search = searches[index] ?? { from, found: Number.POSITIVE_INFINITY };
    if (search.found < from || search.from > from) {
      start.lastIndex = from;
      search.from = from;
      search.found = start.exec(text)?.index ?? Number.POSITIVE_INFINITY;
    }
    return search.found;
  }

  function undoneAt(start: number): Unescaped[] {
    const found = spellings
      .filter((spelling, at) => startOf(at, spelling, start) === start)
      .map((spelling) => {
        const end = beforeBracket(text, start, spelling.end(text, start));
        return { start, end, text: spelling.undo(text.slice(start, end)) };
      });
    endOfLast = found[0]?.end ?? endOfLast;
    return found.flatMap((each) => (each.text === undefined ? [] : [{ ...each, text: each.text }]));
  }

  return {
    at(index) {
      if (index < endOfLast) return [];
      const texts = undoneAt(index);
      if (endOfLast > index) read.push(index, endOfLast);
      return texts;
    },
    next(index) {
      for (let from = index; ; from = endOfParts) {
        const behind = from;
        const start = Math.min(...spellings.map((spelling, at) => startOf(at, spelling, behind)));
        if (start === Number.POSITIVE_INFINITY) return undefined;
        for (; (read[part] ?? Number.POSITIVE_INFINITY) <= start; part += 2) {
          endOfParts = Math.max(endOfParts, read[part + 1] ?? 0);
        }
        if (endOfParts <= start) return { start, texts: undoneAt(start), end: endOfLast };
      }
    },
  };
}

/** The quote that ends a text may be that of a key: then the text ends before the bracket of its object. */
function beforeBracket(text: string, start: number, end: number): number {
  let at = end - 1;
  while (at > start && /\s/.test(text.charAt(at))) at--;
  return at > start && text.charCodeAt(at) === 0x7b ? at : end;
}
