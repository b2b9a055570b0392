import type { TwilioEvent } from "./event.ts";

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

/*
 * The two spellings of a time in an event, read strictly: `Date.parse` fills in what is missing and rolls over what is
 * wrong. Both readers return epoch milliseconds, or undefined when the text breaks its standard.
 */

const DAY_MS = 86_400_000;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;
const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

const SPACE = 0x20;
const LOWER_CASE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const T = 0x74;
const Z = 0x7a;

/** Reads RFC 3339 (section 5.6), as in CloudEvents' `time`; digits beyond the millisecond are dropped. */
export function parseRfc3339(text: string): number | undefined {
  const length = text.length;
  if (length < 20 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  if ((text.charCodeAt(10) | LOWER_CASE) !== T || text.charCodeAt(16) !== COLON) return undefined;
  const day = dayNumber(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
  const clock = clockMs(text, 11, digits(text, 17, 2));
  let zone = 19;
  let millis = 0;
  if (text.charCodeAt(zone) === DOT) {
    const start = ++zone;
    while (zone < length && isDigit(text.charCodeAt(zone))) zone++;
    if (zone === start) return undefined;
    millis = zone - start >= 3 ? digits(text, start, 3) : digits(text, start, zone - start) * 10 ** (3 + start - zone);
  }
  if (zone + 1 === length && (text.charCodeAt(zone) | LOWER_CASE) === Z) return sumParts(day, clock, 0, millis);
  if (zone + 6 !== length || text.charCodeAt(zone + 3) !== COLON) return undefined;
  return sumParts(day, clock, zoneMs(text, zone, digits(text, zone + 4, 2)), millis);
}

/**
 * Reads RFC 2822 (section 3.3) with single spaces, as Twilio writes it: "Sun, 24 Aug 2025 13:49:54 +0000". A weekday that
 * is not the date's own is against the standard too; `rightWeekday` tells which it ought to be.
 */
export function parseRfc2822(text: string): number | undefined {
  const length = text.length;
  if (length < 17) return undefined;
  const named = text.charCodeAt(3) === COMMA;
  const date = named ? 5 : 0;
  const day = dateDayNumber(text, date);
  if (named && (text.charCodeAt(4) !== SPACE || !text.startsWith(weekday(day)))) return undefined;
  const clock = date + dayDigits(text, date) + 10;
  if (length < clock + 8 || text.charCodeAt(clock - 1) !== SPACE) return undefined;
  const seconds = text.charCodeAt(clock + 5) === COLON;
  const zone = clock + (seconds ? 9 : 6);
  if (length < zone + 2 || text.charCodeAt(zone - 1) !== SPACE) return undefined;
  const time = clockMs(text, clock, seconds ? digits(text, clock + 6, 2) : 0);
  if (zone + 5 === length) return sumParts(day, time, zoneMs(text, zone, digits(text, zone + 3, 2)), 0);
  const name = text.slice(zone);
  return name === "GMT" || name === "UT" ? sumParts(day, time, 0, 0) : undefined;
}

/** The weekday an RFC 2822 date really has, when nothing but the weekday it names is wrong. */
export function rightWeekday(text: string): string | undefined {
  if (text.charCodeAt(3) !== COMMA || parseRfc2822(text.slice(5)) === undefined) return undefined;
  const right = weekday(dateDayNumber(text, 5));
  return text.startsWith(right) || !WEEKDAYS.some((name) => text.startsWith(name)) ? undefined : right;
}

/** Sums the parts; NaN in any of them says that it was wrong. */
function sumParts(day: number, clock: number, zone: number, millis: number): number | undefined {
  const time = day * DAY_MS + clock - zone + millis;
  return Number.isNaN(time) ? undefined : time;
}

/** Days since 1970 of "24 Aug 2025" or "4 Aug 2025". */
function dateDayNumber(text: string, start: number): number {
  const length = dayDigits(text, start);
  const month = start + length + 1;
  if (text.charCodeAt(month - 1) !== SPACE || text.charCodeAt(month + 3) !== SPACE) return Number.NaN;
  return dayNumber(digits(text, month + 4, 4), monthNumber(text, month), digits(text, start, length));
}

function dayDigits(text: string, start: number): number {
  return isDigit(text.charCodeAt(start + 1)) ? 2 : 1;
}

function monthNumber(text: string, start: number): number {
  const first = text.charCodeAt(start) | LOWER_CASE;
  const second = text.charCodeAt(start + 1) | LOWER_CASE;
  const third = text.charCodeAt(start + 2) | LOWER_CASE;
  for (let at = 0; at < MONTHS.length; at += 3) {
    if (MONTHS.charCodeAt(at) !== first || MONTHS.charCodeAt(at + 1) !== second) continue;
    if (MONTHS.charCodeAt(at + 2) === third) return at / 3 + 1;
  }
  return Number.NaN;
}

/** Days since 1970 in the Gregorian calendar, NaN for a date that does not exist. `Date.UTC` reads year 25 as 1925. */
function dayNumber(year: number, month: number, day: number): number {
  const before = DAYS_BEFORE_MONTH[month - 1];
  const after = DAYS_BEFORE_MONTH[month];
  if (before === undefined || after === undefined || !(day >= 1)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > after - before + (leap && month === 2 ? 1 : 0)) return Number.NaN;
  const past = year + 399;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return (year - 1970) * 365 + leapDays - 574 + before + (leap && month > 2 ? 1 : 0) + day - 1;
}

function weekday(day: number): string {
  return WEEKDAYS[(((day + 4) % 7) + 7) % 7] ?? "no weekday";
}

/** Milliseconds of "hh:mm" at `start` and the seconds; a leap second ends a half hour in every zone. */
function clockMs(text: string, start: number, second: number): number {
  const hour = digits(text, start, 2);
  const minute = digits(text, start + 3, 2);
  if (text.charCodeAt(start + 2) !== COLON || !(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN;
  if (second === 60 && minute % 30 !== 29) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Milliseconds of a zone's sign and hours at `start` and its minutes. */
function zoneMs(text: string, start: number, minute: number): number {
  const sign = text.charCodeAt(start);
  const hour = digits(text, start + 1, 2);
  if ((sign !== PLUS && sign !== DASH) || !(hour <= 23 && minute <= 59)) return Number.NaN;
  return (sign === DASH ? -1 : 1) * (hour * 60 + minute) * 60_000;
}

/** The number in `length` digits, NaN when one is no digit; the pairs that make up a time are read at once. */
function digits(text: string, start: number, length: number): number {
  let number = 0;
  let at = start;
  if (length % 2 === 1) number = digit(text.charCodeAt(at++));
  for (; at < start + length; at += 2) {
    number = number * 100 + digit(text.charCodeAt(at)) * 10 + digit(text.charCodeAt(at + 1));
  }
  return number;
}

function digit(code: number): number {
  return isDigit(code) ? code - ZERO : Number.NaN;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}
