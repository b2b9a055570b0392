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
  readonly start: RegExp;
  readonly undo: (text: string) => string | undefined;
}

/** Ways in which logs respell JSON. Add a spelling here: how its JSON starts, and how it is undone from there on. */
const spellings: readonly Spelling[] = [
  { start: /[{[][\\xX0-9A-Fa-f\s{[]*?\\x22/, undo: undoNginx },
  { start: /[{[][\s{[]*""/, undo: undoCsv },
  { start: /[{[](?:\\[nrt]|[\s{[])*\\+"/, undo: undoEscapedQuotes },
  { start: /%7B(?:%0A|%20|\+)*%22|%5B(?:%0A|%20|\+)*%7B/i, undo: undoPercent },
];

/** Whether respelled JSON may start at the bracket: before its first quote stands a backslash, or another quote. */
export const isRespelled = (text: string, index: number): boolean =>
  /^[{[][\s{[]*(?:\\|"")/.test(text.slice(index, index + 64));

/** JSON respelled in a line: where it starts there, and its text undone. */
export function undoSpellings(text: string): { readonly start: number; readonly text: string }[] {
  return spellings.flatMap(({ start, undo }) => {
    const found = start.exec(text);
    if (!found) return [];
    const undone = undo(text.slice(found.index));
    return undone === undefined ? [] : [{ start: found.index, text: undone }];
  });
}
