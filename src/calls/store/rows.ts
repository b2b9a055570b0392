/*
 * How a million events fit in memory: rows of numbers in typed arrays, with each text, party and SID stored once. You can
 * skip this folder: to follow the rest of `calls/`, the types in row.ts are enough.
 */
import type { TwilioEvent } from "../../events/event.ts";
import { eventMoment } from "../../events/event-time.ts";
import { createColumns, type Records } from "./columns.ts";
import { commonKeyOf, commonOf, endingOf, partyOf, sequenceOf } from "./event-facts.ts";
import { createInternTable, type Texts } from "./intern.ts";
import { createParties } from "./parties.ts";
import type { Common, Party, Row, StepPosition } from "./row.ts";
import { createSids, SID_INTS } from "./sids.ts";

/** What calls of one kind are told by, without the rest of the row. */
export type Brief = Pick<Row, "common" | "party" | "at">;

/** Rows as they cross from thread to thread: with the values that their slots stand for. */
export interface PackedRows {
  readonly count: number;
  readonly records: Records;
  readonly parties: Records;
  readonly texts: readonly (string | undefined)[];
  readonly commons: readonly (Common | undefined)[];
}

/** The rows of all calls, in about 90 bytes each, by their numbers. */
export interface Rows {
  /** Keeps what is to be known of an event; `last` is another row of its call. */
  keep(event: TwilioEvent, source: StepPosition, last: number | undefined): number;
  /** Keeps rows that were kept elsewhere: makes what keeps one of them, `linesBefore` further down in its input. */
  keeperOf(packed: PackedRows, linesBefore: number): (index: number, last: number | undefined) => number;
  /** All rows, none of which was released. */
  pack(): PackedRows;
  /** Forgets a row. */
  release(row: number): void;
  /** Whether two rows are of the same event. */
  isSame(one: number, other: number): boolean;
  /** Equal for rows of the same event, and for no others. */
  identityOf(row: number): string;
  /** Counts that the event came once more. */
  repeat(row: number): void;
  /** The row behind this one in its call. */
  next(row: number): number | undefined;
  link(row: number, next: number): void;
  at(row: number): number | undefined;
  party(row: number): Party;
  hasParent(row: number): boolean;
  brief(row: number): Brief;
  get(row: number): Row;
}

const ID = 0;
const COMMON = SID_INTS;
const PARTY = COMMON + 1;
const URL = PARTY + 1;
const PATH = URL + 1;
const SEQUENCE = PATH + 1;
const DURATION = SEQUENCE + 1;
const SIP = DURATION + 1;
const LINE = SIP + 1;
const TIMES = LINE + 1;
const NEXT = TIMES + 1;
const INTS = NEXT + 1;

const AT = 0;
const RESPONSE_MS = 1;
const OFFSET = 2;
const COLUMN = 3;
const FLOATS = 4;

