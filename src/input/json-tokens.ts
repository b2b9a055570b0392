/** The index of the quote that ends the string which begins at `start`; the text's end where it does not end. */
export function stringEnd(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end;
}

/** Whether an odd number of backslashes stands before the index. */
function isEscaped(text: string, index: number): boolean {
  let at = index;
  while (text.charCodeAt(at - 1) === 0x5c) at--;
  return (index - at) % 2 === 1;
}

/** Whether the string whose closing quote stands at the index is a key: a colon comes next. */
export function isKey(text: string, quote: number): boolean {
  let at = quote + 1;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === 0x3a;
}

/** Whether JSON allows the character between its tokens. */
export const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
