import type { EventLabel, LocatedFinding, Source } from "../output/located-finding.ts";
import type { FieldKind } from "../redact/fields.ts";
import type { Redactor } from "../redact/redactor.ts";
import { redactMessage, redactPointer, redactValue } from "./redact-finding.ts";

/** The same members, those with a kind redacted by it; what is not there stays so. */
export function redactMembers<Members extends object>(
  members: Members,
  kinds: Readonly<{ [Name in keyof Members]?: FieldKind }>,
  { byKind }: Redactor,
): Members {
  const redacted = Object.entries<FieldKind>(kinds as Readonly<Record<string, FieldKind>>).flatMap(([name, kind]) => {
    const value: unknown = members[name as keyof Members];
    return typeof value === "string" ? [[name, byKind(value, kind)]] : [];
  });
  return { ...members, ...Object.fromEntries(redacted) };
}

/** An event's names without the people in them. */
export const redactLabel = (label: EventLabel, redactor: Redactor): EventLabel =>
  redactMembers(label, { id: "id", type: "type", callSid: "sid", schema: "plain" }, redactor);

/** Line, column and offset stay: whoever has the input finds the place by them. */
export function redactSource(source: Source, redactor: Redactor): Source {
  const { line, column, offset } = source;
  return { input: redactor.file(source.input), line, column, offset, path: redactPath(source.path, redactor) };
}

/** The way through the wrappers: its keys are of whoever wrapped the event. */
function redactPath(text: string, redactor: Redactor): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[^\s.[\]\u25B8"]+/g, (part) => {
    if (!part.startsWith('"')) return redactor.key(part);
    return JSON.stringify(redactor.key(unquoted(part)));
  });
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** A finding without the people in it, and without its place in the source. */
export function redactFinding(found: Omit<LocatedFinding, "line" | "column">, redactor: Redactor) {
  const { rule, severity, data, pointer, value, at } = found;
  return {
    rule,
    severity,
    message: redactMessage(rule, data, pointer, redactor),
    pointer: pointer && redactPointer(pointer, redactor),
    value: value === undefined ? undefined : redactValue(value, pointer, redactor),
    at,
  };
}

/** The same with its place, which is worked out when a format asks for it. */
export function redactLocated(found: LocatedFinding, redactor: Redactor): LocatedFinding {
  return {
    ...redactFinding(found, redactor),
    get line() {
      return found.line;
    },
    get column() {
      return found.column;
    },
  };
}
