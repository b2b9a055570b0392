import type { Piece } from "./document.ts";
import { documentInLine, type Line } from "./place.ts";

const form = /(?:[\w.%+-]+=[^\s"'`<>{}()&]*&)*CallSid=CA[^\s"'`<>{}()]*/g;
/** The starts are base64 of `{"`, `{ `, `{` and newline, `[{`, `[` and blank, and of gzip's magic. */
const base64Token = /(?:ey[AIJ]|ewo|W3s|Wwo|WyA|H4sI)[\w+/-]{32,}={0,2}/g;
/** No callback and no event is shorter. */
const SHORTEST = 36;

/** What the text between two values of a line holds: form-encoded callbacks, and base64 to be looked into. */
export function* piecesInGap(line: Line, from: number, to: number): Generator<Piece> {
  if (to - from < SHORTEST) return;
  const text = line.text.slice(from, to);
  const documentOf = (match: RegExpExecArray, value?: string) =>
    documentInLine(line, from + match.index, from + match.index + match[0].length, value);
  if (text.includes("CallSid=")) {
    for (const match of text.matchAll(form)) {
      if (/(?:CallStatus|CallbackSource)=/.test(match[0])) yield { kind: "form", document: documentOf(match) };
    }
  }
  for (const match of text.matchAll(base64Token)) {
    yield { kind: "json", document: documentOf(match, match[0]), salvaged: line.rescans > 0 };
  }
}
