import { parse } from "./parse-json.ts";

/** A shorter list of bytes holds no event. */
const SHORTEST_BYTES = 20;

/**
 * What the object is: `certain` for an event by its words; `possible` for what names itself so but may be a wrapper
 * round the event; undefined for anything else.
 */
export function kindOf(value: Record<string, unknown>): "certain" | "possible" | "call-event" | "callback" | undefined {
  const { type } = value;
  if (typeof type === "string" && type.startsWith("com.twilio.")) {
    if (value.specversion !== undefined || value.data !== undefined) return "certain";
    return isListing(value) ? undefined : "possible";
  }
  if (value.specversion !== undefined && !isObject(value.specversion)) {
    const isEvent =
      type !== undefined || value.source !== undefined || value.id !== undefined || value.data !== undefined;
    if (isEvent) return "possible";
  }
  const { request, response } = value;
  if (isObject(request) && isObject(response) && response.response_code !== undefined) return "call-event";
  if (
    typeof value.CallSid === "string" &&
    (typeof value.CallStatus === "string" || typeof value.CallbackSource === "string")
  ) {
    return "callback";
  }
  return undefined;
}

/** An entry of the Event Streams API's lists of types and subscribed events, which describes events but is none. */
function isListing(value: Record<string, unknown>): boolean {
  return ["schema_id", "schemaId", "schema_version", "schemaVersion"].some((key) => Object.hasOwn(value, key));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** journald and Node's Buffer print bytes as a list of numbers. */
export function isByteList(value: readonly unknown[]): value is number[] {
  if (value.length < SHORTEST_BYTES || typeof value[0] !== "number") return false;
  return value.every((item) => typeof item === "number" && Number.isInteger(item) && item >= 0 && item <= 255);
}

/** The fields in which log collectors name the stream that a line came from. Add a collector's here. */
const streamFields = ["stream", "logStreamName", "container_name", "pod", "_PID", "SYSLOG_IDENTIFIER"] as const;

export function streamOf(value: Record<string, unknown>): string | undefined {
  for (const field of streamFields) {
    const name = value[field];
    if (typeof name === "string") return name;
  }
  return undefined;
}

/** The context attributes of CloudEvents 1.0 that have a header of their own in binary mode. */
const attributes = ["specversion", "type", "source", "id", "time", "subject", "dataschema"] as const;

/**
 * The CloudEvent that a recorded HTTP request carries in binary mode: its attributes in `ce-` headers, its data as the
 * body (CloudEvents HTTP Protocol Binding 1.0.2 section 3.1). Undefined where the object is no such request.
 */
export function binaryEvent(value: Record<string, unknown>): Record<string, unknown> | undefined {
  const headers = namesLowered(value.headers);
  if (headers === undefined || headers.get("ce-specversion") === undefined) return undefined;
  const event: Record<string, unknown> = {};
  for (const name of attributes) {
    const text = headers.get(`ce-${name}`);
    if (text !== undefined) event[name] = decoded(text);
  }
  const contentType = headers.get("content-type");
  if (contentType !== undefined) event.datacontenttype = contentType;
  const body = bodyOf(value);
  if (body !== undefined && body !== "") event.data = parse(body) ?? body;
  return event;
}

function namesLowered(headers: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return undefined;
  const lowered = new Map<string, string>();
  for (const [name, text] of Object.entries(headers)) {
    if (typeof text === "string") lowered.set(name.toLowerCase(), text);
  }
  return lowered;
}

function bodyOf({ body, bodyBase64, isBase64Encoded }: Record<string, unknown>): string | undefined {
  if (typeof bodyBase64 === "string") return Buffer.from(bodyBase64, "base64").toString("utf8");
  if (typeof body !== "string") return undefined;
  return isBase64Encoded === true ? Buffer.from(body, "base64").toString("utf8") : body;
}

/** Headers hold ASCII: other characters come percent-encoded (section 3.1.3.2). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
