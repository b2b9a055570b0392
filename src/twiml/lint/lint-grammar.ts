import type { Finding } from "../../findings/finding.ts";
import { nearestName } from "../../findings/suggest.ts";
import { htmlPage, isVerb } from "../body-kind.ts";
import { type ElementRule, elementNames, elementRule, parentsOf } from "../grammar.ts";
import { attributesAt } from "../markup.ts";
import { twimlFinding, type twimlRules } from "../rules.ts";
import type { Lines } from "../twiml-text.ts";
import { quoted } from "../twiml-text.ts";
import { checkAttribute, checkText, leadsBack } from "./lint-values.ts";

/** An element of a well-formed document; `offset` is that of its "<". */
export interface Element {
  readonly name: string;
  readonly offset: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | Text)[];
}

export interface Text {
  readonly text: string;
  readonly offset: number;
}

/** A well-formed document, with what is needed to say where something stands. */
export interface Document {
  readonly root: Element;
  readonly source: string;
  readonly lines: Lines;
  /** The URL that gave the answer. */
  readonly url: string | undefined;
}

interface Walk extends Document {
  readonly findings: Finding[];
}

/** The verbs of messaging, which a voice answer often holds by mistake; `Sms` is a voice verb. */
const messagingVerbs = new Set(["Message", "Body", "Media"]);

/**
 * Judges a document by the voice grammar: `twiml-root`, `-element`, `-attribute`, `-nesting`, `-value`, `-empty` and
 * `-loop`. A document whose root is no TwiML is not looked into.
 */
export function lintGrammar(document: Document): readonly Finding[] {
  const walk: Walk = { ...document, findings: [] };
  const { root } = document;
  const response = elementRule("Response");
  if (root.name === "Response") {
    lintContent(walk, root, response);
    return walk.findings;
  }
  const page = htmlPage(document.source);
  const fault = rootFault(root.name, page);
  const data = { fault, name: root.name, page: page ?? "" };
  report(walk, "twiml-root", data, root.offset, root.name);
  if (fault === "verb") lintElement(walk, root, response);
  if (fault === "case") lintContent(walk, root, response);
  return walk.findings;
}

function rootFault(name: string, page: string | undefined): "html" | "case" | "verb" | "other" {
  if (page !== undefined || name.toLowerCase() === "html") return "html";
  if (name.toLowerCase() === "response") return "case";
  return isVerb(name) ? "verb" : "other";
}

/** Judges an element by where it stands; `parent` is undefined inside an element that is not known. */
function lintElement(walk: Walk, element: Element, parent: ElementRule | undefined): void {
  const { name, offset } = element;
  const rule = elementRule(name, parent?.name);
  if (rule !== undefined) {
    if (parent !== undefined && !parent.children.includes(name)) {
      const data = { name, parent: parent.name, right: inTags(parentsOf(name)), code: parent.nestingCode };
      report(walk, "twiml-nesting", { fault: "child", ...data }, offset, name);
    }
    lintContent(walk, element, rule);
    return;
  }
  const meant = nearestName(name, elementNames);
  const sameLetters = meant?.toLowerCase() === name.toLowerCase();
  const fault = messagingVerbs.has(name) ? "messaging" : sameLetters ? "case" : "unknown";
  report(walk, "twiml-element", { fault, name, right: meant ?? "" }, offset, name);
  lintContent(walk, element, sameLetters && meant !== undefined ? elementRule(meant, parent?.name) : undefined);
}

function lintContent(walk: Walk, element: Element, rule: ElementRule | undefined): void {
  const nested = element.children.filter((child) => "name" in child);
  if (rule !== undefined) {
    lintAttributes(walk, element, rule);
    lintText(walk, element, rule, nested.length === 0);
  }
  if (rule?.name === "Response") lintSilence(walk, nested);
  if (rule?.name === "Dial") lintMixture(walk, nested);
  if (rule?.name === "Redirect") lintLoop(walk, element, undefined, textOf(element), () => element.offset);
  for (const child of nested) lintElement(walk, child, rule);
}

