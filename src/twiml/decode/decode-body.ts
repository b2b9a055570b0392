import { constants, gunzipSync } from "node:zlib";
import type { Finding } from "../../findings/finding.ts";
import { isGzip } from "../../input/base64.ts";
import { memoize } from "../../input/memoize.ts";
import { kindOf, type TextKind } from "../body-kind.ts";
import { twimlFinding } from "../rules.ts";
import { decodeCharacters } from "./body-charset.ts";
import { decodeBase64 } from "./decode-base64.ts";

export interface DecodedBody {
  readonly kind: TextKind | "binary";
  readonly contentType: string | undefined;
  readonly charset: string;
  /** The bytes as the server sent them; still packed where `gzip` is true. */
  readonly bytes: Buffer;
  /** Whether the bytes are gzip; the text is that of what they unpack to. */
  readonly gzip: boolean;
  /** The end was lost on its way here, so that what the text lacks is not the server's fault. */
  readonly isCut: boolean;
  /** The characters, without a byte order mark; empty for a binary body. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** 64 kB, beyond which Twilio reports 11750 (twilio.com/docs/api/errors/11750). */
const MAX_TWILIO_BYTES = 64 * 1024;

/** What a packed body may unpack to at most. */
const MAX_UNPACKED_BYTES = 1024 * 1024;

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;.*)?$/s;

/**
 * A response body as events carry it, base64, to bytes and characters. Never throws; reports `body-base64`,
 * `body-charset`, `body-content-type` and `body-size`, and still returns what can be read.
 */
export function decodeBody(base64: string, contentType: string | undefined): DecodedBody {
  const { bytes, isCut, findings } = decodeBase64(base64);
  const gzip = isGzip(bytes);
  const unpacked = gzip ? unpack(bytes) : { bytes, findings: [] };
  const characters = decodeCharacters(unpacked.bytes, contentType);
  const binary = !characters.charset.startsWith("utf-16") && looksBinary(unpacked.bytes);
  const kind = binary ? "binary" : kindOf(characters.text);
  return {
    kind,
    contentType,
    charset: binary ? "binary" : characters.charset,
    bytes,
    gzip,
    isCut,
    text: binary ? "" : characters.text,
    findings: [
      ...findings,
      ...(binary ? [] : characters.findings),
      ...checkSize(bytes),
      ...unpacked.findings,
      ...checkContentType(contentType, kind),
    ],
  };
}

/**
 * The same of a body that is characters already: that of the Call Events REST resource, or TwiML by itself. Its
 * charset is not judged: who made the characters knew it.
 */
export function decodeText(text: string, contentType: string | undefined): DecodedBody {
  const bytes = Buffer.from(text, "utf8");
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const kind = looksBinary(bytes) ? "binary" : kindOf(plain);
  return {
    kind,
    contentType,
    charset: "utf-8",
    bytes,
    gzip: false,
    isCut: false,
    text: kind === "binary" ? "" : plain,
    findings: [...checkSize(bytes), ...checkContentType(contentType, kind)],
  };
}

/** Unpacks gzip up to the limit; what is not gzip after all, or more than that, stays packed. */
function unpack(bytes: Buffer): { readonly bytes: Buffer; readonly findings: readonly Finding[] } {
  try {
    // Flushed at its end, gzip that was cut off gives what there is of it.
    const options = { maxOutputLength: MAX_UNPACKED_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
    return { bytes: gunzipSync(bytes, options), findings: [] };
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    return {
      bytes,
      findings: tooLarge ? [twimlFinding("body-size", { bytes: MAX_UNPACKED_BYTES, packed: true })] : [],
    };
  }
}

function checkSize(bytes: Buffer): readonly Finding[] {
  if (bytes.length <= MAX_TWILIO_BYTES) return [];
  return [twimlFinding("body-size", { bytes: bytes.length, packed: false })];
}

function checkContentType(contentType: string | undefined, kind: DecodedBody["kind"]): readonly Finding[] {
  if (contentType === undefined || kind === "empty") return [];
  const { type, fault, suited } = mediaTypeOf(contentType);
  if (fault === undefined && suited.includes(kind)) return [];
  const data = { fault: fault ?? "mismatch", type, kind: kindNames[kind] } as const;
  return [twimlFinding("body-content-type", data, { value: contentType })];
}

/** What a content type names, what is wrong with it, and the bodies that it suits. */
const mediaTypeOf = memoize((contentType) => {
  const type = contentType.replace(/;.*/s, "").trim().toLowerCase();
  const fault = type === "" ? "missing" : mediaType.test(contentType.trim()) ? undefined : "malformed";
  const kinds = Object.keys(kindNames) as (keyof typeof kindNames)[];
  return { type, fault, suited: kinds.filter((kind) => suits(type, kind)) } as const;
});

const kindNames = {
  twiml: "TwiML",
  xml: "XML",
  json: "JSON",
  html: "HTML",
  text: "plain text",
  binary: "binary",
} as const satisfies Record<Exclude<DecodedBody["kind"], "empty">, string>;

/** text/html is let pass for TwiML: many frameworks send it so, and nothing says that Twilio refuses it. */
function suits(type: string, kind: keyof typeof kindNames): boolean {
  if (/[/+]xml$/.test(type)) return kind === "twiml" || kind === "xml";
  if (/[/+]json$/.test(type)) return kind === "json";
  if (/^(?:audio|image|video)\//.test(type)) return kind === "binary";
  return type === "text/html" ? kind !== "binary" : kind !== "twiml";
}

/** Whether bytes are no text: a NUL, or more than a tenth control characters, in their first 4 kB. */
function looksBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4096);
  let controls = 0;
  // Four times as fast as an iterator.
  for (let at = 0; at < head.length; at++) {
    const byte = head[at] as number;
    if (byte === 0) return true;
    if (byte < 0x20 && byte !== 0x1b && (byte < 0x09 || byte > 0x0d)) controls++;
  }
  return controls > head.length / 10;
}
