import { escapeJson, maskPasswords, maskXmlPasswords, type Raw, type Safe } from "../escape.ts";
import type { BodyItem, ChangeItem, EventLabel, LocatedFinding, Source } from "../items.ts";

// Written by hand, in the order of keys that we promise: JSON.stringify of the same objects takes six times as long,
// and a million events pass here.

function quote(raw: Raw): string {
  const text = maskPasswords(raw);
  return /[^ !#-[\]-~]/.test(text) ? escapeJson(JSON.stringify(text)) : `"${text}"`;
}

function member(key: string, raw: Raw | undefined): string {
  return raw === undefined ? "" : `,"${key}":${quote(raw)}`;
}

/** `{"id","type","callSid","schema"}` as JSON; what is absent there is absent here. */
export function labelJson({ id, type, callSid, schema }: EventLabel): string {
  const members = member("id", id) + member("type", type) + member("callSid", callSid) + member("schema", schema);
  return `{${members.slice(1)}}`;
}

/** `{"input","line","column","offset","path"}` as JSON. */
export function sourceJson({ input, line, column, offset, path }: Source): string {
  return `{"input":${quote(input)},"line":${line},"column":${column},"offset":${offset},"path":${quote(path)}}`;
}

/** `"rule","severity","message","pointer","value","line","column"` as the members of a JSON object, without its braces. */
export function findingMembers({ rule, severity, message, pointer, value, line, column, at }: LocatedFinding): string {
  const what = `"rule":${quote(rule)},"severity":"${severity}","message":${quote(message)}`;
  const where = member("pointer", pointer) + member("value", value);
  const within = at === undefined ? "" : `,"at":{"line":${at.line},"column":${at.column}}`;
  return `${what}${where},"line":${line},"column":${column}${within}`;
}

/** A decoded body as a JSON object: `{"event","source","contentType","charset","bytes","kind","note","text","findings"}`. */
export function bodyJson({ note, event, source, contentType, charset, bytes, body, text, findings }: BodyItem): string {
  const where = `"event":${labelJson(event)},"source":${sourceJson(source)}`;
  const what = `${member("contentType", contentType)},"charset":${quote(charset)},"bytes":${bytes},"kind":"${body}"${member("note", note)}`;
  const found = findings.map((finding) => `{${findingMembers(finding)}}`).join(",");
  return `{${where}${what},"text":${quote(maskXmlPasswords(text))},"findings":[${found}]}`;
}

/** A change as a JSON object: `{"source","before","after"}`. */
export function changeJson({ source, before, after }: ChangeItem): string {
  return `{"source":${sourceJson(source)}${member("before", before)}${member("after", after)}}`;
}

/** A value as JSON on one line; `null` for what JSON cannot write. */
export function valueJson(value: unknown): Safe {
  return escapeJson(JSON.stringify(value) ?? "null");
}
