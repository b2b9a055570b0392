import { count, found, grouped } from "./count-text.ts";
import { type Raw, type Safe, safe } from "./escape.ts";
import type { CallsSummary, OutputItem, Screen, SignaturesItem } from "./items.ts";
import { textFor } from "./terminal/screen.ts";

/** What a run came to, of whichever kind. */
export interface Totals {
  /** In one line: `2 events: 1 valid, 1 invalid, 1 call`. */
  readonly title: Safe;
  /** Each number with its name, in the order of a table. */
  readonly counts: readonly (readonly [name: Safe, count: number])[];
  readonly unreadable: number;
  /** The user has ended the run. */
  readonly isCutShort: boolean;
  readonly coverage: Raw;
}

/** The totals that the item tells; undefined where it tells none. */
export function totalsOf(item: OutputItem, screen: Screen): Totals | undefined {
  switch (item.kind) {
    case "summary": {
      const { events, valid, invalid, calls, duplicates, errors, warnings, infos, inputs } = item.summary;
      const subject = item.subject ?? safe`events`;
      const title = found(item.summary, item.subject).join(", ") as Safe;
      const counts = { [subject]: events, valid, invalid, calls, duplicates, errors, warnings, infos, inputs };
      return { title, counts: named(counts), ...rest(item) };
    }
    case "calls": {
      const { calls, legs, events, stray, errors, warnings, infos, inputs } = item.summary;
      const counts = { calls, legs, events, "events of no call": stray, errors, warnings, infos, inputs };
      return { title: callsTitle(item.summary, textFor(screen)), counts: named(counts), ...rest(item) };
    }
    case "signatures": {
      const { requests, ok, bad, missing, unverifiable, inputs } = item.summary;
      const counts = { requests, hold: ok, "do not hold": bad, missing, unverifiable, inputs };
      return { title: signaturesTitle(item.summary), counts: named(counts), ...rest(item) };
    }
    default:
      return undefined;
  }
}

/** The names are our own words. */
function named(counts: Readonly<Record<string, number>>): Totals["counts"] {
  return Object.entries(counts).map(([name, number]) => [name as Safe, number]);
}

interface Ended {
  readonly summary: { readonly unreadable: number };
  readonly coverage: Raw;
  readonly isCutShort?: true;
}

function rest({ summary, coverage, isCutShort }: Ended): Omit<Totals, "title" | "counts"> {
  return { unreadable: summary.unreadable, coverage, isCutShort: isCutShort === true };
}

function callsTitle({ calls, statuses }: CallsSummary, text: (raw: Raw) => Safe): Safe {
  const ended = statuses.map(({ status, calls: n }) => safe`${grouped(n)} ${text(status)}`);
  return [count(calls, safe`call`), ended.join(", ")].filter((part) => part !== "").join(": ") as Safe;
}

function signaturesTitle({ requests, ok }: SignaturesItem["summary"]): Safe {
  const signatures = count(requests, safe`signature`);
  return ok === requests ? safe`${signatures}, all hold` : safe`${signatures}, ${grouped(ok)} hold`;
}
