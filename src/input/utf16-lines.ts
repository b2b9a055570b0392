import type { Encoding } from "./json-record.ts";

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
