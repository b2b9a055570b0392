import { isDigit, isKey, stringEnd } from "../input/json-tokens.ts";

/** What becomes of the parts of a JSON text; `name` is the key that a value stands under, through arrays too. */
export interface JsonRewriter {
  key(key: string): string;
  string(value: string, name: string): string;
  /** Takes and gives a JSON literal. */
  number(literal: string, name: string): string;
}

/** Deeper than this nothing is looked into. */
const MAX_DEPTH = 128;

/** Longer texts are not remembered; of a name with more values than this none are, as they do not come again. */
const MAX_KEPT_CHARS = 256;
const MAX_VALUES = 2048;
const MAX_NAMES = 1024;

/** A key as it stands between its quotes, what becomes of it, and of the values that came under it. */
interface Entry {
  readonly name: string;
  readonly made: string;
  values: Map<string, string> | undefined;
}

/** Rewrites the strings of JSON texts, and remembers what it made of those that come again. */
export type JsonText = (text: string) => string | undefined;

/**
 * Rewrites a valid JSON text where it stands: keys and values that stay are copied to the letter, and a key that stands
 * twice is seen twice. Undefined where it is nested too deep to be looked into.
 */
export function createJsonText({ key, string, number }: JsonRewriter): JsonText {
  const entries = new Map<string, Entry>();

  function entryOf(literal: string): Entry {
    let entry = entries.get(literal);
    if (entry === undefined) {
      const name = unquote(literal);
      const shown = key(name);
      entry = { name, made: shown === name ? literal : quote(shown), values: new Map() };
      if (entries.size >= MAX_NAMES) entries.clear();
      entries.set(literal, entry);
    }
    return entry;
  }

  function valueLiteral(literal: string, entry: Entry): string {
    const known = literal.length <= MAX_KEPT_CHARS ? entry.values : undefined;
    const seen = known?.get(literal);
    if (seen !== undefined) return seen;
    const value = unquote(literal);
    const shown = string(value, entry.name);
    const made = shown === value ? literal : quote(shown);
    if (known === undefined) return made;
    if (known.size < MAX_VALUES) known.set(literal, made);
    else entry.values = undefined;
    return made;
  }

  return (text) => {
    const nameless: Entry = { name: "", made: "", values: undefined };
    const outer: Entry[] = [];
    let entry = nameless;
    let made = "";
    let from = 0;
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        const end = stringEnd(text, at);
        const literal = text.slice(at + 1, end);
        const isName = isKey(text, end);
        if (isName) entry = entryOf(literal);
        const rewritten = isName ? entry.made : valueLiteral(literal, entry);
        if (rewritten !== literal) {
          made += text.slice(from, at + 1) + rewritten;
          from = end;
        }
        at = end + 1;
      } else if (code === 0x7b || code === 0x5b) {
        if (outer.length >= MAX_DEPTH) return undefined;
        outer.push(entry);
        at++;
      } else if (code === 0x7d || code === 0x5d) {
        entry = outer.pop() ?? nameless;
        at++;
      } else if (code === 0x2d || isDigit(code)) {
        const end = numberEnd(text, at);
        const literal = text.slice(at, end);
        const rewritten = number(literal, entry.name);
        if (rewritten !== literal) {
          made += text.slice(from, at) + rewritten;
          from = end;
        }
        at = end;
      } else at++;
    }
    return made + text.slice(from);
  };
}

function numberEnd(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPart = isDigit(code) || code === 0x2e || code === 0x2b || code === 0x2d;
    if (!isPart && (code | 0x20) !== 0x65) break;
  }
  return at;
}

const unquote = (literal: string): string => (literal.includes("\\") ? String(JSON.parse(`"${literal}"`)) : literal);

const quote = (text: string): string => (/[^ !#-[\]-~·]/.test(text) ? JSON.stringify(text).slice(1, -1) : text);
