import { parseXml, type XmlElement, XmlError, type XmlNode, type XmlText } from "@rgrove/parse-xml";
import type { Finding, Severity } from "../../findings/finding.ts";
import { kindOf } from "../body-kind.ts";
import { twimlFinding } from "../rules.ts";
import { type Lines, linesOf, type Place, unifyLineEnds } from "../twiml-text.ts";
import { type Element, lintGrammar, type Text } from "./lint-grammar.ts";
import { diagnose, foreign, refusal, type SyntaxProblem, tooDeep } from "./lint-syntax.ts";

/** What is known of the answer from the event around it. */
export interface AnswerContext {
  /** Whether Twilio executes it: true in `twiml.*` events, false in those of status callbacks. */
  readonly executed: boolean;
  /** The URL that gave the answer, to find what leads back to it. */
  readonly url?: string | undefined;
}

/**
 * Judges what a server answered to Twilio: well-formed XML of a sane size, then the voice grammar. Findings are those
 * of the `twiml-*` rules, in the order of their places. Where the answer is not executed they weigh one step less, and
 * words or JSON are no fault: nobody reads them. Takes the text of any body but a binary one; never throws, fetches
 * nothing.
 */
export function lintTwiml(text: string, context: AnswerContext): readonly Finding[] {
  if (!context.executed && ["empty", "text", "json"].includes(kindOf(text))) return [];
  const lines = linesOf(text);
  const root = parse(text);
  if ("fault" in root) {
    const one = reportSyntax(foreign(text, kindOf(text)) ?? root, lines);
    return [context.executed ? one : lighter(one)];
  }
  const findings = lintGrammar({ root, source: text, lines, url: context.url }).toSorted(byPlace);
  if (context.executed) return findings;
  return [...ignored(root, lines), ...findings.map(lighter)].toSorted(byPlace);
}

/** Whether the text is well-formed XML within the limits of what is parsed: what may be pretty-printed. */
export function isWellFormed(text: string): boolean {
  return !("fault" in parse(text));
}

function parse(text: string): Element | SyntaxProblem {
  const refused = refusal(text);
  if (refused !== undefined) return refused;
  // The parser does that too, but copies the rest of the text for each line end.
  const { text: unified, offsetOf } = unifyLineEnds(text);
  try {
    const { root } = parseXml(unified, { includeOffsets: true });
    // A document without one is an error of the parser.
    return plain(root as XmlElement, offsetOf);
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
    if (!(error instanceof XmlError)) throw error;
    return diagnose(text, offsetOf(unitOffset(unified, error.pos)), error.message.replace(/ \(line [\s\S]*$/, ""));
  }
}

/** The parser counts code points; everything here counts UTF-16 units. */
function unitOffset(text: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The parser's tree as the grammar needs it: elements and text, with attributes that no name can confuse. */
function plain(element: XmlElement, offsetOf: (offset: number) => number): Element {
  const children: (Element | Text)[] = [];
  for (const child of element.children) {
    if (isElement(child)) children.push(plain(child, offsetOf));
    else if (isText(child)) children.push({ text: child.text, offset: offsetOf(child.start) });
  }
  return {
    name: element.name,
    offset: offsetOf(element.start),
    attributes: new Map(Object.entries(element.attributes)),
    children,
  };
}

function isElement(node: XmlNode): node is XmlElement {
  return node.type === "element";
}

function isText(node: XmlNode): node is XmlText {
  return node.type === "text";
}

function reportSyntax({ fault, offset, found, wanted }: SyntaxProblem, lines: Lines): Finding {
  return twimlFinding("twiml-syntax", { fault, found, wanted }, { at: lines.placeOf(offset) });
}

function ignored(root: Element, lines: Lines): readonly Finding[] {
  const verb = root.children.find((child) => "name" in child);
  if (root.name !== "Response" || verb === undefined) return [];
  return [twimlFinding("twiml-ignored", { verb: verb.name }, { at: lines.placeOf(root.offset) })];
}

const oneStepLess: Readonly<Record<Severity, Severity>> = { error: "warning", warning: "info", info: "info" };

function lighter(one: Finding): Finding {
  return { ...one, severity: oneStepLess[one.severity] };
}

function byPlace(one: Finding, other: Finding): number {
  const [first, second] = [one.at as Place, other.at as Place];
  return first.line - second.line || first.column - second.column;
}
