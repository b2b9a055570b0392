import { parseRecordLine } from "../journal/record-lines.ts";
import { callSidsIn, type RecordedRequest } from "../webhook-request.ts";

/** A request that was read and is not finished, or stands behind one that is not. */
export interface Entry {
  /** Where it begins in the record, and its length there. */
  readonly start: number;
  readonly size: number;
  /** Undefined once it is finished. */
  request: RecordedRequest | undefined;
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
  takeReady(): Entry | undefined;
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
  const ready = new Set<Entry>();
  /** How many requests an entry waits for, and which wait for it. */
  const waits = new Map<Entry, number>();
  const followers = new Map<Entry, Entry[]>();
  const newest = new Map<string, Entry>();
  const sids = new Map<Entry, ReadonlySet<string>>();
  let bytes = 0;

  function add(start: number, size: number, request: RecordedRequest | undefined): Entry {
    const entry: Entry = { start, size, request, tries: 0, failures: 0, losses: 0, lostAt: undefined };
    const own = request === undefined ? new Set<string>() : callSidsIn(request.body);
    const ahead = new Set([...own].flatMap((sid) => newest.get(sid) ?? []));
    for (const each of ahead) followers.set(each, [...(followers.get(each) ?? []), entry]);
    for (const sid of own) newest.set(sid, entry);
    sids.set(entry, own);
    entries.push(entry);
    bytes += size;
    if (ahead.size > 0) waits.set(entry, ahead.size);
    else if (request !== undefined) ready.add(entry);
    return entry;
  }

  function finish(entry: Entry): void {
    entry.request = undefined;
    bytes -= entry.size;
    ready.delete(entry);
    for (const sid of sids.get(entry) as ReadonlySet<string>) if (newest.get(sid) === entry) newest.delete(sid);
    sids.delete(entry);
    for (const each of followers.get(entry) ?? []) {
      const left = (waits.get(each) as number) - 1;
      if (left > 0) waits.set(each, left);
      else {
        waits.delete(each);
        ready.add(each);
      }
    }
    followers.delete(entry);
    while (entries[0] !== undefined && !sids.has(entries[0])) entries.shift();
  }

  return {
    hasRoom: () => entries.length < MAX_ENTRIES && bytes < MAX_BYTES,
    first: () => entries[0],
    add,
    takeReady() {
      let oldest: Entry | undefined;
      for (const each of ready) if (oldest === undefined || each.start < oldest.start) oldest = each;
      if (oldest !== undefined) ready.delete(oldest);
      return oldest;
    },
    putBack: (entry) => {
      ready.add(entry);
    },
    finish,
  };
}

/** The request on a line of the record, where it is one that was taken, and whole. */
export function forwardable(line: Buffer): RecordedRequest | undefined {
  const request = parseRecordLine(line);
  const isWhole = request?.rejected === undefined && (request?.length ?? 0) <= (request?.body.length ?? 0);
  return isWhole ? request : undefined;
}
