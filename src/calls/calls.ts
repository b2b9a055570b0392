import type { TwilioEvent } from "../events/event.ts";
import { type Call, toCall } from "./call.ts";
import { createColumns } from "./store/columns.ts";
import { createTexts } from "./store/intern.ts";
import type { PackedCalls } from "./store/packed-rows.ts";
import type { Row, StepPosition } from "./store/row.ts";
import { type Brief, createRows } from "./store/rows.ts";
import { createSids, SID_INTS } from "./store/sids.ts";

/** The number of a call whose events still come: what is kept of it is well under a kilobyte for one of four events. */
export type Draft = number;

/** Calls, put together from events in any order. */
export interface Calls {
  /** Takes an event in; returns its call, undefined when it names none. An event that is there already counts once. */
  add(event: TwilioEvent, source: StepPosition): Draft | undefined;
  /** Takes in what a thread packed: see `createPacker`. */
  merge(packed: PackedCalls, linesBefore: number): void;
  /** Forgets a call; its number may become another's. */
  remove(draft: Draft): void;
  /** In the order in which they came, as long as none was removed. */
  drafts(): Iterable<Draft>;
  sid(draft: Draft): string;
  find(sid: string): Draft | undefined;
  /** How many events it has. */
  size(draft: Draft): number;
  /** The earliest time of all, in epoch milliseconds. */
  start(draft: Draft): number | undefined;
  parentSid(draft: Draft): string | undefined;
  /** By SID. */
  compare(one: Draft, other: Draft): number;
  /** The times of its events, in their order of arrival. */
  times(draft: Draft): readonly number[];
  /** What is known of its events, in their order of arrival, without their places. */
  briefs(draft: Draft): Iterable<Brief>;
  /** The call, from what has come so far. */
  finish(draft: Draft): Call;
}

/** Up to so many rows a new one is compared with each. */
const MAX_COMPARED_ROWS = 24;

const SID = 0;
const FIRST = SID_INTS;
const LAST = FIRST + 1;
/** 0 when nobody uses the record. */
const SIZE = LAST + 1;
/** The first row that names a parent, else -1. */
const PARENT = SIZE + 1;
/** The next call in the same bucket, else -1. */
const NEXT = PARENT + 1;
const INTS = NEXT + 1;
const START = 0;

