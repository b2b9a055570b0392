import { isAscii, isUtf8 } from "node:buffer";
import { parseJson } from "../../webhook-request.ts";
import type { SignatureBody } from "../rules.ts";
import { bodyHashesIn, hashOf, type SignedRequest } from "../signature.ts";

type Rewrite = Extract<SignatureBody, { readonly fault: "rewritten" }>["as"][number];

/** A spelling of the body that may have been the one that was sent. */
interface Rewritten {
  readonly text: string | Buffer;
  readonly as: readonly Rewrite[];
}

/** A longer body is not written again in every way: that would take seconds. Twilio's are shorter. */
const MAX_REWRITTEN_BYTES = 128 * 1024;

/** Why the body does not fit the hash that the URL carries; undefined where it fits, and where the URL has none. */
export function findBodyMismatch({ body, headers }: SignedRequest, url: string): SignatureBody | undefined {
  const hashes = bodyHashesIn(url);
  if (hashes.length === 0) return undefined;
  const [signed = ""] = hashes;
  if (hashes.length > 1) return { fault: "several" };
  const found = hashOf(body);
  if (found === signed) return undefined;
  if (found === signed.trim().toLowerCase()) return { fault: "spelling" };
  const sent = Number(headers["content-length"] ?? body.length);
  if (body.length <= MAX_REWRITTEN_BYTES) {
    for (const { text, as } of rewritings(body))
      if (hashOf(Buffer.from(text)) === signed) return { fault: "rewritten", as };
  }
  if (Number.isSafeInteger(sent) && sent !== body.length) return { fault: "length", bytes: body.length, sent };
  const characters = isUtf8(body) ? body.toString("utf8").split("\ufffd").length - 1 : 0;
  if (characters > 0) return { fault: "replaced", characters };
  return { fault: "changed", bytes: body.length, found, signed };
}

/** The body as it may have been before something on its way wrote it again. */
function* rewritings(body: Buffer): Generator<Rewritten> {
  const text = body.toString("utf8");
  yield* ends(text, []);
  if (text.startsWith("\ufeff")) yield { text: text.slice(1), as: ["mark-removed"] };
  else yield { text: `\ufeff${text}`, as: ["mark-added"] };
  if (text.includes("\r\n")) yield* ends(text.replaceAll("\r\n", "\n"), ["lf"]);
  else if (text.includes("\n")) yield* ends(text.replaceAll("\n", "\r\n"), ["crlf"]);
  if (!isAscii(body)) {
    const once = Buffer.from(text, "latin1");
    if (isUtf8(once) && once.toString("latin1") === text) yield { text: once, as: ["utf8-once"] };
    if (isUtf8(body)) yield { text: once, as: ["latin1"] };
    else yield { text: body.toString("latin1"), as: ["utf8"] };
  }
  const json = text.replace(/^\ufeff/, "").trim();
  const value = parseJson(json);
  if (value === undefined) return;
  yield* jsonRewritings(tokensOf(json), []);
  yield* jsonRewritings(tokensOf(JSON.stringify(sorted(value))), ["sorted"]);
}

/** The text without the newlines at its end; those elsewhere are looked at once. */
export const withoutLastNewlines = (text: string): string => text.replace(/(?<![\r\n])[\r\n]+$/, "");

function* ends(text: string, as: readonly Rewrite[]): Generator<Rewritten> {
  const bare = withoutLastNewlines(text);
  if (as.length > 0) yield { text, as };
  if (bare !== text) yield { text: bare, as: [...as, "newline-removed"] };
  for (const end of ["\n", "\r\n"]) yield { text: text + end, as: [...as, "newline-added"] };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}

/** The tokens of a JSON text as they are written: numbers keep their digits, which parsing would change. */
const tokensOf = (json: string): readonly string[] => json.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g) ?? [];

const layouts = {
  compact: (tokens) => tokens.join(""),
  spaced: (tokens) => tokens.map((token) => (token === "," || token === ":" ? `${token} ` : token)).join(""),
  "indented-2": (tokens) => indented(tokens, "  "),
  "indented-4": (tokens) => indented(tokens, "    "),
  "indented-tab": (tokens) => indented(tokens, "\t"),
} as const satisfies Partial<Record<Rewrite, (tokens: readonly string[]) => string>>;

const spellings: readonly (readonly [as: readonly Rewrite[], spell: (token: string) => string])[] = [
  [[], (token) => token],
  [["ascii-only"], escaped],
  [["unescaped"], unescaped],
  [["slashes-escaped"], (token) => token.replaceAll("/", "\\/")],
  [["ascii-only", "slashes-escaped"], (token) => escaped(token).replaceAll("/", "\\/")],
];

function* jsonRewritings(tokens: readonly string[], before: readonly Rewrite[]): Generator<Rewritten> {
  const wraps: readonly (readonly [readonly Rewrite[], readonly string[]])[] = [
    [[], tokens],
    tokens[0] === "[" ? [["out-of-array"], tokens.slice(1, -1)] : [["in-array"], ["[", ...tokens, "]"]],
  ];
  for (const [wrap, wrapped] of wraps) {
    for (const [spelling, spell] of spellings) {
      const spelled = wrapped.map((token) => (token.startsWith('"') ? spell(token) : token));
      if (spelling.length > 0 && spelled.every((token, index) => token === wrapped[index])) continue;
      for (const [layout, lay] of Object.entries(layouts)) {
        const text = lay(spelled);
        const as = [...before, ...wrap, layout as keyof typeof layouts, ...spelling];
        yield { text, as };
        yield { text: `${text}\n`, as: [...as, "newline-added"] };
      }
    }
  }
}

/** As JSON.stringify indents. */
function indented(tokens: readonly string[], unit: string): string {
  let text = "";
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const isEmpty = /^[[{]$/.test(tokens[index - 1] ?? "");
    if (token === "]" || token === "}") {
      depth--;
      text += isEmpty ? token : `\n${unit.repeat(depth)}${token}`;
      continue;
    }
    if (isEmpty) text += `\n${unit.repeat(depth)}`;
    text += token === ":" ? ": " : token;
    if (token === ",") text += `\n${unit.repeat(depth)}`;
    if (token === "[" || token === "{") depth++;
  }
  return text;
}

function escaped(token: string): string {
  return token.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Escapes beyond ASCII as the characters themselves, and `\/` as `/`; what JSON must escape stays. */
function unescaped(token: string): string {
  return token.replace(/\\(?:u([0-9A-Fa-f]{4})|.)/g, (whole, hex?: string) => {
    if (whole === "\\/") return "/";
    const code = hex === undefined ? 0 : Number.parseInt(hex, 16);
    return code >= 0x7f ? String.fromCharCode(code) : whole;
  });
}
