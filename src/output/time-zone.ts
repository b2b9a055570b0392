import { escapeText, type Safe, safe } from "./escape.ts";

/** A moment as the zone's clocks show it. */
export interface Shown {
  /** `2025-08-24`. */
  readonly date: Safe;
  /** `13:49:47`, with `.922` where milliseconds are known. */
  readonly time: Safe;
  /** `UTC`, `GMT+2`. */
  readonly zone: Safe;
}

/** Shows epoch milliseconds in a zone that Intl knows. UTC does without Intl, which is slow to load and to format. */
export function zoneClock(timeZone = "UTC"): (at: number, isCoarse?: boolean) => Shown {
  if (timeZone === "UTC") return utc;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "short",
  });
  return (at, isCoarse = false) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes): Safe => escapeText(parts.get(name) as string);
    const seconds = safe`${part("hour")}:${part("minute")}:${part("second")}`;
    return {
      date: safe`${part("year")}-${part("month")}-${part("day")}`,
      time: isCoarse ? seconds : safe`${seconds}.${part("fractionalSecond")}`,
      zone: part("timeZoneName"),
    };
  };
}

function utc(at: number, isCoarse = false): Shown {
  const iso = new Date(at).toISOString();
  const day = iso.indexOf("T");
  return { date: iso.slice(0, day) as Safe, time: iso.slice(day + 1, isCoarse ? -5 : -1) as Safe, zone: safe`UTC` };
}