/** Takes events in, in any order and any number of times, and puts calls together from them. */
export function createCalls(): Calls {
  const texts = createTexts();
  const rows = createRows(texts);
  const slab = createColumns({ ints: INTS, floats: 1 });
  const { int, setInt } = slab;
  const sids = createSids(slab, SID, texts);
  /** What tells a row from the others of its call, once they are too many to look through. */
  const identities = new Map<Draft, Map<string, number>>();
  let buckets = new Int32Array(64).fill(-1);
  let count = 0;

  const sid = (draft: Draft): string => sids.get(draft) as string;
  const bucketOf = (hash: number): number => hash & (buckets.length - 1);

  function find(hash: number): Draft | undefined {
    let draft = buckets[bucketOf(hash)] as number;
    while (draft >= 0 && !sids.isLoaded(draft)) draft = int(draft, NEXT);
    return draft < 0 ? undefined : draft;
  }

  function enter(draft: Draft, hash: number): void {
    setInt(draft, NEXT, buckets[bucketOf(hash)] as number);
    buckets[bucketOf(hash)] = draft;
  }

  function* drafts(): Generator<Draft> {
    for (let draft = 0; draft < slab.end; draft++) if (int(draft, SIZE) > 0) yield draft;
  }

  function grow(): void {
    buckets = new Int32Array(buckets.length * 2).fill(-1);
    for (const draft of drafts()) enter(draft, sids.hash(draft));
  }

  /** Begins the call of the loaded SID. */
  function begin(hash: number): Draft {
    count++;
    const draft = slab.allocate();
    sids.store(draft);
    enter(draft, hash);
    for (const field of [FIRST, LAST, PARENT]) setInt(draft, field, -1);
    setInt(draft, SIZE, 0);
    slab.setFloat(draft, START, Number.NaN);
    return draft;
  }

  function append(draft: Draft, row: number): void {
    if (int(draft, SIZE) === 0) setInt(draft, FIRST, row);
    else rows.link(int(draft, LAST), row);
    setInt(draft, LAST, row);
    setInt(draft, SIZE, int(draft, SIZE) + 1);
    if (int(draft, PARENT) < 0 && rows.hasParent(row)) setInt(draft, PARENT, row);
    const at = rows.at(row) ?? Number.NaN;
    if (!(slab.float(draft, START) <= at) && !Number.isNaN(at)) slab.setFloat(draft, START, at);
  }

  function* rowsOf(draft: Draft): Generator<number> {
    let row: number | undefined = int(draft, FIRST);
    while (row !== undefined) {
      const next: number | undefined = rows.next(row);
      yield row;
      row = next;
    }
  }

  /** The row of the call that is of the same event. */
  function twinOf(draft: Draft, row: number): number | undefined {
    const size = int(draft, SIZE);
    if (size === 0) return undefined;
    if (size < MAX_COMPARED_ROWS) {
      let each: number | undefined = int(draft, FIRST);
      while (each !== undefined && !rows.isSame(each, row)) each = rows.next(each);
      return each;
    }
    let known = identities.get(draft);
    if (known === undefined) {
      known = new Map(Array.from(rowsOf(draft), (each) => [rows.identityOf(each), each]));
      identities.set(draft, known);
    }
    const identity = rows.identityOf(row);
    const twin = known.get(identity);
    if (twin === undefined) known.set(identity, row);
    return twin;
  }

  const lastRow = (draft: Draft): number | undefined => (int(draft, SIZE) === 0 ? undefined : int(draft, LAST));

  /** Adds a row to the call, unless it is of an event that is there. */
  function join(draft: Draft, row: number): void {
    const twin = twinOf(draft, row);
    if (twin === undefined) append(draft, row);
    else {
      rows.repeat(twin);
      rows.release(row);
    }
  }

  return {
    add(event, source) {
      const { callSid } = event;
      if (callSid === undefined || callSid === "") return undefined;
      if (count === buckets.length) grow();
      const hash = sids.load(callSid);
      const draft = find(hash) ?? begin(hash);
      join(draft, rows.keep(event, source, lastRow(draft)));
      return draft;
    },
    merge(packed, linesBefore) {
      const keep = rows.keeperOf(packed.rows, linesBefore);
      for (let index = 0; index < packed.rows.count; index++) {
        if (count === buckets.length) grow();
        const hash = sids.loadStored(packed.sids.ints, index * SID_INTS, packed.rows.texts);
        const draft = find(hash) ?? begin(hash);
        join(draft, keep(index, lastRow(draft)));
      }
    },
    remove(draft) {
      const bucket = bucketOf(sids.hash(draft));
      let before = buckets[bucket] as number;
      if (before === draft) buckets[bucket] = int(draft, NEXT);
      else {
        while (int(before, NEXT) !== draft) before = int(before, NEXT);
        setInt(before, NEXT, int(draft, NEXT));
      }
      for (const row of rowsOf(draft)) rows.release(row);
      sids.release(draft);
      identities.delete(draft);
      setInt(draft, SIZE, 0);
      slab.free(draft);
      count--;
    },
    drafts,
    sid,
    find: (name) => find(sids.load(name)),
    size: (draft) => int(draft, SIZE),
    start(draft) {
      const start = slab.float(draft, START);
      return Number.isNaN(start) ? undefined : start;
    },
    parentSid(draft) {
      const row = int(draft, PARENT);
      return row < 0 ? undefined : rows.party(row).parentSid;
    },
    compare: sids.compare,
    times: (draft) => Array.from(rowsOf(draft), (row) => rows.at(row) ?? []).flat(),
    *briefs(draft) {
      for (const row of rowsOf(draft)) yield rows.brief(row);
    },
    finish(draft) {
      const all: Row[] = [];
      for (const row of rowsOf(draft)) all.push(rows.get(row));
      return toCall(sid(draft), all);
    },
  };
}
