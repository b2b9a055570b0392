import { describe, expect, test } from "vitest";
import { isEpoch, isMedia, shapes } from "../../src/redact/fields.ts";

/** By kind: what looks like it, and what does not, though it is near. */
const cases = {
  number: [
    ["0", "-1", "49", "123456", "0.91", "123456.123456"],
    ["", "1234567", "1.", ".5", "1.1234567", "1e3", "+1", "1,5", "49 ", "x1", "1x"],
  ],
  time: [
    [
      ...["2025-08-24", "2025-08-24T13:49", "2025-08-24 13:49:54", "2025-08-24T13:49:54Z", "2025-08-24T13:49:54.1Z"],
      ...["2025-08-24T13:49:54.123456789+00:00", "2025-08-24T13:49:54-0730", "Sun, 24 Aug 2025 13:49:54 +0000"],
      ...["Sun, 4 Aug 2025 13:49:54 GMT", "24 Aug 2025 13:49:54 UTC", "Mon, 24 Dec 2025 13:49:54 Z"],
    ],
    [
      ...["2025-08", "415-555-0100", "2025-08-24T", "2025-08-24T13", "2025-08-24X13:49", "2025-08-24T13:49:54."],
      ...["2025-08-24T13:49:54.1234567890Z", "x2025-08-24", "2025-08-24x", "2025-08-24T13:49:54+0", "25-08-24"],
      ...["Son, 24 Aug 2025 13:49:54 +0000", "Sun 24 Aug 2025 13:49:54 +0000", "Sun, 24 Aug 2025 13:49:54 CET"],
      ...["Sun, 24 Au 2025 13:49:54 +0000", "Sun, 24 Aug 2025 13:49:54 +00000", "xSun, 24 Aug 2025 13:49:54 +0000"],
      ...["24 Aug 2025", "124 Aug 2025 13:49:54 UTC", "24 Aug 25 13:49:54 UTC", "Sun, 24 Aug 2025 13:49:54"],
    ],
  ],
  country: [
    ["US", "DE"],
    ["", "U", "USA", "us", "U1", "xUS"],
  ],
  language: [
    ["en", "en-US", "fil", "zh-Hans-CN", "es-419", "sr-Latn"],
    ["", "e", "engl", "EN", "en-us", "en_US", "en-USA", "en-Alice", "alice", "en-US-x", "xen-US1", "en-41"],
  ],
  version: [
    ["2010-04-01", "1", "1.0", "v2", "12.345.678"],
    ["", "123", "1.2.3.4", "1.2345", "vv1", "2010-04-1", "x1.0", "1.0x", "2010-04-01x", "x2010-04-01"],
  ],
  type: [
    ["com.twilio.voice.status-callback.call.completed", "com.twilio.voice"],
    ["com.twilio.", "com.twilio.Voice", "com.twilio.voice2", "com.example.voice", "xcom.twilio.voice", "com.twilio.a."],
  ],
} as const;

describe.each(Object.entries(cases))("%s", (kind, [like, unlike]) => {
  const shape = shapes[kind as keyof typeof cases];
  test.each(like)("%s", (text) => expect(shape.test(text)).toBe(true));
  test.each(unlike)("and %s is none", (text) => expect(shape.test(text)).toBe(false));
});

describe("a media type", () => {
  test.each([
    ...["text/xml", "application/json", "TEXT/HTML", "text/xml; charset=UTF-8", 'text/xml ;charset = "utf-8" '],
    ...["text/plain; charset=us-ascii", "text/plain; charset=ISO-8859-15", "text/plain; charset=windows-1252"],
    ...["text/xml; charset=utf-16LE", "text/xml; charset=utf8", "text/xml; charset=utf-16", "text/xml; charset=latin1"],
    "application/x-www-form-urlencoded",
  ])("%s", (text) => expect(isMedia(text)).toBe(true));

  test.each([
    ...["", "text", "text/", "/xml", "alice/xml", "text/alice", "text/xml; charset=alice", "text/xml; name=alice"],
    ...["text/xml; charset=", "x text/xml", "text/xml, text/html", "text/xml; charset=utf-8 alice", "text/4155550100"],
    ...["text/xml; charset=iso-8859-123", "text/xml; charset=xutf-8", "text/xml; charset=utf-8x"],
    `text/${"x".repeat(61)}`,
  ])("and %s is none", (text) => expect(isMedia(text)).toBe(false));
});

test.each([
  ["a length of time", 0, true],
  ["a longer one", 9999, true],
  ["a PIN of five digits", 10_000, false],
  ["what is below zero", -1, false],
  ["seconds of 2001", 1e9, true],
  ["a number with area code", 999_999_999, false],
  ["seconds of 2025", 1_756_043_388, true],
  ["seconds of 2099", 4.0999e9, true],
  ["a telephone number", 4.1e9, false],
  ["the same, in full", 14_155_550_100, false],
  ["milliseconds of 2001", 1e12, true],
  ["milliseconds of 2025", 1_756_043_388_102, true],
  ["beyond 2099", 4.1e12, false],
  ["microseconds of 2025", 1_756_043_388_102_000, true],
  ["beyond 2099 too", 4.1e15, false],
  ["a card number", 4_111_111_111_111_111, false],
  ["no number", Number.NaN, false],
])("whether %s is a time: %d", (_, value, isTime) => expect(isEpoch(value)).toBe(isTime));
