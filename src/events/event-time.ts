import type { TwilioEvent } from "./event.ts";
import { parseRfc2822, parseRfc3339 } from "./parse-time.ts";

/** The field that an event's time was read from; the first two tell milliseconds, the others whole seconds. */
export type Clock = "data.timestamp" | "time" | "Timestamp" | "requestDateCreated" | "dateCreated";

/** When an event happened, in epoch milliseconds, and which of its fields says so. */
export interface Moment {
  readonly at: number;
  readonly clock: Clock;
}

/** The most exact of the times that the event carries; undefined when it has none that can be read. */
export function eventMoment({ kind, data, time, parameters, response }: TwilioEvent): Moment | undefined {
  return (
    moment(data?.timestamp, "data.timestamp") ??
    moment(time, "time") ??
    moment(kind === "call-event" ? parameters?.timestamp : parameters?.Timestamp, "Timestamp") ??
    moment(data?.requestDateCreated, "requestDateCreated") ??
    moment(response?.dateCreated, "dateCreated")
  );
}

/** The event's own time in epoch milliseconds. */
export function eventTime(event: TwilioEvent): number | undefined {
  return eventMoment(event)?.at;
}

/** Whether the clock tells milliseconds; RFC 2822 has whole seconds. */
export function isExact(clock: Clock): boolean {
  return clock === "data.timestamp" || clock === "time";
}

function moment(text: unknown, clock: Clock): Moment | undefined {
  if (typeof text !== "string") return undefined;
  const at = isExact(clock) ? parseRfc3339(text) : parseRfc2822(text);
  return at === undefined ? undefined : { at, clock };
}
