import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRfc2822, parseRfc3339, rightWeekday } from "../../src/events/event-time.ts";

/** Years 0 to 9999, as the standards' four digits can say. */
const moments = fc.date({
  min: new Date("0000-01-02T00:00:00Z"),
  max: new Date("9999-12-30T00:00:00Z"),
  noInvalidDate: true,
});
const zones = fc.record({
  sign: fc.constantFrom("+", "-"),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
});
const two = (value: number): string => String(value).padStart(2, "0");

describe("RFC 3339", () => {
  test("agrees with Date", () => {
    fc.assert(
      fc.property(moments, zones, (moment, { sign, hour, minute }) => {
        const text = moment.toISOString();
        const zoned = text.replace("Z", `${sign}${two(hour)}:${two(minute)}`);
        expect(parseRfc3339(text)).toBe(moment.getTime());
        expect(parseRfc3339(zoned)).toBe(Date.parse(zoned));
      }),
      { numRuns: 2000 },
    );
  });

  test("takes nothing that Date refuses", () => {
    const almost = fc.stringMatching(
      /^20[0-9]{2}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-5][0-9](\.[0-9]{1,4})?(Z|[+-][0-2][0-9]:[0-6][0-9])$/,
    );
    fc.assert(
      fc.property(almost, (text) => {
        const time = parseRfc3339(text);
        if (time !== undefined) expect(time).toBe(Date.parse(text));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["2025-08-24t13:49:54z", "2025-08-24T13:49:54.000Z"],
    ["2025-08-24T13:49:54.3Z", "2025-08-24T13:49:54.300Z"],
    ["2025-08-24T13:49:54.363999999Z", "2025-08-24T13:49:54.363Z"],
    ["2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0025-08-24T13:49:54Z", "0025-08-24T13:49:54.000Z"],
  ])("reads %s", (text, iso) => expect(parseRfc3339(text)).toBe(Date.parse(iso)));

  test.each([
    "",
    "2025",
    "2025-08-24",
    "2025-08-24T13:49:54",
    "2025-08-24 13:49:54Z",
    "2025-08-24T13:49Z",
    "2025-08-24T13:49:54.Z",
    "2025-08-24T13:49:54,3Z",
    "2025-08-24T13:49:54+0000",
    "2025-08-24T13:49:54+24:00",
    "2025-08-24T24:00:00Z",
    "2025-08-24T13:60:00Z",
    "2025-08-24T13:49:60Z",
    "2025-13-24T13:49:54Z",
    "2025-00-24T13:49:54Z",
    "2025-02-29T13:49:54Z",
    "2025-04-31T13:49:54Z",
    "2025-04-00T13:49:54Z",
    "2025-08-24T13:49:54Z ",
    " 2025-08-24T13:49:54Z",
    "+02025-08-24T13:49:54Z",
    "２025-08-24T13:49:54Z",
  ])("refuses %j", (text) => expect(parseRfc3339(text)).toBeUndefined());
});

describe("RFC 2822", () => {
  test("agrees with Date", () => {
    fc.assert(
      fc.property(moments, zones, (moment, { sign, hour, minute }) => {
        const text = moment.toUTCString();
        const zoned = text.replace("GMT", `${sign}${two(hour)}${two(minute)}`);
        const seconds = Math.floor(moment.getTime() / 1000) * 1000;
        const offset = (sign === "-" ? -1 : 1) * (hour * 60 + minute) * 60_000;
        expect(parseRfc2822(text)).toBe(seconds);
        expect(parseRfc2822(zoned)).toBe(seconds - offset);
        expect(parseRfc2822(zoned.slice(5))).toBe(seconds - offset);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["Sun, 24 Aug 2025 13:49:54 +0000", "2025-08-24T13:49:54Z"],
    ["Mon, 4 Aug 2025 13:49:54 +0000", "2025-08-04T13:49:54Z"],
    ["4 aug 2025 13:49 UT", "2025-08-04T13:49:00Z"],
    ["Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"],
    ["Sun, 24 Aug 2025 15:49:54 +0200", "2025-08-24T13:49:54Z"],
  ])("reads %s", (text, iso) => expect(parseRfc2822(text)).toBe(Date.parse(iso)));

  test.each([
    "",
    "2025-08-24T13:49:54.363Z",
    "Sun, 24 Aug 2025 13:49:54",
    "Sun, 24 Aug 25 13:49:54 +0000",
    "Sun 24 Aug 2025 13:49:54 +0000",
    "Sun,24 Aug 2025 13:49:54 +0000",
    "Sun,  24 Aug 2025 13:49:54 +0000",
    "Son, 24 Aug 2025 13:49:54 +0000",
    "Mon, 24 Aug 2025 13:49:54 +0000",
    "Sun, 24 August 2025 13:49:54 +0000",
    "Sun, 31 Jun 2025 13:49:54 +0000",
    "Sun, 24 Aug 2025 25:49:54 +0000",
    "Sun, 24 Aug 2025 13:49:54 +00:00",
    "Sun, 24 Aug 2025 13:49:54 CET",
    "Sun, 24 Aug 2025 13:49:54 xGMT",
    "Sun, 24 Aug 2025 13:49:54 +0000 ",
  ])("refuses %j", (text) => expect(parseRfc2822(text)).toBeUndefined());

  test("tells the right weekday when only that is wrong", () => {
    expect(rightWeekday("Mon, 24 Aug 2025 13:49:54 +0000")).toBe("Sun");
    expect(rightWeekday("Sun, 24 Aug 2025 13:49:54 +0000")).toBeUndefined();
    expect(rightWeekday("Son, 24 Aug 2025 13:49:54 +0000")).toBeUndefined();
    expect(rightWeekday("Mon, 24 Aug 2025 13:49:54")).toBeUndefined();
    expect(rightWeekday("yesterday")).toBeUndefined();
  });
});
