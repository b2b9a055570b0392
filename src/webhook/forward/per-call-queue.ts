import { parseRecordLine } from "../journal/record-lines.ts";
import { callSidsIn, type RecordedRequest } from "../webhook-request.ts";

/** A request that was read and is not finished, or stands behind one that is not. */
export interface Entry {
  /** Where it begins in the record, and its length there. */
  readonly start: number;
  readonly size: number;
  /** The calls that it is about. */
  readonly sids: ReadonlySet<string>;
  /** Undefined once it is finished. */
  request: RecordedRequest | undefined;
  /** Whether `takeReady` has returned it, and it was not put back. */
  isInFlight: boolean;
  tries: number;
  /** Answers that told of an error. */
  failures: number;
  /** Tries that may have come to the target and were not answered; how many others were, before the first of them. */
  losses: number;
  lostAt: number | undefined;
}

/** What may be read ahead of the oldest unfinished request. */
const MAX_ENTRIES = 256;
const MAX_BYTES = 1024 * 1024;

/** The requests between the oldest unfinished one and the newest that was read, in order. */
export interface PerCallQueue {
  hasRoom(): boolean;
  /** The oldest unfinished request. */
  first(): Entry | undefined;
  /** Adds one behind all others; one without a request is only to be finished. */
  add(start: number, size: number, request: RecordedRequest | undefined): Entry;
  /** The oldest that may be sent now: no older one of its calls is unfinished. */
  nextReady(): Entry | undefined;
  /** Lets one that was taken be taken again. */
  putBack(entry: Entry): void;
  finish(entry: Entry): void;
}

/**
 * Keeps order within each call: a request waits for the older ones that share a call SID with it, those of several calls
 * for all of theirs. The others overtake it.
 */
export function createPerCallQueue(): PerCallQueue {
  const entries: Entry[] = [];
  let bytes = 0;

  return {
    hasRoom: () => entries.length < MAX_ENTRIES && bytes < MAX_BYTES,
    first: () => entries[0],
    add(start, size, request) {
      const sids = callSidsIn(request?.body);
      const entry: Entry = {
        start,
        size,
        sids,
        request,
        isInFlight: false,
        tries: 0,
        failures: 0,
        losses: 0,
        lostAt: undefined,
      };
      entries.push(entry);
      bytes += size;
      return entry;
    },
    nextReady() {
      const waitedFor = new Set<string>();
      for (const entry of entries) {
        if (entry.request === undefined) continue;
        const sids = [...entry.sids];
        if (!entry.isInFlight && !sids.some((sid) => waitedFor.has(sid))) {
          entry.isInFlight = true;
          return entry;
        }
        for (const sid of sids) waitedFor.add(sid);
      }
      return undefined;
    },
    putBack(entry) {
      entry.isInFlight = false;
    },
    finish(entry) {
      entry.request = undefined;
      bytes -= entry.size;
      while (entries[0] !== undefined && entries[0].request === undefined) entries.shift();
    },
  };
}

/** The request on a line of the record, where it is one that was taken, and whole. */
export function forwardable(line: Buffer): RecordedRequest | undefined {
  const request = parseRecordLine(line);
  const isWhole = request?.rejected === undefined && (request?.length ?? 0) <= (request?.body.length ?? 0);
  return isWhole ? request : undefined;
}
