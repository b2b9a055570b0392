import { findNearest } from "../findings/suggest.ts";
import { memoize } from "../input/memoize.ts";

/** Lifecycle of a type, in the words of the Event Types resource. */
const statuses = ["available", "deprecated", "restricted", "discontinued"] as const;
type TypeStatus = (typeof statuses)[number];

type Sink = "webhook" | "kinesis" | "segment";

export interface EventType {
  readonly type: string;
  readonly label: string;
  readonly status: TypeStatus;
  /** The type to subscribe to instead. */
  readonly replacement?: string;
  /** Sinks that the documentation names for it; absent where it names none. */
  readonly sinks?: readonly Sink[];
  /** Family of its schema, as in "Voice.WebhookEvent"; absent where it is not documented. */
  readonly schema?: string;
}

/** Event types by name, and the nearest name for one that is not there. */
export interface Catalog {
  readonly types: ReadonlyMap<string, EventType>;
  readonly suggest: (type: string) => string | undefined;
}

const WEBHOOK_EVENT = "Voice.WebhookEvent";
const two: readonly Sink[] = ["webhook", "kinesis"];
const three: readonly Sink[] = ["webhook", "kinesis", "segment"];

/** Add an event type here. From the event type pages of twilio.com/docs/events and a listing of the Types resource. */
export const eventTypes: readonly EventType[] = [
  voice("status-callback.call.initiated", "Call initiated", three),
  voice("status-callback.call.ringing", "Call ringing", three),
  voice("status-callback.call.answered", "Call answered", three),
  voice("status-callback.call.completed", "Call completed", three),
  renamed("webhook.status-callback.call.initiated", "Call initiated (old name)"),
  renamed("webhook.status-callback.call.ringing", "Call ringing (old name)"),
  renamed("webhook.status-callback.call.answered", "Call answered (old name)"),
  renamed("webhook.status-callback.call.completed", "Call completed (old name)"),
  voice("status-callback.amd.detected", "Answering machine detected", two),
  voice("status-callback.announcement.processed", "Announcement processed", two),
  voice("status-callback.conference.updated", "Conference updated", two),
  voice("status-callback.conference.participant.updated", "Conference participant updated", two),
  voice("status-callback.conference-participant.updated", "Conference participant updated (other spelling)", two),
  voice("status-callback.gather.partial.captured", "Gather partial result captured", two),
  voice("status-callback.recording.processed", "Recording processed", two),
  voice("status-callback.stream.updated", "Stream updated", two),
  voice("status-callback.transcription.processed", "Transcription processed", two),
  voice("api-request.call.created", "Call created through the API", two),
  voice("api-request.call.modified", "Call modified through the API", two),
  voice("api-request.conference.modified", "Conference modified through the API", two),
  voice("api-request.conference-participant.created", "Participant created through the API", two),
  voice("api-request.conference-participant.modified", "Participant modified through the API", two),
  voice("api-request.conference-participant.deleted", "Participant deleted through the API", two),
  voice("twiml.call.requested", "TwiML requested for a call"),
  voice("twiml.requested", "TwiML requested (as documented)"),
  voice("twiml.call.redirected", "Call redirected", three),
  voice("twiml.call.transferred", "Call transferred", three),
  voice("twiml.dial.finished", "Dial finished"),
  voice("twiml.enqueue.finished", "Enqueue finished"),
  voice("twiml.gather.finished", "Gather finished"),
  voice("twiml.record.finished", "Record finished"),
  voice("twiml.request.failed", "TwiML request failed"),
  voice("media.fetched", "Media fetched"),
  insights("call-summary.partial", "Call summary, partial", "VoiceInsights.CallSummary"),
  insights("call-summary.predicted-complete", "Call summary, predicted complete", "VoiceInsights.CallSummary"),
  insights("call-summary.complete", "Call summary, complete", "VoiceInsights.CallSummary"),
  insights("call-event.gateway", "Call event at the gateway"),
  insights("call-event.sdk", "Call event in the SDK"),
  insights("call-metrics.gateway", "Call metrics at the gateway"),
  insights("call-metrics.sdk", "Call metrics in the SDK"),
  insights("conference-summary.partial", "Conference summary, partial"),
  insights("conference-summary.complete", "Conference summary, complete"),
  insights("conference-participant-summary.complete", "Conference participant summary, complete"),
  related("error-logs.error.logged", "Error or warning of the Debugger", "ErrorLogs.Error"),
  related("eventstreams.test-event", "Test of a sink", "EventStreams.TestSink"),
];

/**
 * The built-in catalogue with fresh entries taken in: they decide on status and schema, a known type keeps its label, its
 * sinks and its replacement.
 */
export function createCatalog(fresh: readonly EventType[] = []): Catalog {
  const types = new Map(eventTypes.map((entry) => [entry.type, entry]));
  for (const entry of fresh) {
    const known = types.get(entry.type);
    types.set(entry.type, known === undefined ? entry : { ...known, ...entry, label: known.label });
  }
  return { types, suggest: memoize((type) => findNearest(type, types.keys())) };
}

/**
 * Reads the catalogue of an account: the JSON of GET https://events.twilio.com/v1/Types, or what
 * `twilio api:events:v1:types:list -o json` prints (an array, its keys in camelCase). Throws an Error that says what is
 * wrong with it.
 */
export function parseTypes(json: unknown): readonly EventType[] {
  const list = isRecord(json) ? json.types : json;
  if (!Array.isArray(list)) throw new Error("expected the JSON of GET https://events.twilio.com/v1/Types");
  return list.map((item: unknown, index) => parseType(item, index));
}

function parseType(item: unknown, index: number): EventType {
  if (!isRecord(item) || typeof item.type !== "string") throw new Error(`type ${index + 1} of the list has no "type"`);
  const { type, description } = item;
  const status = statuses.find((known) => known === item.status);
  if (status === undefined) throw new Error(`the status of ${type} is none of ${statuses.join(", ")}`);
  const schema = item.schema_id ?? item.schemaId;
  const label = typeof description === "string" && description !== "" ? description : type;
  return { type, label, status, ...(typeof schema === "string" && { schema }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function voice(name: string, label: string, sinks?: readonly Sink[]): EventType {
  const type = `com.twilio.voice.${name}`;
  return { type, label, status: "available", ...(sinks && { sinks }), schema: WEBHOOK_EVENT };
}

/** Renamed on 28 February 2024: twilio.com/en-us/changelog/voice-status-callback-event-renamed-in-event-streams. */
function renamed(name: string, label: string): EventType {
  const replacement = `com.twilio.voice.${name.replace("webhook.", "")}`;
  return { ...voice(name, label, two), status: "deprecated", replacement };
}

function insights(name: string, label: string, schema?: string): EventType {
  return { type: `com.twilio.voice.insights.${name}`, label, status: "available", ...(schema && { schema }) };
}

function related(name: string, label: string, schema: string): EventType {
  return { type: `com.twilio.${name}`, label, status: "available", schema };
}
