import type { Base64Fault } from "../rules.ts";

export interface DecodedBase64 {
  /** What can be read of the text, also when it has a fault. */
  readonly bytes: Buffer;
  /** The gravest fault of the text, undefined when it is canonical base64 (RFC 4648, section 4); an empty text is. */
  readonly fault: Base64Fault | undefined;
}

/**
 * Decodes a responseBody. Node decodes anything without a word, so the bytes are encoded again and compared; only where
 * that differs is the text searched for its fault. No pattern has to match a text of megabytes as a whole.
 */
export function decodeBase64(text: string): DecodedBase64 {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return unwrapDouble(bytes);
  const start = text.length - text.trimStart().length;
  if (text.startsWith("<", start)) return { bytes: Buffer.from(text), fault: { fault: "xml", offset: start } };
  const fault = findFault(text);
  // Node stops at the first character beyond Latin-1; without the strangers it reads on.
  const readable = fault.fault === "character" ? text.replace(/[^A-Za-z0-9+/=_-]+/g, "") : text;
  return { bytes: Buffer.from(readable, "base64"), fault };
}

/** Base64 of base64 of XML is canonical; it shows only in what it decodes to. A plain text may look like base64 too. */
function unwrapDouble(bytes: Buffer): DecodedBase64 {
  // "P", as base64 begins for anything that begins with "<": tells nearly all bodies apart at no cost.
  if (bytes[0] !== 0x50) return { bytes, fault: undefined };
  const inner = bytes.toString("latin1").trim();
  const decoded = Buffer.from(inner, "base64");
  const document = decoded.toString("latin1").trimEnd();
  const isXml = document.startsWith("<") && document.endsWith(">") && decoded.toString("base64") === inner;
  return isXml ? { bytes: decoded, fault: { fault: "double", offset: 0 } } : { bytes, fault: undefined };
}

/** The gravest fault of a text that is not canonical: what loses bytes comes before what is only bad form. */
function findFault(text: string): Base64Fault {
  let symbols = 0;
  let last = 0;
  let pads = 0;
  let pad = text.length;
  let space = -1;
  let urlSafe = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isUrlSafe = code === 0x2d || code === 0x5f;
    if (isSymbol(code) || isUrlSafe) {
      if (pads > 0) return { fault: "padding", offset: pad, expected: 0, found: pads };
      if (isUrlSafe && urlSafe === -1) urlSafe = at;
      symbols++;
      last = at;
    } else if (code === 0x3d) {
      if (pads === 0) pad = at;
      pads++;
    } else if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      if (space === -1) space = at;
    } else {
      return { fault: "character", offset: at, character: String.fromCodePoint(text.codePointAt(at) ?? code) };
    }
  }
  const expected = (4 - (symbols % 4)) % 4;
  if (expected === 3) return { fault: "truncated", offset: last };
  if (urlSafe !== -1) return { fault: "url-safe", offset: urlSafe, character: text.charAt(urlSafe) };
  if (pads !== expected) return { fault: "padding", offset: pad, expected, found: pads };
  if (space !== -1) return { fault: "whitespace", offset: space };
  return { fault: "trailing-bits", offset: last };
}

/** A letter, a digit, "+" or "/". */
function isSymbol(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x2f && code <= 0x39) || code === 0x2b;
}
