import type { ScanResult } from "../json-record.ts";
import { documentInLine, type Line } from "./line-position.ts";

/** What no form holds stands around it. */
const borders = "\\s\"'`<>{}()";
const border = new RegExp(`[${borders}]`);
const words = new RegExp(`[^${borders}]+`, "g");
const CALL = "CallSid=CA";
/** A pair that only forms about calls have. */
const tellsStatus = /(?:^|&)(?:CallStatus|CallbackSource)=/;
/** The starts are base64 of `{"`, `{ `, `{` and newline, `[{`, `[` and blank, and of gzip's magic. */
const base64Token = /(?:ey[AIJ]|ewo|W3s|Wwo|WyA|H4sI)[\w+/-]{32,}={0,2}/g;
/** No callback and no event is shorter. */
const SHORTEST = 36;

/** What the text between two values of a line holds: form-encoded callbacks, and base64 to be looked into. */
export function* piecesInGap(line: Line, from: number, to: number): Generator<ScanResult> {
  if (to - from < SHORTEST) return;
  const text = line.text.slice(from, to);
  const documentOf = (start: number, length: number, value?: string) =>
    documentInLine(line, from + start, from + start + length, value);
  if (text.includes(CALL)) {
    for (const { index, 0: word } of text.matchAll(words)) {
      const start = callbackStart(word);
      if (start !== undefined) {
        yield { kind: "form", document: documentOf(index + start, word.length - start) };
      }
    }
  }
  for (const { index, 0: token } of text.matchAll(base64Token)) {
    yield { kind: "json", document: documentOf(index, token.length, token), salvaged: line.rescans > 0 };
  }
}

/** Whether the escape at the index stands in the form of a call, as a part of one of its values. */
export function isInForm(text: string, index: number): boolean {
  let start = index;
  let end = index;
  while (start > 0 && !border.test(text.charAt(start - 1))) start--;
  while (end < text.length && !border.test(text.charAt(end))) end++;
  const form = callbackStart(text.slice(start, end));
  return form !== undefined && start + form <= index;
}

/** Where in the word the form of a call begins that tells a status, as only a callback does; undefined where there is none. */
function callbackStart(word: string): number | undefined {
  const start = formStart(word);
  return start !== undefined && tellsStatus.test(word.slice(start)) ? start : undefined;
}

/**
 * Where in the word the form of a call begins, which is at the first of the pairs that lead to its CallSid, and reaches to
 * the word's end; undefined where there is none. Each character is looked at a few times, however many pairs there are.
 */
export function formStart(word: string): number | undefined {
  const found = word.indexOf(CALL);
  if (found === -1) return undefined;
  let first: number | undefined;
  for (let from = 0; from < word.length; ) {
    const end = word.indexOf("&", from);
    const pair = word.slice(from, end === -1 ? word.length : end);
    if (pair.startsWith(CALL)) return Math.min(found, first ?? from);
    const start = pairStart(pair);
    if (start !== 0) first = start === undefined ? undefined : from + start;
    else first ??= from;
    from += pair.length + 1;
  }
  return found;
}

/** Where in the text a name begins that an equals sign follows. */
function pairStart(text: string): number | undefined {
  for (let equals = text.indexOf("="); equals !== -1; equals = text.indexOf("=", equals + 1)) {
    let start = equals;
    while (start > 0 && isOfName(text.charAt(start - 1))) start--;
    if (start < equals) return start;
  }
  return undefined;
}

const isOfName = (character: string): boolean => /[\w.%+-]/.test(character);
