import { isUtf8 } from "node:buffer";
import type { Encoding } from "./json-record.ts";

const replacement = Buffer.from("\uFFFD");

/** The offset of the first byte that is no part of UTF-8 (RFC 3629); the length where there is none. */
export function firstNotUtf8(bytes: Buffer): number {
  // Longer and longer beginnings, so as not to read all of a large text for a fault near its start.
  for (let size = 4096; size < bytes.length; size *= 2) {
    const at = firstReplaced(bytes.subarray(0, size));
    // Nearer to the end it may only be a character that the cut went through.
    if (at < size - 3) return at;
  }
  return firstReplaced(bytes);
}

/** A lenient decoder writes U+FFFD for the first byte that is not UTF-8; one that was sent as such is three bytes. */
function firstReplaced(bytes: Buffer): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let at = 0;
  for (let from = 0, found = text.indexOf("\uFFFD"); found >= 0; found = text.indexOf("\uFFFD", from)) {
    at += Buffer.byteLength(text.slice(from, found));
    if (!bytes.subarray(at, at + 3).equals(replacement)) return at;
    at += replacement.length;
    from = found + 1;
  }
  return bytes.length;
}

/** A byte as it is written in messages: `0xE9`. */
export const hexByte = (byte = 0): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;

/** The characters 0x80 to 0x9F; the others are those of ISO 8859-1. The decoder of Node 20 leaves these as controls. */
const highCharacters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Any bytes as windows-1252, which has a character for each (Encoding Standard, section 9). */
export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\u0080-\u009f]/g, (control) => highCharacters.charAt(control.charCodeAt(0) - 0x80));
}

/** How a text is called that PowerShell 5 appended to one in UTF-8. */
export const UTF_16: Encoding = { name: "UTF-16", unit: 2, wrong: undefined };

/** A line of UTF-16, its byte order, and the index at which its text begins. */
interface WideLine {
  readonly text: string;
  readonly start: number;
  readonly order: ByteOrder;
}

/** Which of a character's two bytes comes first, the little or the big end. */
export type ByteOrder = "little" | "big";

/**
 * The line of UTF-16 that stands among lines of UTF-8, all cut at the bytes 0x0A: so in the little order the second byte
 * of a newline stands before the next line, in the big order the first one behind each. Undefined where the line is none.
 * `before` is the order of the line before it; without its second byte the newline there ended the UTF-16.
 */
export function wideLine(bytes: Buffer, from: number, to: number, before: ByteOrder | undefined): WideLine | undefined {
  const isBehind = before !== undefined && (before === "big" || bytes[from] === 0);
  const order = isBehind ? before : bytes[from] === 0 || bytes[from] === 0xfe ? "big" : "little";
  const isBig = order === "big";
  let start = isBehind && !isBig ? from + 1 : from;
  if ((bytes[start] ?? 0) >= 0xfe) start += 2;
  if (isBehind && isEmpty(bytes.subarray(start, to))) return { text: "", start, order };
  const size = to - start;
  // Its first two characters are ASCII, as those of JSON and of a log are.
  const ascii = start + (isBig ? 1 : 0);
  const other = start + (isBig ? 0 : 1);
  if (size < 4 || bytes[ascii] === 0 || bytes[other] !== 0) return undefined;
  if (bytes[ascii + 2] === 0 || bytes[other + 2] !== 0) return undefined;
  const units = Buffer.alloc(isBig ? size - (size % 2) : size + (size % 2));
  bytes.copy(units, 0, start, to);
  const text = (isBig ? units.swap16() : units).toString("utf16le");
  return { text: text.replace(/\r$/, ""), start, order };
}

/** Whether the bytes are those of a line without text, or of what a newline leaves at the end. */
const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0 || byte === 0x0d);

/** What a text as a whole may be encoded in, beside UTF-8. */
export type WideEncoding = "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** How many of an input's first bytes tell its encoding. */
export const TELLING = 8;

