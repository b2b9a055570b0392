import { type Finding, finding, type TimeFault } from "../rules.ts";
import { describe, placeOf } from "./describe.ts";
import type { EventKind, TwilioEvent } from "./event.ts";
import { parseRfc2822, parseRfc3339, rightWeekday } from "./time.ts";

interface TimeStandard {
  readonly name: string;
  readonly example: string;
  readonly parse: (text: string) => number | undefined;
}

interface TimeField {
  readonly pointer: string;
  readonly standard: TimeStandard;
  readonly read: (event: TwilioEvent) => unknown;
}

const HOUR_MS = 3_600_000;

const rfc3339: TimeStandard = { name: "RFC 3339", example: "2025-01-01T00:00:00.000Z", parse: parseRfc3339 };
const rfc2822: TimeStandard = { name: "RFC 2822", example: "Sun, 24 Aug 2025 13:49:54 +0000", parse: parseRfc2822 };

const fields: Readonly<Record<EventKind, readonly TimeField[]>> = {
  event: [
    { pointer: "/time", standard: rfc3339, read: (event) => event.value.time },
    { pointer: "/data/timestamp", standard: rfc3339, read: (event) => event.data?.timestamp },
    { pointer: "/data/requestDateCreated", standard: rfc2822, read: (event) => event.data?.requestDateCreated },
    { pointer: "/data/request/parameters/Timestamp", standard: rfc2822, read: (event) => event.parameters?.Timestamp },
    { pointer: "/data/response/dateCreated", standard: rfc2822, read: (event) => event.response?.dateCreated },
  ],
  "call-event": [
    { pointer: "/request/parameters/timestamp", standard: rfc2822, read: (event) => event.parameters?.timestamp },
    { pointer: "/response/date_created", standard: rfc2822, read: (event) => event.response?.dateCreated },
  ],
  callback: [{ pointer: "/Timestamp", standard: rfc2822, read: (event) => event.parameters?.Timestamp }],
};

/** Reports time-format, and time-skew when the event's times lie more than an hour apart. */
export function checkTimes(event: TwilioEvent, findings: Finding[]): void {
  let earliest: TimeField | undefined;
  let latest: TimeField | undefined;
  let start = 0;
  let end = 0;
  let previous: unknown;
  let standard: TimeStandard | undefined;
  for (const field of fields[event.kind]) {
    const text = field.read(event);
    if (text === undefined || text === null) continue;
    // One moment often stands in several fields, to the letter.
    if (text === previous && field.standard === standard) continue;
    const time = typeof text === "string" ? field.standard.parse(text) : undefined;
    if (time === undefined) {
      reportFormat(field, text, findings);
      continue;
    }
    previous = text;
    standard = field.standard;
    if (earliest === undefined || time < start) {
      earliest = field;
      start = time;
    }
    if (latest === undefined || time > end) {
      latest = field;
      end = time;
    }
  }
  if (end - start > HOUR_MS && earliest !== undefined && latest !== undefined) {
    const data = { earliest: nameOf(earliest), latest: nameOf(latest), apartMs: end - start };
    findings.push(finding("time-skew", data, { pointer: latest.pointer }));
  }
}

/** What is no string in `data` breaks the schema, which says so already. */
function reportFormat({ pointer, standard }: TimeField, value: unknown, findings: Finding[]): void {
  if (typeof value !== "string" && pointer.startsWith("/data/") && !pointer.endsWith("/Timestamp")) return;
  const weekday = typeof value === "string" ? rightWeekday(value) : undefined;
  const data: TimeFault =
    weekday === undefined || standard !== rfc2822 || typeof value !== "string"
      ? { fault: "format", standard: standard.name, example: standard.example, found: describe(value) }
      : { fault: "weekday", found: value, weekday };
  findings.push(finding("time-format", data, placeOf(pointer, value)));
}

/** A pointer as people say it: "data.timestamp". */
function nameOf({ pointer }: TimeField): string {
  return pointer.slice(1).replaceAll("/", ".");
}
