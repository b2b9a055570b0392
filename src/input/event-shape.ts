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
