import { isBase64 } from "../input/base64.ts";
import { memoize } from "../input/memoize.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { type FieldKind, isEpoch, isKnownName, isMedia, kindOf, shapes, timeShape } from "./fields.ts";
import { isPlain } from "./known-words.ts";
import { createPeople, isSid } from "./people.ts";
import { createPseudonyms, isMade, type Mode } from "./pseudonym.ts";
import { createJsonText } from "./redact-json.ts";
import { createUrls, createWords, isForm } from "./redact-url.ts";
import { xmlEdits } from "./redact-xml.ts";

/** What is read by those who know it: response bodies and XML. */
interface Readers {
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

/** Base64 of so many characters may hold something. */
const MIN_BASE64_CHARS = 24;

/** A text in a text in a text is looked into so often. */
const MAX_LAYERS = 8;

/** A longer text of unknown meaning is not looked into. */
const MAX_TEXT_CHARS = 1024 * 1024;

/** Response bodies that come again, and the longest that is remembered. */
const MAX_KEPT_BODIES = 512;
const MAX_KEPT_BODY_CHARS = 16_384;

/** Takes people out by their pseudonyms under the key. */
export function createRedactor({ key: secret, mode, readers }: RedactorOptions): Redactor {
  const pseudonyms = createPseudonyms(secret, mode);
  const people = createPeople(pseudonyms);
  const { token } = pseudonyms;
  const { url, form } = createUrls({ pseudonyms, people, key, string: field });
  const jsonText = createJsonText({ key, string: field, number });
  const body = memoize(bodyOf, MAX_KEPT_BODIES, MAX_KEPT_BODY_CHARS);
  let layers = 0;

  function key(name: string): string {
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
        return shapes[kind].test(value) ? value : leaf(value);
      case "media":
        return isMedia(value) ? value : leaf(value);
      case "party":
        return people.party(value);
      case "name":
        return token("name", value);
      case "place":
        return /^-?\d+\.\d/.test(value) ? "[place]" : token("place", value);
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
    if (value.length > MAX_TEXT_CHARS || layers >= MAX_LAYERS) return unparsed(value);
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
      const found = people.ip(value.trim()) ?? people.address(value.trim());
      if (found !== undefined) return found;
      if (timeShape.test(value)) return value;
    }
    if (value.includes("://") || first === 0x2f) {
      const found = url(value);
      if (found !== undefined) return found;
    }
    if (value.length >= MIN_BASE64_CHARS && isBase64(value) && !/\s/.test(value)) return base64In(value);
    return isForm(value) ? form(value) : undefined;
  }

  function jsonIn(value: string): string | undefined {
    try {
      JSON.parse(value);
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
    const text = Buffer.from(value, "base64").toString("utf8");
    const isDocument = /^\s*[<{[]/.test(text);
    const shown = isDocument || isForm(text) ? looksLike(text.trim()) : undefined;
    return shown === undefined ? undefined : Buffer.from(shown).toString("base64");
  }

  /** A body in base64, or in clear. Whatever it was, base64 stays base64. */
  function bodyOf(value: string): string {
    const isClear = /[^\w+/=\s-]/.test(value);
    const decoded = isClear ? { text: value, bytes: Buffer.from(value) } : readers.decodeBody(value);
    const shown = bodyText(decoded.text, decoded.bytes.length);
    return isClear ? shown : Buffer.from(shown).toString("base64");
  }

  function bodyText(text: string, bytes: number): string {
    const edits = bodyEdits(text);
    return edits === undefined ? `[unparsed ${bytes} bytes]` : applyEdits(text, edits);
  }

  function bodyEdits(text: string): readonly Edit[] | undefined {
    if (text.trim() === "" || isMade(text)) return [];
    if (text.length > MAX_TEXT_CHARS) return undefined;
    const first = text.trimStart().charAt(0);
    const whole = (shown: string | undefined): readonly Edit[] | undefined =>
      shown === undefined ? undefined : [{ start: 0, end: text.length, text: shown }];
    if (first === "<") return readers.isWellFormed(text) ? xmlEdits(text, { key: element, byKind }) : undefined;
    if (first === "{" || first === "[" || first === '"') return whole(jsonIn(text));
    return whole(isForm(text.trim()) ? form(text.trim()) : textOf(text));
  }

  /** A name in XML: what stands before its colon is a name by itself. */
  const element = (name: string): string => name.split(":").map(key).join(":");

  /** JSON has no other sign for a number than digits; one that may be a person's becomes a string. */
  function number(literal: string, name: string): string {
    const kind = kindOf(name);
    const digits = literal.replace(/[eE].*|\D/g, "").replace(/^0+/, "").length;
    switch (kind) {
      case "time":
        return isEpoch(Number(literal)) ? literal : quoted("[number]");
      case "number":
        return digits <= 9 ? literal : quoted("[number]");
      case "plain":
      case "version":
      case "unknown":
        if (digits <= 3 && isKnownName(name)) return literal;
        return quoted(/^\d{7,15}$/.test(literal) ? people.party(literal) : "[number]");
      default:
        return quoted(byKind(literal, kind));
    }
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
    ...createWords({ url, people, pseudonyms }),
  };
}

const textOf = (text: string): string => `[text:${[...text].length}]`;

const unparsed = (text: string): string => `[unparsed ${Buffer.byteLength(text)} bytes]`;

const quoted = (text: string): string => JSON.stringify(text);
