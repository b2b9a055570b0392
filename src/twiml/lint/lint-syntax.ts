import { htmlPage, jsonString, kindOf, prologEnd, type TextKind } from "../body-kind.ts";
import { attributesAt, marks, openElements } from "../markup.ts";
import type { twimlRules } from "../rules.ts";
import { characterAt, quoted } from "../twiml-text.ts";

type SyntaxFaultName = Parameters<(typeof twimlRules)["twiml-syntax"]["message"]>[0]["fault"];

export interface SyntaxProblem {
  readonly fault: SyntaxFaultName;
  readonly offset: number;
  readonly found: string;
  readonly wanted: string;
}

/** The limits within which a document is parsed: far above any TwiML, far below what hurts. */
const MAX_CHARS = 1024 * 1024;
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;

/** The fault of a document that a recursive parser cannot hold. */
export const tooDeep = fault("depth", 0, String(MAX_DEPTH));

/** Why a document is not even parsed: a DOCTYPE, XML 1.1, its size, depth or number of nodes. Linear. */
export function refusal(text: string): SyntaxProblem | undefined {
  if (text.length > MAX_CHARS) return fault("size", 0, "1 MiB");
  if (/^[\s\uFEFF]*<\?xml\s+version\s*=\s*["']1\.1["']/.test(text)) return fault("xml-1.1", text.indexOf("<"));
  if (isSmall(text)) return undefined;
  let depth = 0;
  let nodes = 0;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) nodes++;
  for (const mark of marks(text)) {
    nodes += 1 + mark.attributes;
    if (mark.kind === "doctype") return fault("doctype", mark.start);
    if (mark.kind === "open") depth++;
    if (mark.kind === "close") depth--;
    if (depth > MAX_DEPTH) return { ...tooDeep, offset: mark.start };
    if (nodes > MAX_NODES) return fault("nodes", mark.start, "50,000");
  }
  return undefined;
}

/** Whether the text can have no DOCTYPE and cannot reach the limits: nearly every document is so short and plain. */
function isSmall(text: string): boolean {
  if (text.length > MAX_NODES || text.includes("<!")) return false;
  let pieces = 0;
  for (let at = text.indexOf("<"); at >= 0 && pieces <= MAX_DEPTH; at = text.indexOf("<", at + 1)) pieces++;
  return pieces <= MAX_DEPTH;
}

/** The fault of a text that is no XML at all: empty, HTML, JSON, words. Undefined for what is XML, or meant to be. */
export function foreign(text: string, kind: TextKind): SyntaxProblem | undefined {
  const offset = Math.max(0, text.search(/[^\s\uFEFF]/));
  switch (kind) {
    case "empty":
      return fault("empty", 0);
    case "html":
      return fault("html", offset, htmlPage(text) ?? "");
    case "json": {
      const inside = jsonString(text);
      return fault(inside !== undefined && kindOf(inside) === "twiml" ? "json-string" : "json", offset);
    }
    case "text":
      return fault(/^&lt;(?:\?xml|Response)\b/i.test(text.slice(offset)) ? "escaped" : "text", offset);
    default:
      return undefined;
  }
}

/**
 * Names the fault at which the parser stopped. `reason` is parse-xml's message; it is only trusted to tell the kinds
 * apart, what is said comes from the text around the offset.
 */
export function diagnose(text: string, offset: number, reason: string): SyntaxProblem {
  for (const [start, name] of diagnoses) {
    if (reason.startsWith(start)) return name(text, offset, reason);
  }
  return fault("other", offset, reason);
}

type Diagnosis = (text: string, offset: number, reason: string) => SyntaxProblem;

const here =
  (name: SyntaxFaultName): Diagnosis =>
  (_text, offset) =>
    fault(name, offset);

/** At the nearest such mark before: the parser stops behind what it could not read. */
const back =
  (name: SyntaxFaultName, mark: string): Diagnosis =>
  (text, offset) =>
    fault(name, text.lastIndexOf(mark, offset));

const declaration: Diagnosis = () => fault("declaration", 0);

/** By the beginning of parse-xml 4.2.3's message; the first that fits. */
const diagnoses: readonly (readonly [string, Diagnosis])[] = [
  ["Unterminated reference", (text, offset) => fault("ampersand", text.lastIndexOf("&", offset - 1))],
  ["Named entity", (text, offset) => fault("entity", offset, text.slice(offset, text.indexOf(";", offset) + 1))],
  ["Invalid character reference", badReference],
  ["Character reference", badReference],
  ["Missing end tag", missingEnd],
  ["Attribute value expected", badValue],
  ["Unclosed start tag", badTag],
  ["Unclosed end tag", (text, offset) => unfinished(text, openTag(text, offset))],
  ["Duplicate attribute", duplicate],
  ["Unescaped `<`", here("less-than-in-value")],
  ["Unclosed attribute", (text) => fault("unclosed-value", lastOpenQuote(text))],
  ["Unclosed comment", back("unclosed-comment", "<!--")],
  ["The string `--`", here("comment-dashes")],
  ["Unclosed CDATA", back("unclosed-cdata", "<![CDATA[")],
  ["Element content may not", here("cdata-end")],
  ["XML declaration isn't allowed", misplacedDeclaration],
  ["Root element is missing", noRoot],
  ["Extra content", extra],
  ["Invalid character in", declaration],
  ["Invalid character", badCharacter],
  ["Invalid processing", back("instruction", "<?")],
  ["Whitespace is required", back("instruction", "<?")],
  ["Unterminated processing", back("instruction", "<?")],
  ["XML version", declaration],
  ["Invalid XML declaration", declaration],
  ["Invalid or unclosed XML", declaration],
  ['Only "yes"', declaration],
  ["Missing end quote", declaration],
];

function fault(name: SyntaxFaultName, offset: number, found = "", wanted = ""): SyntaxProblem {
  return { fault: name, offset: Math.max(0, offset), found, wanted };
}

function badReference(text: string, offset: number): SyntaxProblem {
  const start = text.lastIndexOf("&", offset - 1);
  return fault("reference", start, text.slice(start, offset));
}

function badCharacter(text: string): SyntaxProblem {
  const offset = text.search(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u);
  return fault("character", offset, characterAt(text, offset));
}

/** An element whose end tag is not where it must be: another tag, a bare "<", or the end of the text. */
function missingEnd(text: string, offset: number): SyntaxProblem {
  const open = openElements(text, offset);
  const last = open.at(-1) ?? { name: "", start: offset };
  if (!text.includes("<", offset)) return fault("unclosed", last.start, last.name);
  if (text.startsWith("]]>", offset)) return fault("cdata-end", offset);
  if (!text.startsWith("</", offset)) return fault("less-than", offset);
  const closed = closedName(text, offset);
  if (closed === undefined) return unfinished(text, offset);
  if (closed.toLowerCase() === last.name.toLowerCase()) return fault("close-case", offset, closed, last.name);
  if (open.some((element) => element.name === closed)) return fault("unclosed", last.start, last.name);
  return fault("wrong-close", offset, closed, last.name);
}

/** The name in the end tag that starts there. */
function closedName(text: string, offset: number): string | undefined {
  return /^<\/\s*([^\s<>]+)/.exec(text.slice(offset, offset + 200))?.[1];
}

function badValue(text: string, offset: number): SyntaxProblem {
  const tag = openTag(text, offset);
  const [before = "", name = "", equals] =
    /([^\s<"'=]+)\s*(=?)\s*$/.exec(text.slice(Math.max(tag, offset - 200), offset)) ?? [];
  const start = offset - before.length;
  if (equals !== "=") return fault("no-value", start, name);
  const quote = /[\u2018-\u201F\u00AB\u00BB\u2032\u2033]/.test(text.charAt(offset));
  return fault(quote ? "typographic-quote" : "unquoted", start, name);
}

function badTag(text: string, offset: number): SyntaxProblem {
  const next = text[offset] ?? "<";
  if (next === "<") return unfinished(text, openTag(text, offset));
  if (/["']/.test(text.charAt(offset - 1)) && /[\p{L}_]/u.test(next)) return fault("no-space", offset);
  return fault("stray-in-tag", offset, characterAt(text, offset));
}

function unfinished(text: string, start: number): SyntaxProblem {
  return fault("unfinished-tag", start, /<\/?[^\s<>]*/y.exec(text.slice(start, start + 200))?.[0]);
}

function duplicate(text: string, offset: number, reason: string): SyntaxProblem {
  const name = /^Duplicate attribute: (\S+)/.exec(reason)?.[1] ?? "";
  const [, second] = attributesAt(text, openTag(text, offset)).filter((attribute) => attribute.name === name);
  return fault("duplicate", second?.offset ?? offset, name);
}

function misplacedDeclaration(text: string, offset: number): SyntaxProblem {
  const before = text.slice(0, offset);
  if (/^\s*$/.test(before.replaceAll("\uFEFF", ""))) {
    return before.includes("\uFEFF") ? noRoot(text, before.indexOf("\uFEFF")) : fault("leading-space", offset);
  }
  return junkBefore(text) ?? fault("declaration-inside", offset);
}

function noRoot(text: string, offset: number): SyntaxProblem {
  if (offset >= text.length) return fault("no-root", offset);
  if (/[\p{Cf}\u00A0]/u.test(text.charAt(offset))) return fault("invisible", offset, characterAt(text, offset));
  if (text[offset] !== "<") return fault("text-before", offset, excerpt(text, offset, text.search(documentStart)));
  const closed = closedName(text, offset);
  return closed === undefined ? fault("less-than", offset) : fault("stray-close", offset, closed);
}

function extra(text: string, offset: number): SyntaxProblem {
  const junk = junkBefore(text);
  if (junk !== undefined) return junk;
  const closed = closedName(text, offset);
  if (closed !== undefined) return fault("stray-close", offset, closed);
  const opened = /^<([^\s<>/!?]+)/.exec(text.slice(offset, offset + 200))?.[1];
  if (opened !== undefined) return fault("second-root", offset, opened);
  return fault("text-after", offset, excerpt(text, offset));
}

const documentStart = /<\?xml\s|<Response[\s/>]/;

/** Debug output that is markup itself, as PHP's `<br /><b>Warning</b>`, before the document. */
function junkBefore(text: string): SyntaxProblem | undefined {
  const start = text.search(documentStart);
  return prologEnd(text, 0) < start ? fault("text-before", 0, excerpt(text, 0, start)) : undefined;
}

/** The first words from an offset, in one line. */
function excerpt(text: string, from: number, to = -1): string {
  const words = text.slice(from, to > from ? Math.min(to, from + 400) : from + 400);
  return quoted(words.replace(/\s+/g, " "), 40);
}

/** Where the tag starts in which the offset stands. */
function openTag(text: string, offset: number): number {
  return text.lastIndexOf("<", offset - 1);
}

/** Where the quote opens that is not closed before the end of the text. */
function lastOpenQuote(text: string): number {
  const tag = text.lastIndexOf("<");
  const attributes = attributesAt(text, tag);
  const from = attributes.at(-1)?.end ?? tag;
  return from + Math.max(0, text.slice(from).search(/["']/));
}
