import { isDigit } from "../json-tokens.ts";

/** A log prefix may end after a blank, a bar, a bracket, a colon or `>`. */
const isBorder = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x7c || code === 0x5d || code === 0x3a || code === 0x3e;

/**
 * How much of a log prefix the text repeats, as the length in the prefix and in the text. Runs of digits match each
 * other whatever they say, since time stamps and counters move on; the match ends at a border.
 */
export function repeatedPrefix(prefix: string, text: string): { readonly prefix: number; readonly text: number } {
  let inPrefix = 0;
  let inText = 0;
  let matched = { prefix: 0, text: 0 };
  while (inPrefix < prefix.length && inText < text.length) {
    const code = prefix.charCodeAt(inPrefix);
    if (isDigit(code) && isDigit(text.charCodeAt(inText))) {
      while (isDigit(prefix.charCodeAt(inPrefix))) inPrefix++;
      while (isDigit(text.charCodeAt(inText))) inText++;
    } else if (code === text.charCodeAt(inText)) {
      inPrefix++;
      inText++;
      if (isBorder(code)) matched = { prefix: inPrefix, text: inText };
    } else {
      return matched;
    }
  }
  return inPrefix === prefix.length ? { prefix: inPrefix, text: inText } : matched;
}

/** The start of the text that may be a log's prefix: no JSON that broke before a value belongs to it. */
export function logPrefix(text: string): string {
  const json = text.search(/\{(?!\w*\})|\[\s*["{[]/);
  return json < 0 ? text : text.slice(0, json);
}

/**
 * Whether a line could go on with a value that an earlier line opened, by its first characters; an indented key without
 * double quotes does, since that is how other printers than JSON.stringify go on.
 */
export function mayContinue(body: string): boolean {
  return /^\s*(?:["{}[\],:]|$|(?:true|false|null|-?\d[\d.eE+-]*)\s*(?:,\s*)?$)|^\s+(?:[\w$]+|'[^']*'):\s/.test(body);
}

/** Whether the value that begins at the index stands behind a key, so that it is a member of a broken object. */
export const isMember = (text: string, index: number): boolean =>
  /"\s*:\s*$/.test(text.slice(Math.max(0, index - 16), index));
