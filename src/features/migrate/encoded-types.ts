import { gunzipSync } from "node:zlib";

/** What a token may unpack to, and so many layers are looked through. */
const MAX_UNPACKED = 16 * 1024 * 1024;
const MAX_LAYERS = 4;

/** Tells whether base64, plain or of gzip and in up to four layers, holds one of the names. */
export function createEncodedTypes(names: Iterable<string>): (token: string) => boolean {
  const all = [...names];

  function holds(token: string, layers: number): boolean {
    const bytes = unpacked(Buffer.from(token, "base64"));
    const text = bytes?.toString("latin1");
    if (text === undefined) return false;
    if (all.some((name) => text.includes(name))) return true;
    if (layers === MAX_LAYERS) return false;
    return Array.from(text.matchAll(/[A-Za-z0-9+/_-]{64,}={0,2}/g)).some(([inner]) => holds(inner, layers + 1));
  }

  return (token) => holds(token, 1);
}

/** Gzip is unpacked; undefined where it cannot be. */
function unpacked(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch {
    return undefined;
  }
}
