import type { FieldKind } from "./fields.ts";
import { isPlain } from "./known-words.ts";

/** As Twilio writes times: RFC 3339 and RFC 2822. */
export const timeShape =
  /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC|Z))$/;

/** What fields of these kinds look like where they can be shown. */
export const shapes = {
  number: /^-?\d{1,6}(?:\.\d{1,6})?$/,
  time: timeShape,
  country: /^[A-Z]{2}$/,
  language: /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/,
  version: /^(?:\d{4}-\d\d-\d\d|v?\d{1,2}(?:\.\d{1,3}){0,2})$/,
  type: /^com\.twilio\.[a-z]+(?:[.-][a-z]+)*$/,
} as const satisfies Partial<Record<FieldKind, RegExp>>;

const mediaShape = /^([a-z]+\/[a-z0-9.+-]{1,60})(?:\s*;\s*charset\s*=\s*"?([\w-]{1,20})"?)?\s*$/i;
const charsets = /^(?:utf-?(?:8|16(?:[bl]e)?)|us-ascii|iso-8859-\d{1,2}|windows-125\d|latin1)$/i;

/** Whether it is a media type of known words, with a known charset. */
export function isMedia(value: string): boolean {
  const [, type, charset] = mediaShape.exec(value) ?? [];
  return type !== undefined && isPlain(type) && (charset === undefined || charsets.test(charset));
}

/** From 2001 to 2099, in seconds, milliseconds or microseconds; or a length of time. */
export function isEpoch(value: number): boolean {
  return [1, 1e3, 1e6].some((unit) => value >= 1e9 * unit && value < 4.1e9 * unit) || (value >= 0 && value < 1e4);
}
