import type { Finding } from "../../findings/finding.ts";
import { twimlFinding } from "../rules.ts";
import { characterAt } from "../twiml-text.ts";

interface Decoded {
  readonly bytes: Buffer;
  /** The end of the text is missing, and with it that of what it encodes. */
  readonly isCut: boolean;
  readonly findings: readonly Finding[];
}

type Fault = "character" | "white-space" | "url-safe" | "padding-surplus" | "padding-inside";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const space = 64;
const pad = 65;
const foreign = 66;
const urlSafe = 128;

/** What stands before the base64 in a data URL (RFC 2397), as in "data:text/xml;base64,PD94…". */
const dataUrl = /^data:[^,]{0,100};base64,/i;

/** What each character up to U+007F is: a sextet, with `urlSafe` added for "-" and "_", or one of the three above. */
const classes = new Uint8Array(128).fill(foreign);
for (const [sextet, character] of [...alphabet].entries()) classes[character.charCodeAt(0)] = sextet;
for (const character of " \t\n\r\f\v") classes[character.charCodeAt(0)] = space;
classes["=".charCodeAt(0)] = pad;
classes["-".charCodeAt(0)] = urlSafe + 62;
classes["_".charCodeAt(0)] = urlSafe + 63;

/**
 * The bytes of a base64 text (RFC 4648, section 4) and a `body-base64` finding for each kind of fault, with the offset
 * of its first place. It always decodes: other alphabets and white space are understood, foreign characters and the
 * head of a data URL skipped, pieces in a row read one after the other, base64 of base64 opened twice, and text that is
 * no base64 kept as it is.
 */
export function decodeBase64(text: string): Decoded {
  if (/^[\s\uFEFF]*[<{[]/.test(text))
    return { bytes: Buffer.from(text, "utf8"), isCut: false, findings: [report("plain", 0)] };
  const bytes = Buffer.from(text, "base64");
  const decoded = bytes.toString("base64") === text ? { bytes, isCut: false, findings: [] } : scan(text);
  const inner = innerBase64(decoded.bytes);
  if (inner === undefined) return decoded;
  return { bytes: inner, isCut: decoded.isCut, findings: [...decoded.findings, report("twice", 0)] };
}

/** Decodes character by character, for text that is not canonical; linear, whatever the text is. */
function scan(text: string): Decoded {
  const bytes = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4));
  const first = new Map<Fault, number>();
  const note = (fault: Fault, at: number) => {
    if (!first.has(fault)) first.set(fault, at);
  };
  let size = 0;
  let count = 0;
  let sextets = 0;
  let bits = 0;
  let pads = 0;
  let padAt = 0;
  let lastAt = 0;
  const start = dataUrl.exec(text)?.[0].length ?? 0;
  if (start > 0) note("character", text.indexOf(":"));
  for (let at = start; at < text.length; at++) {
    const found = classes[text.charCodeAt(at)] ?? foreign;
    if (found === space) note("white-space", at);
    else if (found === foreign) note("character", at);
    else if (found === pad) {
      pads++;
      if (pads === 1) padAt = at;
      if (pads > (4 - (count % 4)) % 4 || count % 4 === 1) note("padding-surplus", at);
    } else {
      if (found >= urlSafe) note("url-safe", at);
      if (pads > 0) {
        note("padding-inside", padAt);
        [count, sextets, bits, pads] = [0, 0, 0, 0];
      }
      lastAt = at;
      count++;
      sextets = ((sextets << 6) | (found & 63)) & 0xffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[size++] = sextets >> bits;
      }
    }
  }
  const findings = [...first].map(([fault, at]) => report(fault, at, characterAt(text, at)));
  const missing = count % 4 === 0 ? 0 : Math.max(0, 4 - (count % 4) - pads);
  const isTrailing = (sextets & ((1 << bits) - 1)) !== 0;
  // An encoder that leaves out the padding still ends on a whole byte: with neither, the end is missing.
  const isCut = bits === 6 || (missing > 0 && isTrailing);
  if (isCut) findings.push(report("truncated", text.length));
  else if (missing > 0) findings.push(report("padding-missing", text.length, `"${"=".repeat(missing)}"`));
  else if (isTrailing) findings.push(report("trailing-bits", lastAt));
  return { bytes: bytes.subarray(0, size), isCut, findings };
}

/** What is inside bytes that are themselves the base64 of a document; undefined for all else. */
function innerBase64(bytes: Buffer): Buffer | undefined {
  const first = bytes[0];
  if (first !== 0x50 && first !== 0x65 && first !== 0x57 && first !== 0x37) return undefined;
  // The base64 of "<", "{", "[" and of a byte order mark before them begins so.
  if (!/^(?:P[A-P]|[eW][w-z0-9+/]|77u\/)/.test(bytes.toString("latin1", 0, 4))) return undefined;
  const text = bytes.toString("latin1");
  const inner = Buffer.from(text, "base64");
  if (inner.length < 8 || inner.toString("base64") !== text) return undefined;
  return /^(?:\xEF\xBB\xBF)?[<{[]/.test(inner.toString("latin1", 0, 4)) ? inner : undefined;
}

function report(
  fault: Fault | "plain" | "truncated" | "padding-missing" | "trailing-bits" | "twice",
  offset: number,
  detail = "",
) {
  return twimlFinding("body-base64", { fault, offset, detail });
}
