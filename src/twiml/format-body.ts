import { htmlPage } from "./body-kind.ts";
import type { DecodedBody } from "./decode/decode-body.ts";
import { isWellFormed } from "./lint/lint-twiml.ts";
import { prettyXml } from "./pretty.ts";
import type { Place } from "./twiml-text.ts";

export interface ShownBody {
  readonly text: string;
  /** What the body is, in words, where its text does not say it: an error page of nginx, a dump of bytes. */
  readonly note: string | undefined;
  /** Where a place of the decoded text stands in this one. */
  placeOf(place: Place): Place;
}

/** How many bytes of a binary body are MAX_DUMPED_BYTES. */
const MAX_DUMPED_BYTES = 256;

/** JSON nested deeper than this is shown as it stands: its indentation would outgrow it. */
const MAX_JSON_DEPTH = 128;

/**
 * A body as a person reads it: well-formed XML and JSON indented, a binary one as a hex dump of its first bytes, all
 * else, malformed XML too, as it stands. Nothing but white space between tags and tokens is changed.
 */
export function showBody(body: DecodedBody): ShownBody {
  switch (body.kind) {
    case "twiml":
    case "xml":
      return isWellFormed(body.text) ? { ...prettyXml(body.text), note: undefined } : asItStands(body.text);
    case "json":
      return asItStands(prettyJson(body.text));
    case "html":
      return asItStands(body.text, htmlPage(body.text) ?? "an HTML page");
    case "binary":
      return asItStands(hexDump(body.bytes), `${body.bytes.length} bytes that are no text`);
    default:
      return asItStands(body.text);
  }
}

function asItStands(text: string, note?: string): ShownBody {
  return { text, note, placeOf: (place) => place };
}

/** Valid JSON indented by two blanks, its tokens copied: a number keeps its spelling, a key its place. */
function prettyJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let token = 0;
  const newLine = () => pieces.push("\n", "  ".repeat(depth));
  for (let at = 0; at < text.length; at = token) {
    const character = text.charAt(at);
    token = tokenEnd(text, at);
    if (/\s/.test(character)) continue;
    const closing = character === "}" || character === "]";
    const opening = character === "{" || character === "[";
    const previous = pieces.at(-1);
    if (closing) {
      depth--;
      if (previous !== "{" && previous !== "[") newLine();
    } else if (previous === "{" || previous === "[" || previous === ",") newLine();
    pieces.push(text.slice(at, token));
    if (character === ":") pieces.push(" ");
    if (opening && ++depth > MAX_JSON_DEPTH) return text;
  }
  return pieces.join("");
}

/** Behind the token that starts there: a string, a run of letters and digits, or one character. */
function tokenEnd(text: string, start: number): number {
  if (text[start] !== '"') {
    const word = /[^\s{}[\]:,"]+|[\s\S]/y;
    word.lastIndex = start;
    return start + (word.exec(text)?.[0].length ?? 1);
  }
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, MAX_DUMPED_BYTES); at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, MAX_DUMPED_BYTES));
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = row.toString("latin1").replace(/[^\x20-\x7e]/g, ".");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${letters}`);
  }
  if (bytes.length > MAX_DUMPED_BYTES) lines.push(`… ${bytes.length - MAX_DUMPED_BYTES} more bytes`);
  return lines.join("\n");
}
