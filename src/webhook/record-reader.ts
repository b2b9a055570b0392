import type { TwilioEvent } from "../events/event.ts";
import { type Filter, type FoundEvent, pass, type ReadStats, type Taken } from "../findings/select-events.ts";
import { createEventFinder, type FoundObject } from "../input/find-events.ts";
import { type JsonRecord, plainRecord, type ScanResult } from "../input/json-record.ts";
import { type RecordedRequest, toRecordedRequest } from "./webhook-request.ts";

/** A line of a record, in the place of the events in it; of these, those that pass the filter. */
export interface FoundRecord extends Taken {
  readonly request: RecordedRequest;
  readonly events: readonly TwilioEvent[];
}

/**
 * Finds the lines of a record in what is read, byte for byte as they came; undefined for what is none. The filter is for
 * events: a record passes when one of the events in it does, and one without events when there is no filter.
 */
export function createRecordFinder(
  filter: Filter,
): (piece: ScanResult, tally: ReadStats) => readonly FoundRecord[] | undefined {
  const { limit, ...conditions } = filter;
  const isOpen = Object.values(conditions).every((condition) => condition === undefined);
  return (piece, tally) => {
    if (piece.kind !== "json") return undefined;
    const { value, at } = piece.document;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || toRecordedRequest(values[0]) === undefined) return undefined;
    const records: FoundRecord[] = [];
    for (const each of values) {
      const request = toRecordedRequest(each);
      // A list of records and other things is no record of ours.
      if (request === undefined) return undefined;
      if (tally.passed === limit) continue;
      const { events, count } = eventsIn(plainRecord("", each, at), filter, tally);
      if (events.length === 0 && !(isOpen && count === 0)) continue;
      records.push({ kind: "taken", request, events: events.map(({ event }) => event) });
    }
    return records;
  };
}

/** The events in a document that pass the filter, and how many it holds; the tally counts both. */
export function eventsIn(
  document: JsonRecord,
  filter: Filter,
  tally: ReadStats,
): { readonly events: readonly FoundEvent[]; readonly count: number } {
  const found: FoundObject[] = [];
  const finder = createEventFinder((item) => {
    if (item.kind !== "fault") found.push(item);
  });
  finder.take({ kind: "json", document, salvaged: false });
  finder.end();
  tally.events += found.length;
  const events = found.flatMap((each) => (tally.passed === filter.limit ? [] : (pass(each, filter, tally) ?? [])));
  return { events, count: found.length };
}
