import { gunzipSync } from "node:zlib";
import { toText } from "./charset.ts";

/** What is said when a limit on unpacking was reached. */
export const TOO_LARGE = "it unpacks to more than 64 MiB";

/** Whether the text is base64, of either alphabet, by its characters; blanks may stand anywhere in it. */
export const isBase64 = (text: string): boolean => /^[\w+/\s-]+(?:={1,2}\s*)?$/.test(text);

/** The bytes that a base64 string holds; undefined where it is none, or they are neither gzip nor may be text. */
export function bytesOf(text: string): Buffer | undefined {
  if (text.length < 24 || !isBase64(text.slice(0, 256)) || !isBase64(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return isGzip(bytes) || mayHoldText(bytes) ? bytes : undefined;
}

/** The text that bytes hold, unpacked from gzip (at most `limit` bytes), or why they cannot be unpacked. */
export function textOf(
  bytes: Buffer,
  limit: number,
): { readonly text: string } | { readonly text: undefined; readonly problem: string } {
  if (!isGzip(bytes)) return { text: toText(bytes) };
  try {
    return { text: toText(gunzipSync(bytes, { maxOutputLength: Math.max(1, limit) })) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const damaged = "gzip data inside is damaged or cut off, so what it holds cannot be read";
    return { text: undefined, problem: code === "ERR_BUFFER_TOO_LARGE" ? TOO_LARGE : damaged };
  }
}

/** Gzip begins with these bytes (RFC 1952, section 2.3.1). */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Whether bytes may hold JSON, a form or an HTTP message: printable ASCII at the start. */
function mayHoldText(bytes: Buffer): boolean {
  const end = Math.min(bytes.length, 12);
  for (let index = 0; index < end; index++) {
    const byte = bytes[index] ?? 0;
    const isPrintable = (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
    const isMark = index < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf);
    if (!isPrintable && !isMark) return false;
  }
  return end > 0;
}
