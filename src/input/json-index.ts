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

/** The nodes of an object with more members are not kept: they take 100 bytes each, and a record may have 800,000. */
const MAX_KEPT_MEMBERS = 100_000;

/** An element by its index or a member by its key; of a key that stands twice the last one, as for JSON.parse. */
export function childOf(text: string, node: JsonNode, key: string | number): JsonNode | undefined {
  if (text.charCodeAt(node.start) === OPEN_BRACKET) return childrenOf(text, node)[Number(key)];
  const name = String(key);
  if (node.children !== undefined) return node.children.findLast((child) => child.key === name);
  let found: JsonNode | undefined;
  let kept: JsonNode[] | undefined = [];
  visitChildren(text, node, (child) => {
    if (child.key === name) found = child;
    if (kept !== undefined && kept.push(child) > MAX_KEPT_MEMBERS) kept = undefined;
  });
  node.children = kept;
  return found;
}

function readChildren(text: string, node: JsonNode): readonly JsonNode[] {
  const children: JsonNode[] = [];
  visitChildren(text, node, (child) => children.push(child));
  return children;
}

function visitChildren(text: string, { start, end }: JsonNode, visit: (child: JsonNode) => void): void {
  const opening = text.charCodeAt(start);
  if (opening !== OPEN_BRACE && opening !== OPEN_BRACKET) return;
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
      visit({ key, start: at, end: behind, children: undefined });
      key = undefined;
    }
    at = behind;
  }
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
