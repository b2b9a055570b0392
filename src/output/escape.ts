import { lazy } from "./lazy.ts";

declare const trust: unique symbol;

/** Text from outside. Any string is `Raw`; `Safe` is not, so that nothing is escaped twice. */
export type Raw = string & { readonly [trust]?: "raw" };

/** Text that cannot act on a terminal: escaped input, and words of our own. */
export type Safe = string & { readonly [trust]: "safe" };

/** Markup of our own around text that can be none; see html/markup.ts. */
export type Html = string & { readonly [trust]: "html" };

/**
 * What acts on a terminal, hides or reorders text: controls, formats (bidi too), surrogates, line separators, ignorables,
 * private use, the blank Braille cell, and floods of combining marks. General categories are those of Unicode UAX #44.
 */
const acting = lazy(() => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Co}\u2800]|\p{M}{9,}/gu);

/**
 * The same; combining marks at the start of a text or line, which would change or vanish into what stands before it; and the
 * backslash of a literal `\u{`: else the input `\u{1B}` would read as an escape of ours.
 */
const actingOrEscape = lazy(() => new RegExp(`${acting().source}|^\\p{M}+|\\\\(?=u\\{)`, "gmu"));

/** Texts of ASCII, Latin letters, punctuation and the signs that we draw hold none of these; most texts are such. */
const harmless = /^[\n -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2190-\u23FF\u2500-\u27BF]*$/;

const nonAsciiOrEscape = /[^ -~]|\\(?=u\{)/gu;

function visible(match: string): string {
  let escaped = "";
  for (const char of match) escaped += `\\u{${(char.codePointAt(0) as number).toString(16).toUpperCase()}}`;
  return escaped;
}

/** Free text on one line: whatever acts on a terminal becomes visible as `\u{1B}`. Two inputs never give one output. */
export function escapeText(raw: Raw): Safe {
  if (harmless.test(raw) && !raw.includes("\n") && !raw.includes("\\u{")) return raw as string as Safe;
  return raw.replace(actingOrEscape(), visible) as Safe;
}

/** A name that one compares by eye (type, SID, host, rule): all but printable ASCII is escaped, so no letter poses as another. */
export function escapeIdentifier(raw: Raw): Safe {
  return raw.replace(nonAsciiOrEscape, visible) as Safe;
}

function jsonEscape(match: string): string {
  if (match === "\n") return match;
  // In JSON a raw tab or carriage return stands only between tokens, where a blank means the same.
  if (match === "\t" || match === "\r") return " ";
  let escaped = "";
  for (let i = 0; i < match.length; i++) escaped += `\\u${match.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return escaped;
}

/**
 * A JSON text in which whatever acts on a terminal, or all that is not ASCII, is written `\uXXXX` (RFC 8259 section 7).
 * It parses to the same value.
 */
export function escapeJson(json: string, ascii = false): Safe {
  if (ascii) return json.replace(/[^\n -~]/g, jsonEscape) as Safe;
  return (harmless.test(json) ? json : json.replace(acting(), jsonEscape)) as Safe;
}

/** The user part, then the password up to the last `@` of the authority, as the URL standard reads it; or of a SIP URI (RFC 3261). */
const password = /((?:\\?\/){2}[^\s/?#:@"<>]*:)[^\s/?#"<>]*@|(\bsips?:[^\s:@"<>]*:)[^\s:@"<>]*@/gi;

/** The password attribute of TwiML's `<Sip>`. */
const passwordAttribute = /(\bpassword\s*=\s*)("[^"]*"|'[^']*')/gi;

/** The same text of XML, each password in an attribute, a URL or a SIP URI replaced by `***`. */
export function maskXmlPasswords(raw: Raw): Raw {
  return maskPasswords(raw).replace(passwordAttribute, '$1"***"');
}

/** Parameters of a URL that let in whoever has them; AWS signs URLs with those that begin with X-Amz-. */
const parameter =
  /([?&#;](?:[\w.-]*(?:token|password|passwd|pwd|secret|api[_.-]?key)|key|auth|authorization|sig\w*|x-amz-[\w-]+)=)[^&#;\s"'<>]+/gi;

/** A JSON Web Token (RFC 7519): three parts in base64url, of which the first two are JSON. */
const webToken = /(?<![\w-])eyJ[\w-]{5,}\.eyJ[\w-]{2,}\.[\w-]*/g;

/** The same text, each password in a URL or SIP URI, each token in a URL and each JSON Web Token replaced by `***`. */
export function maskPasswords(raw: Raw): Raw {
  let masked = raw;
  if (raw.includes("@")) masked = masked.replace(password, (_, url?: string, sip?: string) => `${url ?? sip}***@`);
  if (raw.includes("=")) masked = masked.replace(parameter, "$1***");
  return raw.includes("eyJ") ? masked.replace(webToken, "***") : masked;
}

/** Words of our own around values that are safe already. */
export function safe(words: TemplateStringsArray, ...values: readonly (Safe | number)[]): Safe {
  return words.reduce((text, word, index) => text + values[index - 1] + word) as Safe;
}

/** A sign of our own that is not ASCII. The build can write it in ASCII here, and not in a template whose raw text counts. */
export function sign(text: string): Safe {
  return text as Safe;
}
