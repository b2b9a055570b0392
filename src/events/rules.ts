import { duration, excerpt, findingOf, quote, type Rule } from "../findings/finding.ts";

/** A fault of a CloudEvents attribute; `found` names what stands there instead. */
export type EnvelopeProblem =
  | { readonly fault: "missing"; readonly attribute: string }
  | { readonly fault: "value"; readonly attribute: string; readonly expected: string; readonly found: string };

/** A fault of a value against a JSON Schema, named as in "Voice.WebhookEvent/2". */
export type SchemaProblem =
  | { readonly fault: "missing"; readonly schema: string; readonly key: string }
  | { readonly fault: "value"; readonly schema: string; readonly expected: string; readonly found: string }
  | { readonly fault: "other"; readonly schema: string; readonly problem: string };

/** Why `dataschema` does not settle the schema; `judgedBy` is the one taken instead. */
export type UnknownSchema = { readonly judgedBy: string | undefined } & (
  | { readonly fault: "missing" }
  | { readonly fault: "ill-typed" | "unbundled"; readonly found: string }
  | { readonly fault: "misfit"; readonly found: string; readonly type: string; readonly family: string }
);

/** What keeps a text from being a SID: two letters and 32 hex digits. */
export type SidProblem =
  | { readonly fault: "prefix"; readonly expected: string; readonly found: string }
  | { readonly fault: "length"; readonly length: number }
  | { readonly fault: "character"; readonly character: string; readonly index: number };

export type TimeProblem =
  | { readonly fault: "format"; readonly standard: string; readonly example: string; readonly found: string }
  | { readonly fault: "weekday"; readonly found: string; readonly weekday: string };

interface Lifecycle {
  readonly type: string;
  readonly replacement: string | undefined;
}

