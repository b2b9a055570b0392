import type { TwilioEvent } from "../events/event.ts";
import { type Call, toCall } from "./call.ts";
import { createRows, type Party, type Row, type StepSource } from "./row.ts";

/** What is kept of a call while its events come: well under a kilobyte for one of four events. */
export interface Draft {
  readonly sid: string;
  first: Row | undefined;
  last: Row | undefined;
  size: number;
  /** The earliest time of all, in epoch milliseconds. */
  start: number | undefined;
  parentSid: string | undefined;
  /** What tells a row from the others, once they are too many to look through. */
  identities: Set<string> | undefined;
}

/** Calls, put together from events in any order. */
export interface Calls {
  /** Takes an event in; returns its call, undefined when it names none. An event that is there already counts once. */
  add(event: TwilioEvent, source: StepSource): Draft | undefined;
  /** Forgets a call. */
  remove(draft: Draft): void;
  /** In the order in which they came. */
  drafts(): Iterable<Draft>;
  readonly size: number;
  /** How often events came that were there already. */
  repeats(draft: Draft): ReadonlyMap<Row, number>;
  /** The call, from what has come so far. */
  finish(draft: Draft): Call;
}

/** Up to so many rows a new one is compared with each. */
const COMPARED = 24;

const noRepeats: ReadonlyMap<Row, number> = new Map();

/** Takes events in, in any order and any number of times, and puts calls together from them. */
export function createCalls(): Calls {
  const drafts = new Map<string, Draft>();
  const repeated = new Map<Draft, Map<Row, number>>();
  const toRow = createRows();

  function add(event: TwilioEvent, source: StepSource): Draft | undefined {
    const sid = event.callSid;
    if (sid === undefined || sid === "") return undefined;
    let draft = drafts.get(sid);
    if (draft === undefined) {
      draft = {
        sid,
        first: undefined,
        last: undefined,
        size: 0,
        start: undefined,
        parentSid: undefined,
        identities: undefined,
      };
      drafts.set(sid, draft);
    }
    const row = toRow(event, source, lastParty(draft));
    if (isNew(draft, row)) append(draft, row);
    else repeat(draft, row);
    return draft;
  }

  function repeat(draft: Draft, row: Row): void {
    const known = rowsOf(draft).find((each) => isSame(each, row));
    if (known === undefined) return;
    const counts = repeated.get(draft) ?? new Map<Row, number>();
    counts.set(known, (counts.get(known) ?? 1) + 1);
    repeated.set(draft, counts);
  }

  return {
    add,
    remove(draft) {
      drafts.delete(draft.sid);
      repeated.delete(draft);
    },
    drafts: () => drafts.values(),
    get size() {
      return drafts.size;
    },
    repeats: (draft) => repeated.get(draft) ?? noRepeats,
    finish: (draft) => toCall(draft.sid, rowsOf(draft)),
  };
}

/** The rows of a call's events in their order of arrival. */
export function rowsOf(draft: Draft): readonly Row[] {
  const rows: Row[] = [];
  for (let row = draft.first; row !== undefined; row = row.next) rows.push(row);
  return rows;
}

const lastParty = ({ last }: Draft): Party | undefined => last?.party;

function append(draft: Draft, row: Row): void {
  if (draft.last === undefined) draft.first = row;
  else draft.last.next = row;
  draft.last = row;
  draft.size++;
  draft.parentSid ??= row.party.parentSid;
  if (row.at !== undefined && (draft.start === undefined || row.at < draft.start)) draft.start = row.at;
}

function isNew(draft: Draft, row: Row): boolean {
  if (draft.size < COMPARED) {
    for (let each = draft.first; each !== undefined; each = each.next) if (isSame(each, row)) return false;
    return true;
  }
  draft.identities ??= new Set(rowsOf(draft).map(identityOf));
  const identity = identityOf(row);
  if (draft.identities.has(identity)) return false;
  draft.identities.add(identity);
  return true;
}

/**
 * Two events are the same if they have the same id (twilio.com/docs/events/event-delivery-and-duplication); the published
 * examples share one id among types, though. What has no id is the same when it tells the same.
 */
function isSame(one: Row, other: Row): boolean {
  if (one.id !== other.id || one.common.type !== other.common.type) return false;
  if (one.id !== undefined) return true;
  return (
    one.at === other.at &&
    one.sequence === other.sequence &&
    one.durationMs === other.durationMs &&
    one.common.kind === other.common.kind &&
    one.common.status === other.common.status &&
    one.common.method === other.common.method &&
    one.common.url === other.common.url &&
    one.common.code === other.common.code
  );
}

function identityOf({ id, at, sequence, durationMs, common }: Row): string {
  const { type, kind, status, method, url, code } = common;
  if (id !== undefined) return `${id} ${type}`;
  return JSON.stringify([at, sequence, durationMs, type, kind, status, method, url, code]);
}
