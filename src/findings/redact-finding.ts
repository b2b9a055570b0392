import { kindOf } from "../redact/fields.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { DataKind, Rule } from "./finding.ts";
import { isRule, messageOf, rules } from "./rules.ts";

/** The sentence of a finding without the people in it; where nothing tells what it was made of, what the rule says. */
export function redactMessage(rule: string, data: unknown, pointer: string | undefined, redactor: Redactor): string {
  if (!isRule(rule)) return "";
  const { summary, data: kinds = {} }: Rule = rules[rule];
  if (typeof data !== "object" || data === null) return summary;

  function redactData(value: unknown, name: string): unknown {
    if (typeof value === "string") return redactText(value, kinds[name], fieldOf(pointer), redactor);
    if (Array.isArray(value)) return value.map((each) => redactData(each, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactData(each, key)]));
  }

  return messageOf(rule, redactData(data, ""));
}

function redactText(text: string, kind: DataKind | undefined, field: string, redactor: Redactor): string {
  switch (kind) {
    case "own":
      return text;
    case "key":
      return redactor.key(text);
    case "step":
      return redactStep(text, redactor);
    case "type":
    case "url":
    case "sid":
    case "media":
      return redactor.byKind(text, kind);
    case "found":
      return redactFound(text, field, redactor);
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
  const kind = kindOf(fieldOf(pointer));
  // Of an answer findings quote names of elements and attributes, or pieces of it.
  return kind === "body" || kind === "document" ? redactMark(value, redactor) : redactor.byKind(value, kind);
}

/** The field that the pointer names; empty without one. */
const fieldOf = (pointer = ""): string => pointer.slice(pointer.lastIndexOf("/") + 1);
