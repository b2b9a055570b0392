import { describeValue, type Finding, placeOfValue } from "../findings/finding.ts";
import type { TwilioEvent } from "./event.ts";
import { parseRfc2822, parseRfc3339, rightWeekday } from "./event-time.ts";
import { eventFinding, type TimeProblem } from "./rules.ts";

interface TimeStandard {
  readonly name: string;
  readonly example: string;
  readonly parse: (text: string) => number | undefined;
}

/** The times of one event so far: the last that was read, and those that lie furthest apart, by their pointers. */
interface Times {
  text: unknown;
  standard: TimeStandard | undefined;
  earliest: string;
  latest: string;
  start: number;
  end: number;
}

const HOUR_MS = 3_600_000;

const rfc3339: TimeStandard = { name: "RFC 3339", example: "2025-01-01T00:00:00.000Z", parse: parseRfc3339 };
const rfc2822: TimeStandard = { name: "RFC 2822", example: "Sun, 24 Aug 2025 13:49:54 +0000", parse: parseRfc2822 };

/** Reports time-format, and time-skew when the event's times lie more than an hour apart. */
export function checkTimes(event: TwilioEvent, findings: Finding[]): void {
  const times: Times = { text: undefined, standard: undefined, earliest: "", latest: "", start: 0, end: 0 };
  const { data, parameters, response } = event;
  switch (event.kind) {
    case "event":
      checkTime("/time", rfc3339, event.value.time, times, findings);
      checkTime("/data/timestamp", rfc3339, data?.timestamp, times, findings);
      checkTime("/data/requestDateCreated", rfc2822, data?.requestDateCreated, times, findings);
      checkTime("/data/request/parameters/Timestamp", rfc2822, parameters?.Timestamp, times, findings);
      checkTime("/data/response/dateCreated", rfc2822, response?.dateCreated, times, findings);
      break;
    case "call-event":
      checkTime("/request/parameters/timestamp", rfc2822, parameters?.timestamp, times, findings);
      checkTime("/response/date_created", rfc2822, response?.dateCreated, times, findings);
      break;
    case "callback":
      checkTime("/Timestamp", rfc2822, parameters?.Timestamp, times, findings);
  }
  const { earliest, latest, start, end } = times;
  if (end - start > HOUR_MS) {
    const data = { earliest: nameOf(earliest), latest: nameOf(latest), apartMs: end - start };
    findings.push(eventFinding("time-skew", data, { pointer: latest }));
  }
}

function checkTime(pointer: string, standard: TimeStandard, text: unknown, times: Times, findings: Finding[]): void {
  if (text === undefined || text === null) return;
  // One moment often stands in several fields, to the letter.
  if (text === times.text && standard === times.standard) return;
  const time = typeof text === "string" ? standard.parse(text) : undefined;
  if (time === undefined) return reportFormat(pointer, standard, text, findings);
  times.text = text;
  times.standard = standard;
  if (times.earliest === "" || time < times.start) {
    times.earliest = pointer;
    times.start = time;
  }
  if (times.latest === "" || time > times.end) {
    times.latest = pointer;
    times.end = time;
  }
}

/** What is no string in `data` breaks the schema, which says so already. */
function reportFormat(pointer: string, standard: TimeStandard, value: unknown, findings: Finding[]): void {
  if (typeof value !== "string" && pointer.startsWith("/data/") && !pointer.endsWith("/Timestamp")) return;
  const weekday = typeof value === "string" ? rightWeekday(value) : undefined;
  const data: TimeProblem =
    weekday === undefined || standard !== rfc2822 || typeof value !== "string"
      ? { fault: "format", standard: standard.name, example: standard.example, found: describeValue(value) }
      : { fault: "weekday", found: value, weekday };
  findings.push(eventFinding("time-format", data, placeOfValue(pointer, value)));
}

/** A pointer as people say it: "data.timestamp". */
function nameOf(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}
