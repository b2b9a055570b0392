import type { Edit } from "./edits.ts";
import { type FieldKind, kindOf } from "./fields.ts";

/** What the parts of an XML text are shown by. */
interface XmlOptions {
  /** The name of an element or an attribute. */
  key(name: string): string;
  /** A value by what it is. */
  byKind(value: string, kind: FieldKind): string;
}

/**
 * What the text of TwiML's elements is (twilio.com/docs/voice/twiml); that of all others is words. An element that speaks
 * keeps nothing of what is said.
 */
const texts: ReadonlyMap<string | undefined, FieldKind> = new Map([
  ["ApplicationSid", "sid"],
  ["Client", "party"],
  ["Conference", "name"],
  ["Conversation", "name"],
  ["Dial", "party"],
  ["Enqueue", "name"],
  ["Identity", "party"],
  ["Number", "party"],
  ["Play", "url"],
  ["Queue", "name"],
  ["Redirect", "url"],
  ["Room", "name"],
  ["Sim", "id"],
  ["Sip", "party"],
  ["Task", "unknown"],
  ["Uri", "party"],
  ["WhatsApp", "party"],
]);

/** Attributes that are another thing on some element than a field of that name is. */
const attributes: Readonly<Record<string, FieldKind>> = {
  "Gather hints": "text",
  "Play digits": "digits",
  "Sip username": "name",
  "Uri username": "name",
  "Number url": "url",
  "Sms to": "party",
  "Sms from": "party",
  "break time": "text",
  "Pay input": "plain",
  "Record trim": "plain",
};

const declaration =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']([\w.-]+)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>$/;

/** A comment, CDATA, an instruction, a tag: all that begins with "<" in well-formed XML without a DOCTYPE. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s<>/]+)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/g;

const attributeShape = /([^\s=/"'<>]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/**
 * The edits that take people out of a well-formed XML text without a DOCTYPE: what is said, numbers, addresses, names,
 * values of parameters, comments. Where all else stands does not change.
 */
export function xmlEdits(text: string, { key, byKind }: XmlOptions): readonly Edit[] {
  const edits: Edit[] = [];
  const open: string[] = [];
  let last = 0;

  function put(start: number, end: number, replacement: string): void {
    if (text.slice(start, end) !== replacement) edits.push({ start, end, text: replacement });
  }

  /** The text between two pieces of markup; white space at its ends stays. */
  function content(start: number, end: number): void {
    const raw = text.slice(start, end);
    const trimmed = raw.trim();
    if (trimmed === "") return;
    const from = start + raw.indexOf(trimmed);
    const shown = byKind(unescaped(trimmed), textKind(open));
    put(from, from + trimmed.length, escaped(shown));
  }

  for (const found of text.matchAll(markup)) {
    const [whole, slash = "", name, inside = "", empty] = found;
    const start = found.index;
    const end = start + whole.length;
    content(last, start);
    last = end;
    if (name === undefined) {
      if (whole.startsWith("<!--")) put(start, end, "<!---->");
      else if (whole.startsWith("<?")) put(start, end, declaration.test(whole) ? inUtf8(whole) : "");
      else {
        const said = whole.slice(9, -3);
        put(start, end, said.trim() === "" ? "" : escaped(byKind(said, textKind(open))));
      }
      continue;
    }
    const nameStart = start + 1 + slash.length;
    put(nameStart, nameStart + name.length, key(name));
    if (slash === "/") {
      open.pop();
      continue;
    }
    for (const attribute of inside.matchAll(attributeShape)) {
      const [, attributeName = "", equals = "", quoted = ""] = attribute;
      const at = nameStart + name.length + attribute.index;
      const valueAt = at + attributeName.length + equals.length + 1;
      put(at, at + attributeName.length, key(attributeName));
      const value = quoted.slice(1, -1);
      if (value === "") continue;
      const kind = attributes[`${name} ${attributeName}`] ?? kindOf(attributeName);
      put(valueAt, valueAt + value.length, escapedValue(byKind(unescaped(value), kind)));
    }
    if (empty === "") open.push(name);
  }
  content(last, text.length);
  return edits;
}

/** What an element's text is; inside a child that the table does not know it is words. */
const textKind = (open: readonly string[]): FieldKind => texts.get(open.at(-1)) ?? "text";

/** What is written again is UTF-8. */
const inUtf8 = (text: string): string => text.replace(/(encoding\s*=\s*["'])[\w.-]+/, "$1UTF-8");

const entities: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);

/** The characters that references stand for: well-formed XML without a DOCTYPE has no others. */
const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|\w+);/g, (reference, decimal?: string, hex?: string) => {
    return entities.get(reference) ?? String.fromCodePoint(Number(decimal ?? `0x${hex}`));
  });

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => (character === "&" ? "&amp;" : character === "<" ? "&lt;" : "&gt;"));

const escapedValue = (text: string): string => escaped(text).replaceAll('"', "&quot;").replaceAll("'", "&apos;");