/** Keeps rows; what many share stands once. */
export function createRows(texts: Texts): Rows {
  const slab = createColumns({ ints: INTS, floats: FLOATS });
  const { int, setInt, float, setFloat } = slab;
  const ids = createSids(slab, ID, texts);
  const commons = createInternTable<Common>();
  const parties = createParties(texts);

  /** Each row has one. */
  const common = (row: number): Common => commons.at(int(row, COMMON)) as Common;
  const at = (row: number): number | undefined => known(float(row, AT));
  const party = (row: number): Party => parties.at(int(row, PARTY));

  return {
    keep(event, source, last) {
      const moment = eventMoment(event);
      const clock = moment?.clock;
      const key = commonKeyOf(event, clock, source.input);
      const slot = commons.take(key, () => commonOf(event, clock, source.input));
      const stage = commons.at(slot)?.stage;
      const ending = stage === "completed" ? endingOf(event) : undefined;
      const row = slab.allocate();
      ids.load(event.id);
      ids.store(row);
      setInt(row, COMMON, slot);
      setInt(row, PARTY, parties.take(partyOf(event), last === undefined ? undefined : int(last, PARTY)));
      setInt(row, URL, texts.take(event.request?.url));
      setInt(row, PATH, texts.take(source.path === "" ? undefined : source.path));
      setInt(row, SEQUENCE, (stage === undefined ? undefined : sequenceOf(event)) ?? -1);
      setInt(row, DURATION, ending?.callDuration ?? -1);
      setInt(row, SIP, ending?.sipCode ?? -1);
      setInt(row, LINE, source.line);
      setInt(row, TIMES, 1);
      setInt(row, NEXT, -1);
      setFloat(row, AT, moment?.at ?? Number.NaN);
      setFloat(row, RESPONSE_MS, event.response?.durationMs ?? Number.NaN);
      setFloat(row, OFFSET, source.offset);
      setFloat(row, COLUMN, source.column);
      return row;
    },
    keeperOf(packed, linesBefore) {
      const { ints, floats } = packed.records;
      // Slot 0 holds none, and no row has it.
      const makers = packed.commons.map((common) => ({ key: JSON.stringify(common), make: () => common as Common }));
      return (index, last) => {
        const from = index * INTS;
        const row = slab.allocate();
        const field = (at: number): number => ints[from + at] as number;
        const move = (slot: number): number => texts.take(packed.texts[slot]);
        for (let at = 0; at < INTS; at++) setInt(row, at, field(at));
        for (let at = 0; at < FLOATS; at++) setFloat(row, at, floats[index * FLOATS + at] as number);
        ids.loadStored(ints, from + ID, packed.texts);
        ids.store(row);
        const { key, make } = makers[field(COMMON)] as (typeof makers)[number];
        setInt(row, COMMON, commons.take(key, make));
        const lastParty = last === undefined ? undefined : int(last, PARTY);
        setInt(row, PARTY, parties.takeStored(packed.parties, field(PARTY), packed.texts, lastParty));
        setInt(row, URL, move(field(URL)));
        setInt(row, PATH, move(field(PATH)));
        setInt(row, LINE, field(LINE) + linesBefore);
        return row;
      };
    },
    pack: () => ({
      count: slab.end,
      records: slab.copy(),
      parties: parties.copy(),
      texts: texts.all(),
      commons: commons.all(),
    }),
    release(row) {
      ids.release(row);
      commons.release(int(row, COMMON));
      parties.release(int(row, PARTY));
      texts.release(int(row, URL));
      texts.release(int(row, PATH));
      slab.free(row);
    },
    /**
     * Two events are the same if they have the same id (twilio.com/docs/events/event-delivery-and-duplication); the
     * published examples share one id among types, though. What has no id is the same when it tells the same.
     */
    isSame(one, other) {
      if (!ids.isSame(one, other)) return false;
      const [first, second] = [common(one), common(other)];
      if (first.type !== second.type) return false;
      if (int(one, ID) !== 0) return true;
      return (
        at(one) === at(other) &&
        int(one, SEQUENCE) === int(other, SEQUENCE) &&
        known(float(one, RESPONSE_MS)) === known(float(other, RESPONSE_MS)) &&
        first.kind === second.kind &&
        first.status === second.status &&
        first.method === second.method &&
        first.code === second.code &&
        texts.at(int(one, URL)) === texts.at(int(other, URL))
      );
    },
    identityOf(row) {
      const id = ids.get(row);
      const { type, kind, status, method, code } = common(row);
      if (id !== undefined) return `${id} ${type}`;
      const told = [at(row), int(row, SEQUENCE), known(float(row, RESPONSE_MS)), texts.at(int(row, URL))];
      return JSON.stringify([...told, type, kind, status, method, code]);
    },
    repeat: (row) => setInt(row, TIMES, int(row, TIMES) + 1),
    next: (row) => index(int(row, NEXT)),
    link: (row, next) => setInt(row, NEXT, next),
    at,
    party,
    hasParent: (row) => parties.hasParent(int(row, PARTY)),
    brief: (row) => ({ common: common(row), party: party(row), at: at(row) }),
    get(row) {
      const callDuration = index(int(row, DURATION));
      const sipCode = index(int(row, SIP));
      return {
        common: common(row),
        party: party(row),
        ending: callDuration === undefined && sipCode === undefined ? undefined : { callDuration, sipCode },
        id: ids.get(row),
        at: at(row),
        sequence: index(int(row, SEQUENCE)),
        durationMs: known(float(row, RESPONSE_MS)),
        url: texts.at(int(row, URL)),
        times: int(row, TIMES),
        path: texts.at(int(row, PATH)) ?? "",
        line: int(row, LINE) >>> 0,
        column: float(row, COLUMN),
        offset: float(row, OFFSET),
      };
    },
  };
}

const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

/** Numbers that are never below zero stand as -1 where there is none. */
const index = (value: number): number | undefined => (value < 0 ? undefined : value);