function lintAttributes(walk: Walk, element: Element, rule: ElementRule): void {
  let offsets: ReadonlyMap<string, number> | undefined;
  const offsetOf = (name: string) => {
    offsets ??= new Map(attributesAt(walk.source, element.offset).map((found) => [found.name, found.offset]));
    return offsets.get(name) ?? element.offset;
  };
  for (const [name, value] of element.attributes) {
    const known = rule.attributes.get(name);
    if (known === undefined) {
      if (/^(?:xml|xmlns|xsi)(?::|$)/.test(name)) continue;
      const data = { name, element: element.name, ...meantAttribute(name, rule) };
      report(walk, "twiml-attribute", data, offsetOf(name), name);
      continue;
    }
    const fault = checkAttribute(value, known);
    if (fault !== undefined) {
      const data = { ...fault, subject: `${name} of <${element.name}>` };
      report(walk, "twiml-value", data, offsetOf(name), quoted(value));
    }
    // The digits or words of a <Gather> tell its requests apart, so one URL may well serve all of them.
    if (name === "action" && rule.name !== "Gather") lintLoop(walk, element, name, value, () => offsetOf(name));
  }
}

/** What an unknown attribute may have been meant to be: one of this element, or of what stands in it. */
function meantAttribute(name: string, rule: ElementRule) {
  const owners = rule.children.filter((child) => elementRule(child, rule.name)?.attributes.has(name));
  if (owners.length > 0) return { fault: "elsewhere", right: inTags(owners) } as const;
  const meant = nearestName(name, rule.attributes.keys());
  if (meant?.toLowerCase() === name.toLowerCase()) return { fault: "case", right: meant } as const;
  return { fault: "unknown", right: meant ?? "" } as const;
}

/** Judges the text of an element; `alone` when there is no element in it. */
function lintText(walk: Walk, element: Element, rule: ElementRule, alone: boolean): void {
  const first = element.children.find((child) => "text" in child && child.text.trim() !== "");
  if (first === undefined) {
    if (alone && rule.emptyCode !== undefined) reportEmpty(walk, element, "has no text", rule.emptyCode);
    if (rule.name === "Play" && !element.attributes.has("digits")) {
      reportEmpty(walk, element, "has neither a URL nor digits", 0);
    }
    return;
  }
  const text = textOf(element);
  if (rule.text === undefined) {
    const data = { fault: "text", name: "", parent: element.name, right: "", code: rule.nestingCode } as const;
    report(walk, "twiml-nesting", data, afterBlank(walk.source, first.offset), quoted(text));
    return;
  }
  const fault = checkText(text, rule, element.attributes);
  if (fault === undefined) return;
  const data = { ...fault, subject: `the text of <${element.name}>` };
  report(walk, "twiml-value", data, afterBlank(walk.source, first.offset), quoted(text));
}

/** A `<Gather>` that asks nothing, right after nothing was said. */
function lintSilence(walk: Walk, verbs: readonly Element[]): void {
  for (const [index, verb] of verbs.entries()) {
    const spoken = ["Say", "Play"].includes(verbs[index - 1]?.name ?? "");
    if (verb.name === "Gather" && !spoken && verb.children.every((child) => "text" in child)) {
      reportEmpty(walk, verb, "has no <Say> or <Play>, nor is there one before it: the caller hears nothing", 0);
    }
  }
}

/** "Conference cannot be mixed with Number nouns" (13000). */
function lintMixture(walk: Walk, nouns: readonly Element[]): void {
  const conference = nouns.find((noun) => noun.name === "Conference");
  if (conference === undefined || !nouns.some((noun) => noun.name === "Number")) return;
  const data = { fault: "mixed", name: "Conference", parent: "Dial", right: "<Number>", code: 13000 } as const;
  report(walk, "twiml-nesting", data, conference.offset, conference.name);
}

function lintLoop(
  walk: Walk,
  element: Element,
  attribute: string | undefined,
  reference: string,
  offset: () => number,
): void {
  if (walk.url === undefined || reference.trim() === "" || !leadsBack(reference.trim(), walk.url)) return;
  const data = { element: element.name, attribute };
  report(walk, "twiml-loop", data, offset(), quoted(reference));
}

function reportEmpty(walk: Walk, { name, offset }: Element, needs: string, code: number): void {
  report(walk, "twiml-empty", { element: name, needs, code }, offset, name);
}

function report<Name extends keyof typeof twimlRules>(
  { findings, lines }: Walk,
  rule: Name,
  data: Parameters<typeof twimlFinding<Name>>[1],
  offset: number,
  value: string,
): void {
  findings.push(twimlFinding(rule, data, { value, at: lines.placeOf(offset) }));
}

function afterBlank(source: string, offset: number): number {
  const blank = /\s*/y;
  blank.lastIndex = offset;
  return offset + (blank.exec(source)?.[0].length ?? 0);
}

/** All the text inside, that of SSML elements too. */
function textOf(element: Element): string {
  return element.children.map((child) => ("text" in child ? child.text : textOf(child))).join("");
}

function inTags(names: readonly string[]): string {
  return names.map((name) => `<${name}>`).join(", ");
}
