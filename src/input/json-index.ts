import { stringEnd } from "./json-tokens.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A value in a valid JSON text, from `start` to the index behind its last character. What is in it is found when asked for. */
export interface JsonNode {
  /** A member's key; undefined for an element, and for the root. */
  readonly key: string | undefined;
  readonly start: number;
  readonly end: number;
  children: readonly JsonNode[] | undefined;
}

/** The value of the whole text. */
export function rootNode(text: string): JsonNode {
  const start = Math.max(0, text.search(/\S/));
  return { key: undefined, start, end: valueEnd(text, start), children: undefined };
}

/** The elements of an array, or the members of an object; a key that stands twice has two. */
export function childrenOf(text: string, node: JsonNode): readonly JsonNode[] {
  node.children ??= readChildren(text, node);
  return node.children;
}

/** An element by its index or a member by its key; of a key that stands twice the last one, as for JSON.parse. */
export function childOf(text: string, node: JsonNode, key: string | number): JsonNode | undefined {
  const children = childrenOf(text, node);
  return text.charCodeAt(node.start) === OPEN_BRACKET
    ? children[Number(key)]
    : children.findLast((child) => child.key === String(key));
}

function readChildren(text: string, { start, end }: JsonNode): readonly JsonNode[] {
  const opening = text.charCodeAt(start);
  const children: JsonNode[] = [];
  if (opening !== OPEN_BRACE && opening !== OPEN_BRACKET) return children;
  let key: string | undefined;
  for (let at = start + 1; at < end - 1; ) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === COMMA || code === COLON) {
      at++;
      continue;
    }
    const behind = valueEnd(text, at);
    if (opening === OPEN_BRACE && key === undefined) {
      const raw = text.slice(at, behind);
      key = raw.includes("\\") ? String(JSON.parse(raw)) : raw.slice(1, -1);
    } else {
      children.push({ key, start: at, end: behind, children: undefined });
      key = undefined;
    }
    at = behind;
  }
  return children;
}

/** The index behind the value that begins there. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    else if (depth === 0) while (isOfWord(text.charCodeAt(at + 1))) at++;
    at++;
  } while (depth > 0 && at < text.length);
  return at;
}

/** Whether a number, true, false or null goes on with the character. */
const isOfWord = (code: number): boolean =>
  code > SPACE && code !== COMMA && code !== CLOSE_BRACKET && code !== CLOSE_BRACE;
