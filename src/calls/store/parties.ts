import { createColumns, type Records } from "./columns.ts";
import type { Texts } from "./intern.ts";
import type { Party } from "./row.ts";

/** Who talks to whom, in a few bytes for each pair; records of it are counted by their uses. */
export interface Parties {
  /** The record of a party, the given last one when it is that; counts as one use. */
  take(party: Party, last: number | undefined): number;
  /** The same of a party that was kept elsewhere, in the records and texts that are given. */
  takeStored(
    records: Records,
    record: number,
    slots: readonly (string | undefined)[],
    last: number | undefined,
  ): number;
  /** All records, as `takeStored` takes them. */
  copy(): Records;
  at(record: number): Party;
  hasParent(record: number): boolean;
  release(record: number): void;
}

const USES = 0;
const DIRECTION = 1;
const PARENT = 2;
const INTS = 3;
const FROM = 0;
const TO = 1;
const FLOATS = 2;

/** So long that a whole number holds it exactly; no phone number is longer. */
const phone = /^\+[1-9]\d{0,14}$/;

/** Keeps parties: phone numbers as numbers, all else as texts. */
export function createParties(texts: Texts): Parties {
  const slab = createColumns({ ints: INTS, floats: FLOATS });

  /** The party that was last asked for: the rows of a call share theirs. */
  let made: { readonly record: number; readonly party: Party } | undefined;

  /** A phone number as it is, any other text as its slot below zero. */
  function encode(text: string | undefined): number {
    if (text !== undefined && phone.test(text)) return Number(text);
    return -texts.take(text);
  }

  const decode = (code: number): string | undefined => (code > 0 ? `+${code}` : texts.at(-code));

  function letGo(code: number): void {
    if (code < 0) texts.release(-code);
  }

  /** Keeps a party of texts that were taken for it; lets them go when the last one is the same. */
  function keep(direction: number, parent: number, from: number, to: number, last: number | undefined): number {
    const isLast =
      last !== undefined &&
      slab.int(last, DIRECTION) === direction &&
      slab.int(last, PARENT) === parent &&
      slab.float(last, FROM) === from &&
      slab.float(last, TO) === to;
    if (isLast) {
      texts.release(direction);
      texts.release(parent);
      letGo(from);
      letGo(to);
      slab.setInt(last, USES, slab.int(last, USES) + 1);
      return last;
    }
    const record = slab.allocate();
    slab.setInt(record, USES, 1);
    slab.setInt(record, DIRECTION, direction);
    slab.setInt(record, PARENT, parent);
    slab.setFloat(record, FROM, from);
    slab.setFloat(record, TO, to);
    return record;
  }

  return {
    take: ({ direction, parentSid, from, to }, last) =>
      keep(texts.take(direction), texts.take(parentSid), encode(from), encode(to), last),
    takeStored({ ints, floats }, record, slots, last) {
      const move = (slot: number): number => texts.take(slots[slot]);
      const recode = (code: number): number => (code > 0 ? code : -move(-code));
      const int = (field: number): number => ints[record * INTS + field] as number;
      const float = (field: number): number => floats[record * FLOATS + field] as number;
      return keep(move(int(DIRECTION)), move(int(PARENT)), recode(float(FROM)), recode(float(TO)), last);
    },
    copy: slab.copy,
    at(record) {
      if (record !== made?.record) {
        const party = {
          direction: texts.at(slab.int(record, DIRECTION)),
          from: decode(slab.float(record, FROM)),
          to: decode(slab.float(record, TO)),
          parentSid: texts.at(slab.int(record, PARENT)),
        };
        made = { record, party };
      }
      return made.party;
    },
    hasParent: (record) => slab.int(record, PARENT) !== 0,
    release(record) {
      const uses = slab.int(record, USES) - 1;
      slab.setInt(record, USES, uses);
      if (uses > 0) return;
      made = undefined;
      texts.release(slab.int(record, DIRECTION));
      texts.release(slab.int(record, PARENT));
      letGo(slab.float(record, FROM));
      letGo(slab.float(record, TO));
      slab.free(record);
    },
  };
}
