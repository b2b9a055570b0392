import { XMLParser } from "fast-xml-parser";
import { elementRule } from "./grammar.ts";
import { markAt } from "./markup.ts";
import { lastNotAbove, linesOf, type Place } from "./twiml-text.ts";

interface Pretty {
  readonly text: string;
  /** Where a place of the source stands in the pretty text. */
  placeOf(place: Place): Place;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is copied from the source onto a line of its own. */
interface Piece extends Range {
  readonly depth: number;
}

/**
 * A node of fast-xml-parser's ordered tree: a text, or an element with where it stands in the source, its tags
 * included. All elements are called "e", see `parser`.
 */
interface OrderedNode {
  readonly e?: readonly OrderedNode[];
  readonly [metaData: symbol]: { readonly startIndex: number; readonly endIndex: number } | undefined;
}

/**
 * The parser only tells where elements stand, so they need no names; with one name for all, none can be
 * `constructor` or `__proto__`, which it refuses. The slash is how it knows an empty tag.
 */
const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
  processEntities: false,
  jPath: false,
  transformTagName: (name) => (name.endsWith("/") ? "e/" : "e"),
});

const metaData = XMLParser.getMetaDataSymbol().valueOf();

/**
 * Well-formed XML with each element on a line of its own, two blanks deeper than its parent. Only white space between
 * elements changes: every tag, text, comment, CDATA section and instruction is copied from the source. Left as they
 * stand are mixed content, what `<Say>` speaks, and `xml:space="preserve"`. Takes what `isWellFormed` passed; linear.
 */
export function prettyXml(source: string): Pretty {
  const pieces = layOut(source);
  const targets: number[] = [];
  let text = source.startsWith("\uFEFF") ? "\uFEFF" : "";
  for (const [index, { start, end, depth }] of pieces.entries()) {
    text += `${index === 0 ? "" : "\n"}${"  ".repeat(depth)}`;
    targets.push(text.length);
    text += source.slice(start, end);
  }
  const starts = pieces.map(({ start }) => start);
  const [linesBefore, lines] = [linesOf(source), linesOf(text)];
  return {
    text,
    placeOf(place) {
      const offset = linesBefore.offsetOf(place);
      const index = lastNotAbove(starts, offset);
      const { start, end } = pieces[index] as Piece;
      return lines.placeOf((targets[index] as number) + Math.max(0, Math.min(offset, end) - start));
    },
  };
}

/** What is copied onto a line of its own, in the order of the source. */
function layOut(source: string): readonly Piece[] {
  const { text, inert } = mask(source);
  const pieces: Piece[] = [];
  let next = 0;

  const comments = (from: number, to: number, depth: number) => {
    for (; next < inert.length; next++) {
      const { start, end } = inert[next] as Range;
      if (start >= to) break;
      if (start >= from) pieces.push({ start, end, depth });
    }
  };
  const content = (nodes: readonly OrderedNode[], from: number, to: number, depth: number) => {
    let at = from;
    for (const node of nodes) {
      // There is no text among them, so each has its children and its place.
      const { e: children, [metaData]: place } = node as Required<OrderedNode>;
      const { startIndex: start, endIndex: end } = place as NonNullable<typeof place>;
      comments(at, start, depth);
      element(children, { start, end }, depth);
      at = end;
    }
    comments(at, to, depth);
  };
  const element = (nodes: readonly OrderedNode[], { start, end }: Range, depth: number) => {
    const inside = layable(source, text, nodes, { start, end });
    if (inside === undefined) {
      pieces.push({ start, end, depth });
      return;
    }
    pieces.push({ start, end: inside.start, depth });
    content(nodes, inside.start, inside.end, depth + 1);
    pieces.push({ start: inside.end, end, depth });
  };

  const tree: readonly OrderedNode[] = parser.parse(text);
  content(tree, 0, source.length, 0);
  return pieces;
}

/** Where the content of an element stands that may be laid out anew; undefined when white space in it may count. */
function layable(
  source: string,
  text: string,
  nodes: readonly OrderedNode[],
  { start, end }: Range,
): Range | undefined {
  if (!nodes.some((node) => node.e !== undefined)) return undefined;
  const { end: open } = markAt(source, start) as Range;
  if (keepsBlanks(source.slice(start, open))) return undefined;
  const close = source.lastIndexOf("</", end - 1);
  let at = open;
  for (const node of nodes) {
    const place = node[metaData];
    if (place === undefined) continue;
    if (!isBlank(text, at, place.startIndex)) return undefined;
    at = place.endIndex;
  }
  return isBlank(text, at, close) ? { start: open, end: close } : undefined;
}

/** Whether white space in the element is part of what it says. */
function keepsBlanks(tag: string): boolean {
  const name = tag.replace(/^<([^\s/>]+)[\s\S]*$/, "$1");
  return elementRule(name)?.text === "prose" || /\sxml:space\s*=\s*["']preserve/.test(tag);
}

function isBlank(text: string, from: number, to: number): boolean {
  return !/[^ \t\r\n]/.test(text.slice(from, to));
}

/**
 * The source with all that is neither tag nor text blotted out, character for character: fast-xml-parser does not tell
 * where comments stand and takes a quote in an instruction for an attribute's. CDATA becomes text, the rest blank.
 */
function mask(source: string): { readonly text: string; readonly inert: readonly Range[] } {
  const inert: Range[] = [];
  const text = source.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/g, (found, start: number) => {
    if (found.startsWith("<![")) return "x".repeat(found.length);
    inert.push({ start, end: start + found.length });
    return " ".repeat(found.length);
  });
  return { text, inert };
}
