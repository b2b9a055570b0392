import { gunzipSync } from "node:zlib";
import { isGzip } from "../../input/base64.ts";

/** Which type stands for which deprecated one. */
export type Replacements = ReadonlyMap<string, string>;

/** A place in a text, as `before` and `after` it would be; lines and columns from 1, the offset in bytes. */
export interface Change {
  readonly kind: "change";
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly type: string;
  readonly replacement: string;
  readonly before: string;
  readonly after: string;
}

/** What names a deprecated type in a way that cannot be rewritten safely. */
export interface Left {
  readonly kind: "left";
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  /** `part`: the beginning of deprecated types, or a pattern for them. `base64`: it stands in base64, plain or of gzip. */
  readonly why: "part" | "base64";
  readonly text: string;
}

/** A text that is rewritten as it comes, chunk by chunk. */
export interface Rewriting {
  /** Takes bytes and returns those that are done with. */
  push(chunk: Uint8Array): Buffer;
  /** Returns what is left. */
  end(): Buffer;
}

/** What a run of base64 may unpack to, and so many layers are looked through. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;
const MAX_LAYERS = 4;

/** Of a place so much is shown on either side, in bytes. */
const CONTEXT_BYTES = 60;

/** A run of base64 is held until it is whole, up to this size; in a longer one its first part is looked at. */
const MAX_TOKEN_BYTES = 1024 * 1024;

/** What ends a name: behind an escape (`\n`, `\u0022`, `\x22`, `%22`) a name begins, though its last letter is one of a name. */
const start = String.raw`(?<![\w.-])|(?<=\\[bfnrt]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2})`;

/** A run of base64 that is long enough to hold an event; in a path or a name that goes on with a dot there is none. */
const token = "(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{64,}={0,2}(?![A-Za-z0-9+/_=.-])";

/**
 * Rewrites the deprecated types in a text, and nothing else: each byte around them stays. The text may be of any kind and
 * any encoding that holds ASCII as it is. Emits each change, and each place that only a person can change.
 */
export function createRewriting(replacements: Replacements, emit: (place: Change | Left) => void): Rewriting {
  const types = [...replacements.keys()];
  const stem = stemOf(replacements);
  const name = String.raw`(?:${start})${stem.replaceAll(".", "\\.")}(?![\w-])(?:\.[\w*-]+)*`;
  const names = new RegExp(`${name}|${token}`, "g");
  const held = Math.max(...types.map((type) => type.length)) + CONTEXT_BYTES;
  const counter = createCounter();
  // One character a byte, so that nothing is decoded and nothing can change.
  let text = "";
  /** Up to here the text is written; it is kept as the surroundings of what follows. */
  let done = 0;

  function take(end: number, isEnd: boolean): Buffer {
    let written = "";
    let upTo = end;
    names.lastIndex = done;
    for (let match = names.exec(text); match !== null; match = names.exec(text)) {
      const [found] = match;
      const { index } = match;
      if (index >= end) break;
      const place = counter.at(text, index);
      upTo = Math.max(upTo, index + found.length);
      if (!found.startsWith(stem)) {
        if (hidesType(found, types)) emit({ kind: "left", ...place, why: "base64", text: excerpt(text, index, "") });
        continue;
      }
      const replacement = replacements.get(found);
      if (replacement === undefined) emit({ kind: "left", ...place, why: "part", text: decoded(found) });
      else {
        const around = { before: excerpt(text, index, found, found), after: excerpt(text, index, found, replacement) };
        emit({ kind: "change", ...place, type: found, replacement, ...around });
        written += text.slice(done, index) + replacement;
        done = index + found.length;
      }
    }
    written += text.slice(done, upTo);
    done = upTo;
    if (!isEnd) {
      const kept = Math.max(0, done - CONTEXT_BYTES);
      counter.at(text, kept);
      counter.drop(kept);
      text = text.slice(kept);
      done -= kept;
    }
    return Buffer.from(written, "latin1");
  }

  return {
    push(chunk) {
      text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
      const whole = text.length - held;
      return take(Math.max(done, Math.min(whole, tokenAt(text, Math.max(done, whole - MAX_TOKEN_BYTES)))), false);
    },
    end: () => take(text.length, true),
  };
}

/** Whether base64, plain or of gzip and in up to four layers, holds one of the types. */
function hidesType(token: string, types: readonly string[], layers = 1): boolean {
  const text = unpacked(token);
  if (types.some((type) => text.includes(type))) return true;
  if (layers === MAX_LAYERS) return false;
  return Array.from(text.matchAll(/[A-Za-z0-9+/_-]{64,}={0,2}/g)).some(([inner]) =>
    hidesType(inner, types, layers + 1),
  );
}

/** What base64 holds, gzip unpacked; nothing where it cannot be. */
function unpacked(token: string): string {
  const bytes = Buffer.from(token, "base64");
  try {
    return (isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }) : bytes).toString("latin1");
  } catch {
    return "";
  }
}

/** The longest beginning, up to a dot, that the deprecated types have and none of their replacements: it names them alone. */
function stemOf(replacements: Replacements): string {
  const [first = ""] = replacements.keys();
  const parts = first.split(".");
  for (let count = 1; count < parts.length; count++) {
    const stem = parts.slice(0, count).join(".");
    const isAlone = [...replacements.values()].every((name) => !`${name}.`.startsWith(`${stem}.`));
    if (isAlone && [...replacements.keys()].every((name) => name.startsWith(`${stem}.`))) return stem;
  }
  throw new Error("the deprecated types have no beginning of their own");
}

/** Where the run of base64 that the text ends with begins; the text's end where it ends otherwise. */
function tokenAt(text: string, from: number): number {
  let index = text.length;
  while (index > from && /[A-Za-z0-9+/_=-]/.test(text.charAt(index - 1))) index--;
  return index === from ? text.length : index;
}

/** Lines, columns and bytes up to a place that only moves on. Columns count UTF-16 units of UTF-8. */
function createCounter() {
  let line = 1;
  let column = 1;
  let offset = 0;
  let index = 0;
  return {
    at(text: string, to: number) {
      for (; index < to; index++) {
        const byte = text.charCodeAt(index);
        if (byte === 0x0a) {
          line++;
          column = 1;
        } else if (byte >= 0xf0) column += 2;
        else if (byte < 0x80 || byte >= 0xc0) column++;
        offset++;
      }
      return { line, column, offset };
    },
    /** The text before the index is gone. */
    drop(before: number): void {
      index -= before;
    },
  };
}

/** The text's line around the name at the index, cut on both sides, with `instead` in the name's place. */
function excerpt(text: string, index: number, name: string, instead = name): string {
  const from = Math.max(0, index - CONTEXT_BYTES);
  const to = index + name.length + CONTEXT_BYTES;
  const before = text.slice(from, index).replace(/^.*[\r\n]/s, "");
  const after = text.slice(index + name.length, to).replace(/[\r\n].*$/s, "");
  const [left, right] = [before.length === index - from && from > 0, after.length === CONTEXT_BYTES];
  return `${left ? "…" : ""}${decoded(before + instead + after)}${right ? "…" : ""}`;
}

/** Bytes as characters; where a cut has gone through a character, what is left of it goes. */
function decoded(latin1: string): string {
  return Buffer.from(latin1, "latin1")
    .toString("utf8")
    .replace(/^\ufffd+|\ufffd+$/g, "");
}
