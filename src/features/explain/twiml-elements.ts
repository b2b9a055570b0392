import { several } from "../../findings/finding.ts";
import {
  type AttributeRule,
  type ElementRule,
  elementNames,
  elementRule,
  parentsOf,
  schemaWarning,
} from "../../twiml/grammar.ts";
import { errorPage, type Fact, type Page, page } from "./page.ts";

const kinds: Readonly<Record<AttributeRule["kind"], string>> = {
  string: "any text",
  integer: "a whole number",
  positive: "a whole number above 0",
  integers: "whole numbers with blanks between them",
  "integer-or": "a whole number or",
  boolean: "true or false",
  method: "GET or POST",
  url: "a URL",
  websocket: "a wss:// URL",
  caller: "an E.164 number, a client or a SIP address",
  characters: "the characters",
  one: "one of",
  list: "with blanks between them, any of",
};

/** What the text of an element is, by its kind. */
export const texts: Readonly<Record<NonNullable<ElementRule["text"]>, string>> = {
  any: "any",
  prose: "what is spoken, up to 4096 characters, with Amazon Polly 3000 (13521)",
  url: "a URL",
  phone: "an E.164 number, as +14155550100",
  sip: "a SIP address, as sip:agent@example.com",
};

/** A page for each TwiML element of the grammar. What it is about elements is all there: `twiml/grammar.json`. */
export function elementPages(): readonly Page[] {
  return elementNames.map((name) => {
    const parents = parentsOf(name);
    const rule = elementRule(name);
    return page({
      name,
      says: saysOf(name, parents),
      aliases: [`<${name}>`],
      text: [
        "A value that is not among these ends in the code behind it in Twilio's Debugger; any other mistake in 12200, a warning.",
      ],
      facts: rule === undefined ? [] : factsOf(rule, parents),
      see: ["twiml-element", "twiml-attribute", "twiml-nesting", "twiml-value"],
      links: [errorPage(12200)],
    });
  });
}

function saysOf(name: string, parents: readonly string[]): string {
  if (name === "Response") return "the root of every TwiML document: it holds the verbs";
  if (parents.includes("Response")) return "a TwiML verb";
  return /^[a-z]/.test(name) ? "SSML, for the words of <Say>" : `TwiML that stands in ${several(parents.map(tag))}`;
}

function factsOf(rule: ElementRule, parents: readonly string[]): readonly Fact[] {
  const facts: Fact[] = [];
  if (parents.length > 0) facts.push(["stands in", parents.map(tag).join(", ")]);
  facts.push(["holds", rule.children.length === 0 ? "no elements" : rule.children.map(tag).join(", ")]);
  facts.push(["text", textOf(rule)]);
  for (const [name, attribute] of rule.attributes) facts.push([name, valuesOf(attribute) + coded(attribute.code)]);
  for (const parent of parents) {
    const other = elementRule(rule.name, parent);
    if (other === undefined || other === elementRule(rule.name)) continue;
    const names = [...other.attributes.keys()].join(", ") || "no attributes";
    facts.push([`in <${parent}>`, `${names}; text: ${textOf(other)}`]);
  }
  return facts;
}

function textOf({ text, textCode, emptyCode }: ElementRule): string {
  if (text === undefined) return "none";
  const wrong = text === "any" || text === "prose" ? "" : coded(textCode);
  const empty = emptyCode === undefined ? "" : `; must not be empty (${emptyCode})`;
  return `${texts[text]}${wrong}${empty}`;
}

/** What the attribute takes. */
export function valuesOf({ kind, values }: AttributeRule): string {
  const list = kind === "characters" ? values.join("") : values.join(", ");
  return list === "" ? kinds[kind].replace(/^the characters$/, "certain characters") : `${kinds[kind]} ${list}`;
}

const coded = (code: number): string => (code === schemaWarning ? "" : ` (${code})`);

const tag = (name: string): string => `<${name}>`;
