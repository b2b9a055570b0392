import type { TwilioEvent } from "../events/event.ts";
import { briefType } from "../events/event.ts";
import { eventTime } from "../events/event-time.ts";
import { type Filter, type FoundEvent, pass, type ReadStats, type Taken } from "../findings/select-events.ts";
import { eventText, isFormText } from "../input/event-text.ts";
import { createEventFinder, type FoundObject } from "../input/find-events.ts";
import { type ParseError, plainRecord, type ScanResult } from "../input/json-record.ts";
import { deliveryIds, fromRecord, type RecordedRequest, type WebhookRequest } from "./webhook-request.ts";

/** A request that can be delivered, and how it is named. */
export interface Delivery {
  /** When it came or, for an event alone, when that happened: epoch milliseconds. */
  readonly at: number | undefined;
  readonly request: WebhookRequest;
  /** The ids of the events in it. */
  readonly ids: readonly string[];
  /** What it tells of, as in "ringing CAe57a…". */
  readonly what: string;
  readonly bytes: number;
}

/** A line of a record, in the place of the events in it. */
export interface ReadRecord extends Taken {
  /** Undefined where only a part of the body was kept, or none. */
  readonly delivery: Delivery | undefined;
}

const JSON_TYPE = "application/json";

/** As classic webhooks have it: twilio-labs/plugin-webhook, src/utils/webhook-events/_base.js. */
const FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8";

/** An array of events is closed at this size, whatever it was to hold. */
const LARGEST_BATCH = 4 * 1024 * 1024;

/**
 * Takes the lines of a record out of what is read, byte for byte as they came. The filter is for events: a record passes
 * when one of the events in it does, and one without events when there is no filter.
 */
export function createRecordTaker(
  filter: Filter,
): (piece: ScanResult, tally: ReadStats) => readonly ReadRecord[] | undefined {
  const recordsIn = createRecordFinder(filter);
  return (piece, tally) =>
    recordsIn(piece, tally)?.map(({ request, events }) => ({ kind: "taken", delivery: ofRecord(request, events) }));
}

/** A line of a record, and those of its events that pass the filter. */
interface FoundRecord {
  readonly request: RecordedRequest;
  readonly events: readonly TwilioEvent[];
}

/** Finds the lines of a record in what is read, as `createRecordTaker` takes them; undefined for what is none. */
export function createRecordFinder(
  filter: Filter,
): (piece: ScanResult, tally: ReadStats) => readonly FoundRecord[] | undefined {
  const { limit: _, ...conditions } = filter;
  const isOpen = Object.values(conditions).every((condition) => condition === undefined);
  return (piece, tally) => {
    if (piece.kind !== "json") return undefined;
    const { value, at } = piece.document;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || fromRecord(values[0]) === undefined) return undefined;
    const taken: FoundRecord[] = [];
    for (const each of values) {
      const request = fromRecord(each);
      // A list of records and other things is no record of ours.
      if (request === undefined) return undefined;
      if (tally.passed === filter.limit) continue;
      const found: (FoundObject | ParseError)[] = [];
      const finder = createEventFinder((item) => found.push(item));
      finder.take({ kind: "json", document: plainRecord("", each, at), salvaged: false });
      finder.end();
      tally.events += found.filter(({ kind }) => kind !== "fault").length;
      const events = found.flatMap((item) =>
        item.kind === "fault" || tally.passed === filter.limit ? [] : (pass(item, filter, tally)?.event ?? []),
      );
      if (events.length === 0 && !(isOpen && found.every(({ kind }) => kind === "fault"))) continue;
      taken.push({ request, events });
    }
    return taken;
  };
}

function ofRecord(request: RecordedRequest, events: readonly TwilioEvent[]): Delivery | undefined {
  const { receivedAt, method, body, length } = request;
  // A line that was torn is kept as a record without a method.
  if (method === "" || (length !== undefined && length > body.length)) return undefined;
  return {
    at: receivedAt,
    request,
    ids: deliveryIds(request),
    what: nameOf(events, request.method),
    bytes: body.length,
  };
}

/** Makes requests of single events. */
export interface Batcher {
  /** What is complete now that the event came. */
  add(read: FoundEvent): readonly Delivery[];
  /** What is left. */
  end(): readonly Delivery[];
}

/**
 * Events as webhooks bring them: each as found, so many in a JSON array (Twilio sends an array of one), a classic
 * callback as a form. An item of the Call Events resource comes by no webhook: `onUndeliverable` is told.
 */
export function createBatcher(size: number, onUndeliverable: () => void): Batcher {
  let texts: string[] = [];
  let events: TwilioEvent[] = [];
  let length = 0;

  function close(): readonly Delivery[] {
    if (events.length === 0) return [];
    const delivery = toDelivery(Buffer.from(`[${texts.join(",")}]`), JSON_TYPE, events);
    texts = [];
    events = [];
    length = 0;
    return [delivery];
  }

  return {
    add({ found, event }) {
      if (event.kind === "call-event") {
        onUndeliverable();
        return [];
      }
      if (event.kind === "callback") return [...close(), toDelivery(formOf(found), FORM_TYPE, [event])];
      const text = eventText(found);
      texts.push(text);
      events.push(event);
      length += text.length;
      return events.length >= size || length >= LARGEST_BATCH ? close() : [];
    },
    end: close,
  };
}

/** The form as it was found, else one of the fields. */
function formOf(found: FoundObject): Buffer {
  if (isFormText(found)) return Buffer.from(found.document.text.trim());
  const fields = Object.entries(found.value).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Buffer.from(new URLSearchParams(fields).toString());
}

function toDelivery(body: Buffer, type: string, events: readonly TwilioEvent[]): Delivery {
  const at = events[0] && eventTime(events[0]);
  return {
    at,
    request: {
      receivedAt: at ?? 0,
      method: "POST",
      url: "/",
      headers: { "content-type": type, "user-agent": "twilio-events" },
      body,
    },
    ids: events.flatMap(({ id }) => id ?? []),
    what: nameOf(events, "POST"),
    bytes: body.length,
  };
}

/** The types and the call of the events, or how many there are; without any, the method. */
function nameOf(events: readonly TwilioEvent[], method: string): string {
  const [first] = events;
  if (first === undefined) return `${method} without an event`;
  if (events.length > 1) return `${events.length} events`;
  const type = briefType(first.type ?? "") || `callback ${first.status ?? ""}`.trim();
  return first.callSid === undefined ? type : `${type} ${first.callSid}`;
}
