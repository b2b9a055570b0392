import type { EventKind } from "../events/event.ts";
import type { Finding } from "../findings/finding.ts";
import type { Draft } from "./calls.ts";
import type { Counted } from "./group-findings.ts";
import type { StepPosition } from "./store/row.ts";

/** An event as it was found. */
export interface StoredEvent {
  readonly kind: EventKind;
  readonly text: string;
  readonly source: StepPosition;
}

/** The texts of the events of calls. */
export interface EventStore {
  /** Keeps an event; `isSuspect` when something is wrong with it. */
  add(draft: Draft, event: StoredEvent, isSuspect: boolean): void;
  /** How many bytes of the call's events are there; 0 when they are not, or no longer, all kept. */
  size(draft: Draft): number;
  of(draft: Draft): readonly StoredEvent[];
}

interface Entry {
  readonly events: { readonly kind: EventKind; readonly bytes: Buffer; readonly source: StepPosition }[];
  size: number;
  isSuspect: boolean;
}

/** A longer event is not kept: it is in the input, at its place. */
const MAX_EVENT_CHARS = 65_536;

/**
 * Keeps events of calls, in at most so many bytes. When there is no room those of the oldest call go of which nothing
 * wrong is known, then those of the oldest; a call of which any has gone is kept no more.
 */
export function createEventStore(room: number): EventStore {
  const entries = new Map<Draft, Entry>();
  const gone = new Set<Draft>();
  let total = 0;

  function drop(draft: Draft, { size }: Entry): void {
    entries.delete(draft);
    gone.add(draft);
    total -= size;
  }

  function makeRoom(): void {
    if (total <= room) return;
    for (const isForced of [false, true]) {
      for (const [draft, entry] of entries) {
        if (isForced || !entry.isSuspect) drop(draft, entry);
        // Some at a time: to look for the oldest at each event would take as long as there are calls.
        if (total <= room * 0.9) return;
      }
    }
  }

  return {
    add(draft, { kind, text, source }, isSuspect) {
      if (gone.has(draft)) return;
      // A slice of a text keeps all of it alive; bytes do not.
      const bytes = Buffer.from(text.length > MAX_EVENT_CHARS ? "" : text);
      const entry = entries.get(draft) ?? { events: [], size: 0, isSuspect: false };
      entries.set(draft, entry);
      entry.events.push({ kind, bytes, source });
      entry.isSuspect ||= isSuspect;
      entry.size += bytes.length;
      total += bytes.length;
      makeRoom();
    },
    size: (draft) => entries.get(draft)?.size ?? 0,
    of: (draft) =>
      (entries.get(draft)?.events ?? []).flatMap(({ kind, bytes, source }) =>
        bytes.length === 0 ? [] : [{ kind, text: bytes.toString(), source }],
      ),
  };
}

/** So many findings of one rule are kept of a call; the others are counted. */
const MAX_PER_RULE = 3;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is wrong with the single events of calls, until the calls are put together. */
export interface EventFindings {
  add(draft: Draft, finding: Finding, locate: () => StepPosition): void;
  of(draft: Draft): readonly Counted[];
}

/** Keeps a few findings of each rule a call; where one stands is only asked of those that are kept. */
export function createEventFindings(): EventFindings {
  const known = new Map<Draft, Mutable<Counted>[]>();
  return {
    add(draft, finding, locate) {
      const findings = known.get(draft) ?? [];
      known.set(draft, findings);
      const alike = findings.filter(({ rule }) => rule === finding.rule);
      const last = alike.at(-1);
      if (last === undefined || alike.length < MAX_PER_RULE) findings.push({ ...finding, source: locate() });
      else last.more = (last.more ?? 0) + 1;
    },
    of: (draft) => known.get(draft) ?? [],
  };
}

const ofCalls: ReadonlySet<string> = new Set(["response-failed", "response-slow"]);

/** Whether the rule is left to the judge of calls, which tells of each callback once, however many events tell of it. */
export const isOfCalls = ({ rule }: Pick<Finding, "rule">): boolean => ofCalls.has(rule);
