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
