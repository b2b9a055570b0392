import { applyEdits, type Edit } from "./edits.ts";
import { type FieldKind, isKnownName, kindOf } from "./fields.ts";
import { createJsonText } from "./json.ts";
import { createPeople, isSid } from "./person.ts";
import { createPseudonyms, isMade, type Mode } from "./pseudonym.ts";
import { createUrls, isForm } from "./url.ts";
import { isPlain } from "./vocabulary.ts";
import { xmlEdits } from "./xml.ts";

/** What is read by those who know it: response bodies and XML. */
export interface Readers {
  /** The kind and characters of a body that stands in base64, whatever is wrong with that. */
  decodeBody(base64: string): { readonly kind: string; readonly text: string; readonly bytes: Uint8Array };
  /** Whether a text is well-formed XML without a DOCTYPE, small enough to be looked into. */
  isWellFormed(xml: string): boolean;
}

interface RedactorOptions {
  /** 32 bytes or more; with the same key people have the same pseudonyms. */
  readonly key: Uint8Array;
  readonly mode: Mode;
  readonly readers: Readers;
}

/** Takes people out of texts. What it cannot read it replaces; nothing that it does not know passes. */
export interface Redactor {
  readonly mode: Mode;
  /** A valid JSON text, its keys and numbers to the letter. */
  json(text: string): string;
  /** The value of a field or parameter of this name. */
  field(value: string, name: string): string;
  byKind(value: string, kind: FieldKind): string;
  /** A field's name. */
  key(name: string): string;
  /** A text of unknown meaning. */
  leaf(text: string): string;
  /** JSON or a form; undefined for all else. */
  document(text: string): string | undefined;
  /** A host with its port. */
  host(text: string): string;
  /** A decoded response body, by what to change in it where it stands; undefined where all of it is to be replaced. */
  bodyEdits(text: string): readonly Edit[] | undefined;
  /** Words of our own with names of files, URLs and numbers among them. */
  prose(text: string): string;
  /** The name of a file as the user gave it, without the home that it is in. */
  file(name: string): string;
}

/** As Twilio writes times: RFC 3339 and RFC 2822. */
const timeShape =
  /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC|Z))$/;

const shapes: Readonly<Partial<Record<FieldKind, RegExp>>> = {
  number: /^-?\d{1,6}(?:\.\d{1,6})?$/,
  time: timeShape,
  country: /^[A-Z]{2}$/,
  language: /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/,
  version: /^(?:\d{4}-\d\d-\d\d|v?\d{1,2}(?:\.\d{1,3}){0,2})$/,
  type: /^com\.twilio\.[a-z]+(?:[.-][a-z]+)*$/,
  schema: /^https:\/\/events-schemas\.twilio\.com\/[A-Za-z.]+\/\d{1,3}(?:\.json)?$/,
};

const mediaShape = /^([a-z]+\/[a-z0-9.+-]{1,60})(?:\s*;\s*charset\s*=\s*"?([\w-]{1,20})"?)?\s*$/i;
const charsets = /^(?:utf-?(?:8|16(?:[bl]e)?)|us-ascii|iso-8859-\d{1,2}|windows-125\d|latin1)$/i;

/** Base64 of so many characters may hold something. */
const LEAST_BASE64 = 24;
const base64Shape = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** A text in a text in a text is looked into so often. */
const MAX_LAYERS = 8;

/** A longer text of unknown meaning is not looked into. */
const LONGEST = 1024 * 1024;

/** Response bodies that come again, and the longest that is remembered. */
const KEPT_BODIES = 512;
const LONGEST_KEPT = 16_384;

