import type { Random } from "../../cli/random.ts";
import type { Happening } from "./call-builder.ts";
import { deprecatedType, type Family, type SampledEvent, type SchemaVersion, toEvent } from "./sample-event.ts";

/** An event on its way to the subscriber. */
export interface Delivery {
  /** What the event tells of. */
  readonly happening: Happening;
  readonly event: SampledEvent;
  /** When it arrives, in epoch milliseconds. */
  readonly arrival: number;
}

/** What became of a call's events. */
export interface Deliveries {
  /** In the order of arrival; an event that arrives twice stands twice. */
  readonly arrived: readonly Delivery[];
  /** Events that were made: a lost one counts, a repetition does not. */
  readonly made: readonly Pick<Delivery, "happening" | "event">[];
  readonly lost: ReadonlySet<Happening>;
}

interface Ways {
  readonly family: Family;
  readonly schema: SchemaVersion;
  readonly delivery: "lossy" | "shuffled" | undefined;
}

/** Makes the events of what happened and delivers them: in order, unless the scenario is about something else. */
export function deliver(happenings: readonly Happening[], ways: Ways, random: Random): Deliveries {
  const made = happenings.flatMap((happening) =>
    typesOf(happening, ways.family).map((type) => {
      // What happened has the id of the current type, so that another family changes no other event.
      const id = type === happening.type || ways.family !== "both" ? happening.id : random.sid("VW");
      return { happening, event: toEvent(happening, type, id, ways.schema) };
    }),
  );
  if (ways.delivery === "shuffled") return { made, arrived: late(made, random), lost: new Set() };
  const lost = new Set(ways.delivery === "lossy" ? [oneOf(happenings, random)] : []);
  const kept = made.filter(({ happening }) => !lost.has(happening));
  return { made, arrived: inOrder(kept, random), lost };
}

/** The current type first: it is the one that stays. */
function typesOf({ type }: Happening, family: Family): readonly string[] {
  const old = deprecatedType(type);
  if (family === "current" || old === undefined) return [type];
  return family === "deprecated" ? [old] : [type, old];
}

/** A step in the middle of a call, so that its beginning and end stay known. */
function oneOf(happenings: readonly Happening[], random: Random): Happening {
  const [first, ...others] = happenings.filter(({ stage }) => stage === "ringing" || stage === "answered");
  if (first === undefined) throw new Error("the scenario has no callback to lose");
  return random.pick([first, ...others]);
}

/** Soon after the answer is known, and never before an event of what happened earlier. */
function inOrder(made: Deliveries["made"], random: Random): readonly Delivery[] {
  let last = 0;
  return made.map(({ happening, event }) => {
    const { at, reply } = happening;
    last = Math.max(last + 1, at + (reply?.durationMs ?? 0) + random.between(40, 400));
    return { happening, event, arrival: last };
  });
}

/** As when the subscriber was out of reach until the call was over: retried in any order but the right one. */
function late(made: Deliveries["made"], random: Random): readonly Delivery[] {
  const [first, ...others] = random.shuffle(made);
  if (first === undefined) return [];
  const isInOrder = [first, ...others].every((each, index) => each === made[index]);
  const order = isInOrder ? [...others, first] : [first, ...others];
  order.push(random.pick([first, ...others]));
  let arrival = made.reduce((latest, { happening }) => Math.max(latest, happening.at), 0);
  return order.map((each) => {
    arrival += random.between(200, 5000);
    return { ...each, arrival };
  });
}
