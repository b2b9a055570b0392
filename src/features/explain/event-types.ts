import { type EventType, eventTypes } from "../../events/catalog.ts";
import families from "./event-families.json" with { type: "json" };
import lifecycles from "./lifecycles.json" with { type: "json" };
import { type Fact, type Page, page } from "./page.ts";

/** A page for each event type of the catalogue, which its short forms find too. What it is about is by its family: how the type begins. */
export function typePages(): readonly Page[] {
  return eventTypes.map((type) => {
    const family = families.find(({ start }) => type.type.startsWith(`com.twilio.${start}`));
    return page({ name: type.type, says: says(type), facts: factsOf(type), ...family });
  });
}

/** A page for each status that an event type can have: the values of the Types resource, events.twilio.com/v1/Types. */
export function lifecyclePages(): readonly Page[] {
  return lifecycles.map((row) => {
    const types = eventTypes.filter(({ status }) => status === row.name).map(({ type }) => type);
    const shown =
      row.name === "available" ? `${types.length} of ${eventTypes.length} in the catalogue` : types.join(", ");
    return page({ ...row, facts: [["types", shown === "" ? "none in the catalogue" : shown]] });
  });
}

function says({ label, status, replacement }: EventType): string {
  if (replacement !== undefined) return `${label}: ${status}, subscribe to ${replacement}`;
  return status === "available" ? label : `${label}: ${status}`;
}

/** The CallStatus of the four steps: twilio.com/docs/voice/api/call-resource#statuscallbackevent. */
const statusOfStep: ReadonlyMap<string, string> = new Map([
  ["initiated", "initiated"],
  ["ringing", "ringing"],
  ["answered", "in-progress"],
  ["completed", "completed, busy, failed, no-answer or canceled"],
]);

function factsOf({ type, status, sinks, schema, replacement }: EventType): readonly Fact[] {
  const facts: Fact[] = [["status", status]];
  const formerly = eventTypes.find((other) => other.replacement === type);
  const step = /status-callback\.call\.(\w+)$/.exec(type)?.[1];
  const sent = step === undefined ? undefined : statusOfStep.get(step);
  if (replacement !== undefined) facts.push(["replacement", replacement]);
  if (formerly !== undefined) facts.push(["formerly", formerly.type]);
  if (sent !== undefined) facts.push(["CallStatus", sent]);
  if (sinks !== undefined) facts.push(["sinks", sinks.join(", ")]);
  if (schema !== undefined) facts.push(["schema", schema]);
  return facts;
}
