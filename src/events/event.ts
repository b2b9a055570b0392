import { memoize } from "../input/memoize.ts";

/**
 * `event`: a CloudEvent of Event Streams. `call-event`: an item of the Call Events REST resource (snake_case, plain-text
 * body, no envelope). `callback`: a classic status callback, its form fields as a flat map.
 */
export type EventKind = "event" | "call-event" | "callback";

export type JsonObject = Readonly<Record<string, unknown>>;

/** The HTTP request that Twilio recorded. What is absent or ill-typed there is undefined here. */
interface EventRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
}

/** The answer to it. What is absent or ill-typed there is undefined here. */
interface EventResponse {
  readonly code: number | undefined;
  readonly durationMs: number | undefined;
  readonly contentType: string | undefined;
  /** As it stands: base64 in an `event`, plain text in a `call-event`. */
  readonly body: string | undefined;
  readonly dateCreated: string | undefined;
}

/** What the rest of the program reads of an event, whatever its kind. What is absent or ill-typed is undefined. */
export interface TwilioEvent {
  readonly kind: EventKind;
  /** The record as found. */
  readonly value: JsonObject;
  readonly id: string | undefined;
  readonly source: string | undefined;
  readonly type: string | undefined;
  readonly time: string | undefined;
  /** Name and version out of `dataschema`, as in "Voice.WebhookEvent/2". */
  readonly schema: string | undefined;
  readonly data: JsonObject | undefined;
  /** `data` stands as a string of JSON, as Kinesis sinks send it; it has been parsed. */
  readonly dataIsText: boolean;
  readonly callSid: string | undefined;
  /** `CallStatus`, else the status that one of the four call steps stands for. */
  readonly status: string | undefined;
  /** PascalCase keys and string values; snake_case in a `call-event`. */
  readonly parameters: JsonObject | undefined;
  readonly request: EventRequest | undefined;
  readonly response: EventResponse | undefined;
}

/** Status callback events and the CallStatus they send: twilio.com/docs/voice/api/call-resource#statuscallbackevent. */
const statusOfType: ReadonlyMap<string, string> = new Map(
  ["com.twilio.voice.status-callback.call.", "com.twilio.voice.webhook.status-callback.call."].flatMap((family) => [
    [`${family}initiated`, "initiated"],
    [`${family}ringing`, "ringing"],
    [`${family}answered`, "in-progress"],
    [`${family}completed`, "completed"],
  ]),
);

/**
 * An event type as people call it, without what all types begin with: "status-callback.call.ringing". A type that has
 * nothing behind that keeps the last word of it.
 */
export const briefType = (type: string): string => type.trim().replace(/^com\.twilio\.(?:voice\.)?(?=\S)/, "");

/**
 * The values of CallStatus in status callbacks, twilio.com/docs/voice/api/call-resource; older pages spell the last one
 * with two l.
 */
export const callStatuses: readonly string[] = [
  "queued",
  "initiated",
  "ringing",
  "in-progress",
  "completed",
  "busy",
  "failed",
  "no-answer",
  "canceled",
  "cancelled",
];

/**
 * Reads a found record as an event of its kind. Reads only: reports nothing, invents nothing, and takes the record of a
 * million others in its stride, so nothing is copied.
 */
export function readEvent(value: JsonObject, kind: EventKind): TwilioEvent {
  if (kind === "event") return readCloudEvent(value);
  return kind === "call-event" ? readCallEvent(value) : readCallback(value);
}

function readCloudEvent(value: JsonObject): TwilioEvent {
  const type = text(value.type);
  const dataIsText = typeof value.data === "string";
  const data = object(typeof value.data === "string" ? parsed(value.data) : value.data);
  const request = object(data?.request);
  const response = object(data?.response);
  const parameters = object(request?.parameters);
  return {
    kind: "event",
    value,
    id: text(value.id),
    source: text(value.source),
    type,
    time: text(value.time),
    schema: typeof value.dataschema === "string" ? schemaName(value.dataschema) : undefined,
    data,
    dataIsText,
    callSid: callSidOf(data, parameters),
    status: text(parameters?.CallStatus) ?? (type === undefined ? undefined : statusOfType.get(type)),
    parameters,
    request: request && { method: text(request.method), url: text(request.url) },
    response: response && {
      code: number(response.responseCode),
      durationMs: number(response.requestDuration),
      contentType: text(response.contentType),
      body: text(response.responseBody),
      dateCreated: text(response.dateCreated),
    },
  };
}

/** What only CloudEvents have. */
const noEnvelope = {
  id: undefined,
  source: undefined,
  type: undefined,
  time: undefined,
  schema: undefined,
  data: undefined,
  dataIsText: false,
} as const;

function readCallEvent(value: JsonObject): TwilioEvent {
  const request = object(value.request);
  const response = object(value.response);
  const parameters = object(request?.parameters);
  const url = text(request?.url);
  return {
    kind: "call-event",
    value,
    ...noEnvelope,
    callSid:
      text(parameters?.call_sid) ??
      (url === undefined ? undefined : callSidInUrl(url)) ??
      createdCallSid(url, response),
    status: text(parameters?.call_status),
    parameters,
    request: request && { method: text(request.method), url },
    response: response && {
      code: number(response.response_code),
      durationMs: number(response.request_duration),
      contentType: text(response.content_type),
      body: text(response.response_body),
      dateCreated: text(response.date_created),
    },
  };
}

function readCallback(value: JsonObject): TwilioEvent {
  return {
    kind: "callback",
    value,
    ...noEnvelope,
    callSid: text(value.CallSid),
    status: text(value.CallStatus),
    parameters: value,
    request: undefined,
    response: undefined,
  };
}

/** `data.sid` is the call's in voice events; other families keep it in `call_sid` or, error logs, in `correlation_sid`. */
function callSidOf(data: JsonObject | undefined, parameters: JsonObject | undefined): string | undefined {
  if (data === undefined) return undefined;
  return (
    startingWithCA(data.sid) ??
    text(parameters?.CallSid) ??
    startingWithCA(data.call_sid) ??
    startingWithCA(data.correlation_sid)
  );
}

function startingWithCA(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith("CA") ? value : undefined;
}

/** The call in "…/Calls/CA….json", the one place where a REST item names it when its parameters do not; of a pseudonym too. */
function callSidInUrl(url: string): string | undefined {
  const start = url.indexOf("/Calls/CA") + 7;
  if (start < 7) return undefined;
  let end = start;
  while (end < url.length && isWordCharacter(url.charCodeAt(end))) end++;
  return url.slice(start, end);
}

/** The call that a request to ".../Calls.json" made: its SID stands in the answer alone. */
function createdCallSid(url: string | undefined, response: JsonObject | undefined): string | undefined {
  const body = url?.endsWith("/Calls.json") ? text(response?.response_body) : undefined;
  return body === undefined ? undefined : /"sid":\s*"(CA\w+)"/.exec(body)?.[1];
}

function isWordCharacter(code: number): boolean {
  return code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

/**
 * "https://events-schemas.twilio.com/Voice.WebhookEvent/2" names "Voice.WebhookEvent/2"; so does the form with ".json" at
 * the end, and ".../Schemas/Voice.WebhookEvent/Versions/2" of the Event Streams API.
 */
const schemaName = memoize((dataschema: string): string => {
  const path = dataschema
    .split(/[?#]/, 1)
    .join("")
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
  const parts = path
    .replace(/\.json$/i, "")
    .split("/")
    .filter((part) => part !== "" && part !== "Versions");
  return parts.slice(-2).join("/");
});

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function object(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A number; what no JSON can write, as 1e999 becomes when it is parsed, is none. */
function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
