/** What a finding's rule says, and what findings have in common. The rules are in the `rules.ts` of each domain. */

export type Severity = "error" | "warning" | "info";

/** What a rule is about: the event itself, what your server returned, the course of the call, how it was delivered. */
type Category = "event" | "response" | "call" | "delivery";

/**
 * What a text in a finding's data is: `own` words are the program's, `found` is a value in words, `change` may be a port,
 * `mark` is a piece of a document. One of unknown kind is redacted like a text of unknown meaning.
 */
export type DataKind = "own" | "key" | "step" | "type" | "found" | "url" | "sid" | "media" | "mark" | "change";

/** One rule: a row in the `rules.ts` of its domain. */
export interface Rule {
  readonly category: Category;
  readonly severity: Severity;
  /** What the rule says, in one line, for tables. */
  readonly summary: string;
  /** Why it happens and what to do. */
  readonly help: string;
  /** The sentence of one finding; its argument is the finding's data. */
  readonly message: (data: never) => string;
  /** The kind of each text in the finding's data, by its key. */
  readonly data?: Readonly<Record<string, DataKind>>;
}

/** Where in an event and in its source a finding stands. */
export interface FindingPlace {
  /** JSON Pointer (RFC 6901) from the event's root; a missing key stands at its parent. */
  readonly pointer?: string;
  /** The value found, as text. */
  readonly value?: string;
  /** Line and column in a decoded document, both from 1. */
  readonly at?: { readonly line: number; readonly column: number };
}

export interface Finding extends FindingPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** What the message was made of, to make it again of something else. */
  readonly data?: unknown;
}

/** What makes the findings of some rules: each with its sentence and default severity. */
export function findingOf<const Rules extends Readonly<Record<string, Rule>>>(rules: Rules) {
  return <Name extends keyof Rules & string>(
    rule: Name,
    data: Parameters<Rules[Name]["message"]>[0],
    place: FindingPlace = {},
  ): Finding => {
    const { severity, message } = rules[rule] as Rule;
    return { rule, severity, message: message(data as never), data, ...place };
  };
}

/** A sentence with the values in the places of their names, as in "{found} closes nothing". */
export function fill(sentence: string, values: Readonly<Record<string, unknown>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

/** The text, its end cut off where it is longer. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The text, cut to a length that fits a message. It is as untrusted as before. */
export function excerpt(text: string): string {
  return cut(text, 80);
}

/** The text as a message shows it: cut, in quotes. */
export function quote(text: string): string {
  return `"${excerpt(text)}"`;
}

/** "a, b and c". */
export function several(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** A length of time in the unit that tells most: "140 ms", "7.2 s", "236 days". */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
}

/** Names what stands there, for the "found" of a message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === "") return "an empty string";
  if (typeof value === "string") return `the string ${quote(value)}`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return value === null ? "null" : `the ${typeof value} ${value}`;
}

/** The place of a value; an object or array is no value to show. */
export function placeOfValue(pointer: string, value: unknown): FindingPlace {
  if (value === undefined || (typeof value === "object" && value !== null)) return { pointer };
  return { pointer, value: excerpt(String(value)) };
}
