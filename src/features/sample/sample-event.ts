import { eventTypes } from "../../events/catalog.ts";
import { type Happening, type Reply, rfc2822 } from "./call-builder.ts";

/** Which types tell of the steps of a call: the current ones, the deprecated ones, or both. */
export type Family = "current" | "deprecated" | "both";

export type SchemaVersion = "1" | "2";

/** A CloudEvent of Event Streams, as JSON.stringify takes it. */
export type SampledEvent = ReturnType<typeof toEvent>;

const deprecated: ReadonlyMap<string, string> = new Map(
  eventTypes.flatMap(({ type, replacement }) => (replacement === undefined ? [] : [[replacement, type]])),
);

/** The name that the type had before it was renamed; undefined for most, which never were. */
export const deprecatedType = (type: string): string | undefined => deprecated.get(type);

/**
 * What happened as an event under the given type and id. The envelope is as in the sample of the documentation, with the
 * `time` that real events have: twilio.com/docs/events/event-types/voice/status-callback.
 */
export function toEvent(
  { leg, at, url, parameters, reply }: Happening,
  type: string,
  id: string,
  schema: SchemaVersion,
) {
  const time = new Date(at).toISOString();
  return {
    specversion: "1.0",
    type,
    source: `/2010-04-01/Accounts/${leg.account}/Calls/${leg.sid}`,
    id,
    dataschema: `https://events-schemas.twilio.com/Voice.WebhookEvent/${schema}`,
    datacontenttype: "application/json",
    time,
    data: {
      sid: leg.sid,
      requestDateCreated: rfc2822(at),
      timestamp: time,
      eventSid: id,
      request: { method: "POST", url, parameters },
      ...(reply !== undefined && { response: toResponse(reply, at) }),
    },
  } as const;
}

function toResponse({ code, durationMs, contentType, body }: Reply, at: number) {
  return {
    responseCode: code,
    requestDuration: durationMs,
    contentType,
    responseBody: Buffer.from(body).toString("base64"),
    dateCreated: rfc2822(at + durationMs),
  } as const;
}