/**
 * The encoding of a text by its first bytes: by its byte order mark, or by the NULs that UTF-16 and UTF-32 put beside
 * ASCII. Undefined for UTF-8.
 */
export function encodingOf(head: Buffer): WideEncoding | undefined {
  const [a, b, c, d] = head;
  // The mark of UTF-16 LE and a NUL would be the same; no text begins so.
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  // Where a letter stands, and where NUL: two characters of UTF-32, or two of UTF-16.
  const shape = Array.from(head.subarray(0, TELLING), (byte) => (byte === 0 ? "0" : "x")).join("");
  if (shape === "x000x000") return "utf-32le";
  if (shape === "000x000x") return "utf-32be";
  if (shape.startsWith("x0x0")) return "utf-16le";
  return shape.startsWith("0x0x") ? "utf-16be" : undefined;
}

/** Where UTF-16 turns into UTF-8, since somebody appended that to it: at a newline of it and an object's first bytes. */
const turns: Readonly<Partial<Record<WideEncoding, Buffer>>> = {
  "utf-16le": Buffer.from('\n\0{"'),
  "utf-16be": Buffer.from('\0\n{"'),
};

/** The text in that encoding as UTF-8; what is no character becomes U+FFFD. What is UTF-8 from some line on stays as it is. */
export async function* transcode(chunks: AsyncIterable<Buffer>, encoding: WideEncoding): AsyncGenerator<Buffer> {
  const decode = encoding.startsWith("utf-32") ? createUtf32Decoder(encoding === "utf-32le") : createDecoder(encoding);
  const turn = turns[encoding];
  let held: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (held === undefined) {
      yield chunk;
      continue;
    }
    const bytes: Buffer = Buffer.concat([held, chunk]);
    const at = turn === undefined ? -1 : evenIndexOf(bytes, turn);
    // The turn may begin in the last bytes and go on in the next chunk.
    const end = at === -1 ? Math.max(0, bytes.length - 4) & ~1 : at + 2;
    yield Buffer.from(decode(bytes.subarray(0, end)));
    if (at === -1) held = bytes.subarray(end);
    else {
      held = undefined;
      yield bytes.subarray(end);
    }
  }
  if (held !== undefined) yield Buffer.from(decode(held) + decode());
}

/** The first even index of the word; -1 where there is none. */
function evenIndexOf(bytes: Buffer, word: Buffer): number {
  let at = bytes.indexOf(word);
  while (at % 2 === 1) at = bytes.indexOf(word, at + 1);
  return at;
}

type Decoder = (bytes?: Buffer) => string;

function createDecoder(encoding: WideEncoding): Decoder {
  const decoder = new TextDecoder(encoding);
  return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
}

/** UTF-32, which no decoder of Node's knows (Unicode 16.0, section 3.10, D90). */
function createUtf32Decoder(isLittle: boolean): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    if (bytes === undefined) return rest.length === 0 ? "" : "\ufffd";
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = all.length - (all.length % 4);
    let text = "";
    for (let at = 0; at < end; at += 4) text += characterOf(isLittle ? all.readUInt32LE(at) : all.readUInt32BE(at));
    rest = all.subarray(end);
    return text;
  };
}

function characterOf(code: number): string {
  const isCharacter = code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

/** The text of bytes that are UTF-8, most likely, without its byte order mark. */
export function toText(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString("utf8") : decodeBroken(bytes).text;
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * Decodes bytes that are not UTF-8. Where no sequence beyond ASCII is UTF-8 they are read as windows-1252, the usual
 * culprit; otherwise the wrong bytes become U+FFFD.
 */
export function decodeBroken(bytes: Buffer): { readonly text: string; readonly name: string; readonly unit?: number } {
  const replaced = bytes.toString("utf8");
  const hasSequence = Array.from(replaced).some((character) => character > "\u007f" && character !== "\ufffd");
  if (hasSequence) return { text: replaced, name: "utf-8 with wrong bytes as U+FFFD" };
  return { text: decodeWindows1252(bytes), name: "windows-1252", unit: 1 };
}