/** Add a rule about an event here, report it with `eventFinding`, and add two samples named after it to samples/broken. */
export const eventRules = {
  "json-syntax": {
    category: "event",
    severity: "error",
    summary: "looks like an event but is not JSON",
    help: "The text holds an event's words but breaks the JSON grammar, so nothing can be read from it. Print events with JSON.stringify, not console.log, and give the whole record.",
    message: (data: { readonly problem: string }) => data.problem,
    data: { problem: "own" },
  },
  "json-encoding": {
    category: "event",
    severity: "warning",
    summary: "not UTF-8 as it stands (UTF-16, a wrong byte)",
    help: "JSON is UTF-8 (RFC 8259, section 8.1). PowerShell 5 writes UTF-16 with `>`, and a log cut in the middle of a character leaves a wrong byte behind. The text was decoded as the message says; save it as UTF-8 to be sure of every character.",
    message: (data: { readonly problem: string }) => data.problem,
    data: { problem: "own" },
  },
  "json-duplicate-key": {
    category: "event",
    severity: "warning",
    summary: "a key stands twice; the last one counts",
    help: "JSON leaves open what a key that stands twice means (RFC 8259, section 4), and parsers differ. Here, as in JavaScript, the last one counts. Whatever wrote the record merged two objects as text; write it with a JSON library.",
    message: (data: { readonly key: string; readonly count: number }) =>
      `key ${quote(data.key)} stands ${data.count === 2 ? "twice" : `${data.count} times`}; the last one counts`,
    data: { key: "key" },
  },
  envelope: {
    category: "event",
    severity: "error",
    summary: "a required CloudEvents 1.0 attribute is missing or ill-typed",
    help: 'Every Event Streams event is a CloudEvent: specversion is "1.0", and id, source and type are texts that are not empty. A consumer tells duplicates by the id and routes by the type, so an event without them cannot be handled. Something between Twilio and this record has dropped or rewritten the attribute; log the request body as it arrives.',
    message: (data: EnvelopeProblem) =>
      data.fault === "missing"
        ? `${data.attribute} is missing; CloudEvents 1.0 requires it`
        : `${data.attribute} must be ${data.expected}, found ${data.found}`,
    data: { fault: "own", attribute: "key", expected: "own", found: "found" },
  },
  "envelope-content-type": {
    category: "event",
    severity: "warning",
    summary: "datacontenttype is not a media type",
    help: "CloudEvents defines datacontenttype as the media type of data; for Event Streams that is application/json. The example in Twilio's documentation has a timestamp there, most likely meant for the attribute time. A strict CloudEvents library may refuse such an event, so take the example with application/json in its place.",
    message: (data: { readonly found: string; readonly isTime: boolean }) =>
      data.isTime
        ? `datacontenttype is a timestamp, ${data.found}, as in Twilio's published example; expected a media type: application/json`
        : `datacontenttype must be a media type such as application/json, found ${data.found}`,
    data: { found: "found" },
  },
  schema: {
    category: "event",
    severity: "error",
    summary: "data breaks the schema version it names",
    help: "The data lacks a field that the schema requires, or a field has another type. Each fault is one finding, at its JSON Pointer; a missing key stands at its parent. If Twilio sent it like this the schema has moved on: give the new one with --schemas. If not, something on the way has rewritten the event.",
    message: (data: SchemaProblem) => {
      if (data.fault === "missing") return `${data.schema} requires ${quote(data.key)} here; it is missing`;
      if (data.fault === "other") return `${data.schema}: ${data.problem}`;
      return `${data.schema} expects ${data.expected}, found ${data.found}`;
    },
    data: { fault: "own", schema: "own", key: "key", expected: "own", found: "found", problem: "own" },
  },
  "schema-unknown": {
    category: "event",
    severity: "warning",
    summary: "dataschema is missing or names no bundled schema",
    help: "The attribute dataschema says which schema and version data adheres to, as in https://events-schemas.twilio.com/Voice.WebhookEvent/2. Where it says nothing usable, voice events are judged by the latest bundled version and others are not judged. Give a newer or another schema with --schemas DIR, as DIR/Voice.WebhookEvent/3.json.",
    message: (data: UnknownSchema) =>
      `${unknownSchema(data)}; data was ${data.judgedBy === undefined ? "not judged" : `judged by ${data.judgedBy}`}`,
    data: { fault: "own", judgedBy: "mark", found: "mark", type: "type", family: "own" },
  },
  "type-unknown": {
    category: "event",
    severity: "warning",
    summary: "the type is not in the catalogue",
    help: "No event type of this name is known, so a handler that compares types will not meet it. Look for a slip of the pen, or take the types of your account into the catalogue: save the JSON of GET https://events.twilio.com/v1/Types and give it with --types FILE. `twilio-events types` lists the catalogue.",
    message: (data: { readonly type: string; readonly nearest: string | undefined }) =>
      data.nearest === undefined
        ? `${quote(data.type)} is not in the catalogue of event types; refresh it with --types if it is new`
        : `${quote(data.type)} is not in the catalogue of event types; did you mean ${data.nearest}?`,
    data: { type: "type", nearest: "own" },
  },
  "type-deprecated": {
    category: "event",
    severity: "warning",
    summary: "the type is deprecated",
    help: "Twilio has renamed or retired this type: subscriptions to it are still accepted but may stop firing. On 28 February 2024 com.twilio.voice.webhook.status-callback became com.twilio.voice.status-callback. Subscribe to the replacement, let your handler take both for a while, then drop the old one.",
    message: (data: Lifecycle) => lifecycle(data, "deprecated"),
    data: { type: "type", replacement: "type" },
  },
  "type-restricted": {
    category: "event",
    severity: "warning",
    summary: "the type is restricted",
    help: "The Types resource gives this type the status restricted, so it may not be open to every account. The event itself is sound. Ask Twilio whether your account keeps it before you build on it.",
    message: (data: Lifecycle) => lifecycle(data, "restricted"),
    data: { type: "type", replacement: "type" },
  },
  "type-discontinued": {
    category: "event",
    severity: "error",
    summary: "the type is discontinued",
    help: 'Twilio no longer sends this type and rejects subscriptions to it with "Type is discontinued". A record of it is old, or made up. Subscribe to the replacement.',
    message: (data: Lifecycle) => lifecycle(data, "discontinued"),
    data: { type: "type", replacement: "type" },
  },
  "sid-format": {
    category: "event",
    severity: "info",
    summary: "not two letters and 32 hex digits",
    help: "A Twilio SID has 34 characters: two capital letters that name the resource, and 32 hexadecimal digits. The SIDs in Twilio's published examples are shorter, and masked ones in logs hold an x; both are harmless in a sample. In a real event a broken SID finds no call in the API.",
    message: (data: SidProblem) => {
      if (data.fault === "length") return `a SID has 34 characters, found ${data.length}`;
      if (data.fault === "prefix")
        return `expected a SID that begins with ${data.expected}, found ${quote(data.found)}`;
      return `expected a hex digit, found ${quote(data.character)} at character ${data.index + 1} of the SID`;
    },
    data: { fault: "own", expected: "own", found: "sid", character: "mark" },
  },
  "time-format": {
    category: "event",
    severity: "warning",
    summary: "not RFC 3339 or RFC 2822 where one is expected",
    help: "The attribute time and data.timestamp are in RFC 3339 (2025-01-01T00:00:00.000Z), the other times in RFC 2822 (Sun, 24 Aug 2025 13:49:54 +0000). A time in another form is read differently by each language, or not at all, and the event cannot be put in order by it. Find what has reformatted it on the way.",
    message: (data: TimeProblem) =>
      data.fault === "weekday"
        ? `the weekday of ${quote(data.found)} ought to be ${data.weekday}`
        : `expected a time in ${data.standard} such as ${data.example}, found ${data.found}`,
    data: { fault: "own", standard: "own", example: "own", found: "found", weekday: "own" },
  },
  "time-skew": {
    category: "event",
    severity: "info",
    summary: "the event's times are more than an hour apart",
    help: "The times in one event tell of the same moment: when it happened, when Twilio asked your server, when that answered. More than an hour between them means an edited sample or a rewritten record. Twilio's published example has eight months.",
    message: (data: { readonly earliest: string; readonly latest: string; readonly apartMs: number }) =>
      `${data.earliest} and ${data.latest} are ${duration(data.apartMs)} apart; times of one event lie within an hour`,
    data: { earliest: "own", latest: "own" },
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Rules about the response that an event tells of. */
export const responseRules = {
  "response-failed": {
    category: "response",
    severity: "warning",
    summary: "the server answered with 400 or more",
    help: "The event is sound: it tells of an answer that failed. When your server answers a webhook with 4xx or 5xx, Twilio's Debugger shows 11200 (HTTP retrieval failure) or 11217. Look in your server's log at the time of the request.",
    message: (data: { readonly code: number; readonly by: "server" | "twilio" }) =>
      data.by === "twilio"
        ? `Twilio's API answered ${data.code}: the request was refused`
        : `your server answered ${data.code}; Twilio's Debugger shows that as error 11200 or 11217`,
    data: { by: "own" },
  },
  "response-slow": {
    category: "response",
    severity: "warning",
    summary: "the server took long to answer",
    help: "Twilio waits at most 15 seconds for a voice webhook, then gives up with error 11200. Answer at once and do the work afterwards. The limit above which this is reported is set with --slow.",
    message: (data: { readonly durationMs: number; readonly slowMs: number }) =>
      data.durationMs >= 15_000
        ? `the answer took ${duration(data.durationMs)}; Twilio gives up after 15 s`
        : `the answer took ${duration(data.durationMs)}, more than ${duration(data.slowMs)}; Twilio gives up after 15 s`,
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A finding about an event, with its sentence and default severity. */
export const eventFinding = findingOf({ ...eventRules, ...responseRules });

function unknownSchema(data: UnknownSchema): string {
  switch (data.fault) {
    case "missing":
      return "dataschema is missing";
    case "ill-typed":
      return `dataschema must be a URI such as https://events-schemas.twilio.com/Voice.WebhookEvent/2, found ${data.found}`;
    case "unbundled":
      return `dataschema names ${quote(data.found)}, which is not bundled`;
    case "misfit":
      return `dataschema names ${quote(data.found)}, but ${quote(data.type)} carries ${data.family}`;
  }
}

function lifecycle({ type, replacement }: Lifecycle, status: string): string {
  const advice = replacement === undefined ? "" : `; subscribe to ${excerpt(replacement)} instead`;
  return `${excerpt(type)} is ${status}${advice}`;
}
