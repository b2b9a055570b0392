import type { TwilioEvent } from "../../events/event.ts";
import { briefType } from "../../events/event.ts";
import { eventTime } from "../../events/event-time.ts";
import type { FoundEvent } from "../../findings/select-events.ts";
import { eventText, isFormText } from "../../input/event-text.ts";
import type { FoundObject } from "../../input/find-events.ts";
import type { ParseError } from "../../input/json-record.ts";
import type { FoundRecord } from "../../webhook/record-reader.ts";
import { deliveryIds, type WebhookRequest } from "../../webhook/webhook-request.ts";

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

const JSON_TYPE = "application/json";

/** As classic webhooks have it: twilio-labs/plugin-webhook, src/utils/webhook-events/_base.js. */
const FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8";

/** An array of events is closed at this size, whatever it was to hold. */
const MAX_BATCH_LENGTH = 4 * 1024 * 1024;

/**
 * Records as they came, and events as webhooks bring them: each as found, so many in a JSON array (Twilio sends an array of
 * one), a classic callback as a form. `onUndeliverable` is told of what no webhook brings: an item of the Call Events
 * resource, and a record that holds only a part of a body, or none.
 */
export async function* toDeliveries(
  batches: AsyncIterable<readonly (FoundEvent | FoundRecord | ParseError)[]>,
  size: number,
  onUndeliverable: () => void,
): AsyncGenerator<Delivery> {
  let texts: string[] = [];
  let events: TwilioEvent[] = [];
  let length = 0;

  function* closeArray(): Generator<Delivery> {
    if (events.length === 0) return;
    yield eventDelivery(Buffer.from(`[${texts.join(",")}]`), JSON_TYPE, events);
    texts = [];
    events = [];
    length = 0;
  }

  function* deliveriesOf(item: FoundEvent | FoundRecord): Generator<Delivery> {
    if (item.kind === "taken") {
      yield* closeArray();
      if (isWhole(item))
        yield toDelivery(item.request.receivedAt, item.request, deliveryIds(item.request), item.events);
      else onUndeliverable();
    } else if (item.event.kind === "call-event") onUndeliverable();
    else if (item.event.kind === "callback") {
      yield* closeArray();
      yield eventDelivery(formBody(item.found), FORM_TYPE, [item.event]);
    } else {
      const text = eventText(item.found);
      texts.push(text);
      events.push(item.event);
      length += text.length;
      if (events.length >= size || length >= MAX_BATCH_LENGTH) yield* closeArray();
    }
  }

  for await (const items of batches) {
    for (const item of items) if (item.kind !== "fault") yield* deliveriesOf(item);
  }
  yield* closeArray();
}

/** Whether all of the body was recorded. A line that was torn is kept as a record without a method. */
const isWhole = ({ request: { method, body, length = 0 } }: FoundRecord): boolean =>
  method !== "" && length <= body.length;

/** The form as it was found, else one of the fields. */
function formBody(found: FoundObject): Buffer {
  if (isFormText(found)) return Buffer.from(found.document.text.trim());
  const fields = Object.entries(found.value).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Buffer.from(new URLSearchParams(fields).toString());
}

function eventDelivery(body: Buffer, type: string, events: readonly TwilioEvent[]): Delivery {
  const at = events[0] && eventTime(events[0]);
  const headers = { "content-type": type, "user-agent": "twilio-events" };
  const ids = events.flatMap(({ id }) => id ?? []);
  return toDelivery(at, { receivedAt: at ?? 0, method: "POST", url: "/", headers, body }, ids, events);
}

function toDelivery(
  at: number | undefined,
  request: WebhookRequest,
  ids: readonly string[],
  events: readonly TwilioEvent[],
): Delivery {
  return { at, request, ids, what: nameOf(events, request.method), bytes: request.body.length };
}

/** The types and the call of the events, or how many there are; without any, the method. */
function nameOf(events: readonly TwilioEvent[], method: string): string {
  const [first] = events;
  if (first === undefined) return `${method} without an event`;
  if (events.length > 1) return `${events.length} events`;
  const type = briefType(first.type ?? "") || `callback ${first.status ?? ""}`.trim();
  return first.callSid === undefined ? type : `${type} ${first.callSid}`;
}
