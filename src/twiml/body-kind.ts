import { elementRule } from "./grammar.ts";

/** What a text looks like. */
export type TextKind = "twiml" | "xml" | "json" | "html" | "text" | "empty";

const htmlRoots = new Set(
  "html head body title meta h1 h2 h3 h4 p div pre center table form script style b br hr".split(" "),
);

/** JSON longer than this is told by its first and last character, not parsed. */
const MAX_PARSED_CHARS = 1024 * 1024;

/** Tells what a text is, by looking: never by what its content type claims. */
export function kindOf(text: string): TextKind {
  const start = text.search(/[^\s\uFEFF]/);
  if (start < 0) return "empty";
  if (isJson(text, start)) return "json";
  if (text[start] !== "<") return hasTwiml(text) ? "twiml" : text.includes("<?xml ") ? "xml" : "text";
  const end = prologEnd(text, start);
  if (isResponse(text, end)) return "twiml";
  const root = rootName(text, end);
  if (root === "!doctype html") return "html";
  if (hasTwiml(text)) return "twiml";
  if (root === undefined) return /^<[?!]/.test(text.slice(start, start + 2)) ? "xml" : "text";
  if (htmlRoots.has(root.toLowerCase())) return "html";
  return isVerb(root) ? "twiml" : "xml";
}

/** Whether the name is that of a voice verb, which stands directly in `<Response>`. */
export function isVerb(name: string): boolean {
  return elementRule("Response")?.children.includes(name) === true;
}

/** The text inside a JSON string, for TwiML that went through a JSON encoder; undefined for other JSON. */
export function jsonString(text: string): string | undefined {
  if (!text.trimStart().startsWith('"')) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === "string" ? value : undefined;
}

/** Error pages by what only they contain. Add a page here. */
const htmlPages: readonly { readonly name: string; readonly mark: RegExp }[] = [
  { name: "an error page of Express", mark: /<pre>Cannot (?:GET|POST|PUT|PATCH|DELETE|HEAD) / },
  { name: "a stack trace of Express", mark: /<title>Error<\/title>[\s\S]{0,200}<pre>/ },
  { name: "an error page of nginx", mark: /<center>(?:nginx|openresty)\b/ },
  { name: "a page of Next.js", mark: /\/_next\/static\/|__NEXT_DATA__|id="__next"/ },
  { name: "an error page of Heroku", mark: /herokucdn\.com\/error-pages|<title>Heroku \|/ },
  { name: "an error page of ngrok", mark: /ERR_NGROK_|cdn\.ngrok\.com/ },
  { name: "an error page of Apache", mark: /<address>Apache\b/ },
  { name: "the debugger of Werkzeug", mark: /Werkzeug Debugger|Werkzeug powered traceback/ },
  { name: "an error page of Rails", mark: /Action Controller: Exception caught|We're sorry, but something went wrong/ },
];

/** Which known page an HTML answer is, in words; undefined for any other. Looks at its first 16 kB. */
export function htmlPage(text: string): string | undefined {
  const head = text.slice(0, 16 * 1024);
  return htmlPages.find((page) => page.mark.test(head))?.name;
}

function isJson(text: string, start: number): boolean {
  const first = text[start];
  if (first !== "{" && first !== "[" && first !== '"') return false;
  if (text.length > MAX_PARSED_CHARS) return first !== '"' && /[\]}]\s*$/.test(text.slice(-64));
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hasTwiml(text: string): boolean {
  return /<Response[\s/>]/i.test(text);
}

function isResponse(text: string, start: number): boolean {
  const tag = /<Response[\s/>]/iy;
  tag.lastIndex = start;
  return tag.test(text);
}

/** The name of the element at the end of the prolog or behind a DOCTYPE there; `!doctype html` for that. */
function rootName(text: string, end: number): string | undefined {
  if (/^<!doctype\s+html\b/i.test(text.slice(end, end + 40))) return "!doctype html";
  const doctype = /<!doctype[^>]*>/iy;
  doctype.lastIndex = end;
  const tag = /<([\p{L}_:][^\s/<>!?&]*)/uy;
  tag.lastIndex = doctype.test(text) ? prologEnd(text, doctype.lastIndex) : end;
  return tag.exec(text)?.[1];
}

/** Where white space, comments and instructions end that start there. */
export function prologEnd(text: string, start: number): number {
  // Piece by piece: one expression for all of them could be made to try each way of cutting them up.
  const piece = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|[\s\uFEFF]+/y;
  let end = start;
  for (piece.lastIndex = start; piece.test(text); ) end = piece.lastIndex;
  return end;
}
