import { escapeJson, maskPasswords, type Raw, type Safe } from "./escape.ts";

/** A JSON text that is written as it stands. */
export class JsonText {
  readonly text: Raw;
  constructor(text: Raw) {
    this.text = text;
  }
}

/**
 * A value as JSON on one line, passwords masked; `null` for what JSON cannot write. Written by hand since JSON.stringify
 * with a replacer takes several times as long, and a million events pass here.
 */
export function toJson(value: unknown): Safe {
  return textOf(value) as Safe;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (value instanceof JsonText) return escapeJson(value.text);
  let members = "";
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value];
    if (member !== undefined) members += `,${quote(key)}:${textOf(member)}`;
  }
  return `{${members.slice(1)}}`;
}

function quote(raw: Raw): string {
  const text = maskPasswords(raw);
  return /[^ !#-[\]-~]/.test(text) ? escapeJson(JSON.stringify(text)) : `"${text}"`;
}