/** Takes people out by their pseudonyms under the key. */
export function createRedactor({ key: secret, mode, readers }: RedactorOptions): Redactor {
  const pseudonyms = createPseudonyms(secret, mode);
  const people = createPeople(pseudonyms);
  const { token } = pseudonyms;
  const { url, form } = createUrls({ pseudonyms, people, key, string: field });
  const jsonText = createJsonText({ key, string: field, number });
  const bodies = new Map<string, string>();
  let layers = 0;

  function key(name: string): string {
    if (isKnownName(name) || isMade(name)) return name;
    const head = /^SipHeader_(?:X-)?/.exec(name)?.[0] ?? "";
    const rest = name.slice(head.length);
    return head + (isKnownName(rest) || isMade(rest) ? rest : token("key", rest));
  }

  function field(value: string, name: string): string {
    return byKind(value, kindOf(name));
  }

  function byKind(value: string, kind: FieldKind): string {
    if (value === "" || isMade(value)) return value;
    switch (kind) {
      case "plain":
        return isPlain(value) ? value : leaf(value);
      case "number":
      case "time":
      case "country":
      case "language":
      case "version":
      case "type":
        return shapes[kind]?.test(value) ? value : leaf(value);
      case "schema":
        return shapes.schema?.test(value) && isPlain(value.slice(35)) ? value : leaf(value);
      case "media":
        return isMedia(value) ? value : leaf(value);
      case "party":
        return people.party(value);
      case "name":
        return token("name", value);
      case "place":
        return /^-?\d+\.\d+/.test(value) ? "[place]" : token("place", value);
      case "text":
        return textOf(value);
      case "digits":
        return `[digits:${value.length}]`;
      case "secret":
        return "***";
      case "dropped":
        return "[dropped]";
      case "sid":
        return pseudonyms.sid(value);
      case "id":
        return isSid(value) ? pseudonyms.sid(value) : token("id", value);
      case "url":
        return nested(value, (text) => url(text.trim()) ?? (/^[\w.-]+$/.test(text) ? token("path", text) : leaf(text)));
      case "ip":
        return people.ip(value) ?? leaf(value);
      case "body":
        return nested(value, body);
      case "document":
        return nested(value, (text) => bodyText(text, Buffer.byteLength(text)));
      case "unknown":
        return leaf(value);
    }
  }

  /** What nothing is known of: shown as far as its looks tell what it is, else by its length. */
  function leaf(value: string): string {
    if (value === "" || isMade(value)) return value;
    return nested(value, (text) => looksLike(text) ?? textOf(text));
  }

  function nested(value: string, show: (text: string) => string): string {
    if (value.length > LONGEST || layers >= MAX_LAYERS) return unparsed(value);
    layers++;
    const shown = show(value);
    layers--;
    return shown;
  }

  function looksLike(value: string): string | undefined {
    const first = value.charCodeAt(0);
    if (first === 0x7b || first === 0x5b || first === 0x22) return jsonIn(value);
    if (first === 0x3c) return xmlIn(value);
    if (value.length < 300) {
      const found = people.address(value.trim()) ?? people.ip(value.trim());
      if (found !== undefined) return found;
      if (timeShape.test(value)) return value;
    }
    if (value.includes("://") || first === 0x2f) {
      const found = url(value);
      if (found !== undefined) return found;
    }
    if (value.length >= LEAST_BASE64 && base64Shape.test(value)) return base64In(value);
    return isForm(value) ? form(value) : undefined;
  }

  function jsonIn(value: string): string | undefined {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === "string") return JSON.stringify(leaf(parsed));
    } catch {
      return undefined;
    }
    return jsonText(value);
  }

  function xmlIn(value: string): string | undefined {
    if (!readers.isWellFormed(value)) return undefined;
    return applyEdits(value, xmlEdits(value, { key: element, byKind }));
  }

  function base64In(value: string): string | undefined {
    const bytes = Buffer.from(value, "base64");
    if (bytes.toString("base64") !== value && bytes.toString("base64url") !== value) return undefined;
    const text = bytes.toString("utf8");
    const isDocument = /^\ufeff?\s*[<{[]/.test(text);
    const shown = isDocument || isForm(text) ? looksLike(text.replace(/^\ufeff/, "").trim()) : undefined;
    return shown === undefined ? undefined : Buffer.from(shown).toString("base64");
  }

  /** A body in base64, or in clear. Whatever it was, base64 stays base64. */
  function body(value: string): string {
    const seen = bodies.get(value);
    if (seen !== undefined) return seen;
    const isClear = /^[\s\ufeff]*[<{["]/.test(value) || /[^\w+/=\s-]/.test(value);
    const decoded = isClear ? { text: value, bytes: Buffer.from(value) } : readers.decodeBody(value);
    const shown = bodyText(decoded.text, decoded.bytes.length);
    const made = isClear ? shown : Buffer.from(shown).toString("base64");
    if (value.length > LONGEST_KEPT) return made;
    if (bodies.size >= KEPT_BODIES) bodies.clear();
    bodies.set(value, made);
    return made;
  }

  function bodyText(text: string, bytes: number): string {
    const edits = bodyEdits(text);
    return edits === undefined ? `[unparsed ${bytes} bytes]` : applyEdits(text, edits);
  }

  function bodyEdits(text: string): readonly Edit[] | undefined {
    if (text.trim() === "" || isMade(text)) return [];
    if (text.length > LONGEST) return undefined;
    const start = text.search(/[^\s\ufeff]/);
    const whole = (shown: string | undefined): readonly Edit[] | undefined =>
      shown === undefined ? undefined : [{ start: 0, end: text.length, text: shown }];
    if (text[start] === "<") return readers.isWellFormed(text) ? xmlEdits(text, { key: element, byKind }) : undefined;
    if (text[start] === "{" || text[start] === "[" || text[start] === '"') return whole(jsonIn(text));
    return whole(isForm(text.trim()) ? form(text.trim()) : textOf(text));
  }

  /** A name in XML: what stands before its colon is a name by itself. */
  const element = (name: string): string => name.split(":").map(key).join(":");

  /** JSON has no other sign for a number than digits; one that may be a person's becomes a string. */
  function number(literal: string, name: string): string {
    const kind = kindOf(name);
    const digits = literal.replace(/[eE].*$|\D/g, "").replace(/^0+/, "");
    if (kind === "time") return isEpoch(Number(literal)) ? literal : quoted("[number]");
    if (kind === "number") return digits.length <= 9 ? literal : quoted("[number]");
    if (kind === "plain" || kind === "version") return digits.length <= 6 ? literal : quoted("[number]");
    if (kind === "unknown") {
      if (digits.length <= 6 && isKnownName(name)) return literal;
      if (digits.length <= 3) return literal;
      return quoted(/^\d{7,15}$/.test(literal) ? people.party(literal) : "[number]");
    }
    return quoted(byKind(literal, kind));
  }

  return {
    mode,
    key,
    field,
    byKind,
    leaf,
    document: (text) => (/^\s*[[{]/.test(text) ? jsonIn(text) : isForm(text.trim()) ? form(text.trim()) : undefined),
    host: (text) => people.host(text) ?? textOf(text),
    bodyEdits,
    json: (text) => jsonText(text) ?? quoted(unparsed(text)),
    prose: (text) => text.replace(/[^\s,()'"]+/g, word),
    file: (name) => parts(name.replace(/^(?:\/home|\/Users|[A-Za-z]:\\Users)[/\\][^/\\]+/, "~")),
  };

  /** A word among our own: one that could be more than a word is looked at. */
  function word(text: string): string {
    let length = text.length;
    while (length > 0 && ":;.!?…".includes(text.charAt(length - 1))) length--;
    const bare = text.slice(0, length);
    const end = text.slice(length);
    if (bare === "" || /^[\d.,:%+-]{1,8}$/.test(bare) || /^[A-Za-z-]+$/.test(bare)) return text;
    if (isMade(bare) || isPlain(bare) || timeShape.test(bare)) return text;
    const asUrl = /[?&=]|:\/\/|^\//.test(bare) ? url(bare) : undefined;
    return (asUrl ?? people.address(bare) ?? people.ip(bare) ?? parts(bare)) + end;
  }

  function parts(path: string): string {
    return path.replace(/[^/\\]+/g, part);
  }

  function part(text: string): string {
    const isSafe = /^[\w .*~-]*$/.test(text) && !/\d{5}|[A-Z]{2}[0-9a-f]{20}/i.test(text);
    return isSafe ? text : token("path", text);
  }
}

const textOf = (text: string): string => `[text:${[...text].length}]`;

const unparsed = (text: string): string => `[unparsed ${Buffer.byteLength(text)} bytes]`;

const quoted = (text: string): string => JSON.stringify(text);

function isMedia(value: string): boolean {
  const [, type, charset] = mediaShape.exec(value) ?? [];
  return type !== undefined && isPlain(type) && (charset === undefined || charsets.test(charset));
}

/** From 2001 to 2099, in seconds, milliseconds or microseconds; or a length of time. */
function isEpoch(value: number): boolean {
  return [1, 1e3, 1e6].some((unit) => value >= 1e9 * unit && value < 4.1e9 * unit) || (value >= 0 && value < 1e4);
}
