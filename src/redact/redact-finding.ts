import { messageOf, type RuleName, rules } from "../findings/rules.ts";
import { kindOf } from "./fields.ts";
import type { Redactor } from "./redactor.ts";

/** What a member of a finding's data is. `own` words are the program's, `found` is a value in words, `change` may be a port. */
type Member = "own" | "key" | "step" | "type" | "found" | "url" | "sid" | "media" | "mark" | "change";

/** Members that are the same thing in all rules; what is not here is of unknown meaning. */
const members: Readonly<Record<string, Member>> = {
  account: "sid",
  after: "step",
  as: "own",
  attribute: "key",
  before: "step",
  by: "own",
  change: "own",
  character: "mark",
  declared: "mark",
  detail: "mark",
  earliest: "own",
  early: "step",
  element: "key",
  end: "step",
  example: "own",
  expected: "own",
  family: "own",
  fault: "own",
  found: "found",
  judgedBy: "mark",
  key: "key",
  kind: "own",
  last: "step",
  late: "step",
  latest: "own",
  name: "key",
  names: "key",
  nearest: "own",
  needs: "own",
  page: "own",
  parent: "key",
  problem: "own",
  read: "own",
  replacement: "type",
  right: "own",
  schema: "own",
  signed: "url",
  stage: "own",
  standard: "own",
  statuses: "step",
  step: "step",
  steps: "step",
  subject: "own",
  type: "type",
  values: "own",
  verb: "key",
  wanted: "mark",
  weekday: "own",
};

/** Members that are another thing in some rule. */
const exceptions: Readonly<Partial<Record<RuleName, Readonly<Record<string, Member>>>>> = {
  "body-content-type": { type: "media" },
  "call-duplicate": { name: "step" },
  "schema-unknown": { found: "mark" },
  "sid-format": { found: "sid" },
  "signature-mismatch": { detail: "change" },
  "signature-body": { found: "mark", signed: "mark" },
  "twiml-syntax": { found: "mark" },
};

/** The sentence of a finding without the people in it; where nothing tells what it was made of, what the rule says. */
export function redactMessage(rule: string, data: unknown, pointer: string | undefined, redactor: Redactor): string {
  if (!isRule(rule)) return "";
  if (typeof data !== "object" || data === null) return rules[rule].says;
  const field = pointer === undefined ? "" : lastKey(pointer);
  return messageOf(rule, redactData(data, rule, "", field, redactor));
}

const isRule = (name: string): name is RuleName => Object.hasOwn(rules, name);

function redactData(value: unknown, rule: RuleName, name: string, field: string, redactor: Redactor): unknown {
  if (typeof value === "string") return redactMember(value, memberOf(rule, name), field, redactor);
  if (Array.isArray(value)) return value.map((each) => redactData(each, rule, name, field, redactor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, redactData(each, rule, key, field, redactor)]),
  );
}

const memberOf = (rule: RuleName, name: string): Member | undefined => exceptions[rule]?.[name] ?? members[name];

function redactMember(text: string, member: Member | undefined, field: string, redactor: Redactor): string {
  switch (member) {
    case "own":
      return text;
    case "key":
      return redactor.key(text);
    case "step":
      return redactStep(text, redactor);
    case "type":
      return redactor.byKind(text, "type");
    case "found":
      return redactFound(text, field, redactor);
    case "url":
      return redactor.byKind(text, "url");
    case "sid":
      return redactor.byKind(text, "sid");
    case "media":
      return redactor.byKind(text, "media");
    case "mark":
      return redactMark(text, redactor);
    case "change":
      return /^\d{4,5}$/.test(text) ? text : redactMark(text, redactor);
    case undefined:
      return redactor.leaf(text);
  }
}

/** A step as people call it: its status, its stage, the end of its type; its number may stand behind it. */
export function redactStep(text: string, redactor: Redactor): string {
  const number = / \(\d{1,6}\)$/.exec(text)?.[0] ?? "";
  const name = text.slice(0, text.length - number.length);
  const type = `com.twilio.${name}`;
  if (name.includes(".") && redactor.byKind(type, "type") === type) return text;
  return redactor.byKind(name, "plain") + number;
}

/** `the string "…"`, `the number …`; what is no such thing has no value in it. */
function redactFound(text: string, field: string, redactor: Redactor): string {
  const [, string] = /^the string "([\s\S]*)"/.exec(text) ?? [];
  if (string !== undefined) return `the string "${redactor.byKind(string, kindOf(field))}"`;
  if (
    /^(?:nothing|null|an (?:array|object|empty string)(?: that is no JSON object)?|the boolean (?:true|false))$/.test(
      text,
    )
  )
    return text;
  const [, number] = /^the number (\S+)$/.exec(text) ?? [];
  if (number !== undefined) return `the number ${/^-?\d{1,4}$/.test(number) ? number : "[number]"}`;
  return redactor.byKind(text, kindOf(field));
}

/** A piece of a document: a character, a limit, a name; a text is replaced. */
function redactMark(text: string, redactor: Redactor): string {
  if (/^(?:|"[^"\w]"|U\+[0-9A-F]{4,6}|50,000|1 MiB|"=+")$/.test(text)) return text;
  return redactor.key(text) === text ? text : redactor.leaf(text);
}

/** A JSON Pointer (RFC 6901), each key by itself. */
export function redactPointer(pointer: string, redactor: Redactor): string {
  const keys = pointer.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.map((key) => redactor.key(key).replaceAll("/", "~1")).join("/");
}

/** The value that a finding quotes, by the field that the pointer names. */
export function redactValue(value: string, pointer: string | undefined, redactor: Redactor): string {
  const field = pointer === undefined ? "" : lastKey(pointer);
  const kind = kindOf(field);
  // Of an answer findings quote names of elements and attributes, or pieces of it.
  return kind === "body" || kind === "document" ? redactMark(value, redactor) : redactor.byKind(value, kind);
}

const lastKey = (pointer: string): string => pointer.slice(pointer.lastIndexOf("/") + 1);
