import { stringEnd } from "./json-tokens.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Ways from a JSON text's root to the values in it; how a value is known is the walk's own affair. */
export interface Walk {
  readonly root: number;
  /** An element by its index or a member by its key; of a key that stands twice the last one, as for JSON.parse. */
  childOf(parent: number, key: string | number): number | undefined;
  /** Where the value begins in the text. */
  indexOf(value: number): number;
}

/** Ways into a text that few are asked for: values are known by where they begin, and looked for each time. */
export function plainWalk(text: string): Walk {
  return {
    root: skipBlanks(text, 0),
    childOf: (parent, key) =>
      text.charCodeAt(parent) === OPEN_BRACKET
        ? seekElement(text, parent, Number(key))
        : seekMember(text, parent, String(key)),
    indexOf: (value) => value,
  };
}

function seekElement(text: string, array: number, index: number): number | undefined {
  let at = skipBlanks(text, array + 1);
  for (let left = index; left !== 0; left--) {
    at = skipBlanks(text, skipValue(text, at));
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = skipBlanks(text, at + 1);
  }
  return text.charCodeAt(at) === CLOSE_BRACKET ? undefined : at;
}

function seekMember(text: string, object: number, key: string): number | undefined {
  if (text.charCodeAt(object) !== OPEN_BRACE) return undefined;
  let found: number | undefined;
  let at = skipBlanks(text, object + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const end = skipString(text, at);
    const isKey = keyOf(text.slice(at, end)) === key;
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) !== COLON) return undefined;
    at = skipBlanks(text, at + 1);
    if (isKey) found = at;
    at = skipBlanks(text, skipValue(text, at));
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipBlanks(text, at + 1);
  }
  return found;
}

function keyOf(quoted: string): unknown {
  return quoted.includes("\\") ? JSON.parse(quoted) : quoted.slice(1, -1);
}

/** The index behind the value that begins there; the text's end when it does not end. */
export function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || isBlank(code))) return at;
    at++;
  }
  return text.length;
}

/** The index behind the string that begins there; the text's end when it does not end. */
const skipString = (text: string, start: number): number => Math.min(text.length, stringEnd(text, start) + 1);

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === BLANK || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}
