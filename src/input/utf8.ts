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
