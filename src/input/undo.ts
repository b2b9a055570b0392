/** CSV writes a quote inside a quoted field as two (RFC 4180). */
export const undoCsv = (text: string): string => text.replaceAll('""', '"');

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
  let end = 0;
  while (end < text.length && text.charCodeAt(end) !== 0x22) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
  try {
    return JSON.parse(`"${text.slice(0, end)}"`);
  } catch {
    return undefined;
  }
}

function undoPercent(text: string): string | undefined {
  try {
    return decodeURIComponent((/^\S*/.exec(text)?.[0] ?? "").replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

interface Spelling {
  /** What a text in this spelling holds; it spares others the search. */
  readonly mark: string;
  /** How its JSON starts. Repetitions are bounded, so that no text makes the search slow. */
  readonly start: RegExp;
  readonly undo: (text: string) => string | undefined;
}

/** Ways in which logs respell JSON. Add a spelling here. */
const spellings: readonly Spelling[] = [
  { mark: "\\x22", start: /[{[](?:[\s{[]|\\x(?:0[9AaDd]|20|5[Bb]|7[Bb])){0,200}\\x22/, undo: undoNginx },
  { mark: '""', start: /[{[][\s{[]{0,200}""/, undo: undoCsv },
  { mark: '\\"', start: /[{[](?:\\[nrt]|[\s{[]){0,200}\\{1,64}"/, undo: undoEscapedQuotes },
  { mark: "b'", start: /(?<=\bb')[{[][\s{[]{0,200}"/, undo: undoNginx },
  { mark: "%22", start: /%7B(?:%0A|%20|\+){0,200}%22|%5B(?:%0A|%20|\+){0,200}%7B/i, undo: undoPercent },
];

/**
 * Whether respelled JSON may start at the bracket, given why it is not JSON: before its first quote stands a backslash or
 * another quote, or it has an escape that Python's bytes and nginx write.
 */
export const isRespelled = (text: string, index: number, problem: string): boolean =>
  problem.startsWith("\\x") || /^[{[][\s{[]*(?:\\|"")/.test(text.slice(index, index + 64));

/** JSON respelled in a line: where it starts there, and its text undone. */
export function undoSpellings(text: string): { readonly start: number; readonly text: string }[] {
  return spellings.flatMap(({ mark, start, undo }) => {
    const found = text.includes(mark) ? start.exec(text) : undefined;
    if (!found) return [];
    const undone = undo(text.slice(found.index));
    return undone === undefined ? [] : [{ start: found.index, text: undone }];
  });
}
