import type { Happening, Leg, Stage } from "./call-builder.ts";
import type { Deliveries } from "./delivery.ts";

interface TruthStep {
  readonly stage?: Stage;
  readonly status?: string;
  /** RFC 3339, to the millisecond. */
  readonly at: string;
  readonly sequence?: number;
  readonly type: string;
  readonly id: string;
}

/**
 * What is true of one leg, under the names that `timeline` has for it. What nobody can know from the delivered events is
 * absent, and lost steps stand apart: so a timeline of these events is right when it says the same.
 */
export interface GroundTruth {
  readonly scenario: string;
  readonly sid: string;
  readonly parentSid?: string;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly status?: string;
  readonly start: string;
  readonly end?: string;
  readonly totalMs?: number;
  readonly ringMs?: number;
  readonly talkMs?: number;
  /** What was delivered, each step once, in the order in which it happened. */
  readonly steps: readonly TruthStep[];
  /** How many events were made of the leg. */
  readonly events: number;
  /** How many arrived, repetitions counted. */
  readonly delivered: number;
  /** Steps that were made and never arrived. */
  readonly lost: readonly TruthStep[];
  /** The ids of events that arrived twice. */
  readonly duplicated: readonly string[];
}

/** The truth of a leg whose call's events were delivered so. */
export function groundTruthOf(scenario: string, leg: Leg, { made, arrived, lost }: Deliveries): GroundTruth {
  const ofLeg = ({ happening }: { readonly happening: Happening }): boolean => happening.leg === leg;
  const own = made.filter(ofLeg);
  const delivered = arrived.filter(ofLeg);
  const steps: TruthStep[] = [];
  const lostSteps: TruthStep[] = [];
  const times = new Map<Stage, number>();
  let start = Number.POSITIVE_INFINITY;
  let last: Happening | undefined;
  for (const { happening, event } of own) {
    // A second event of one happening, that of the other family, is no step of its own.
    if (happening === last) continue;
    last = happening;
    const step = toStep(happening, event.type);
    if (lost.has(happening)) {
      lostSteps.push(step);
      continue;
    }
    steps.push(step);
    start = Math.min(start, happening.at);
    if (happening.stage !== undefined) times.set(happening.stage, happening.at);
  }
  const status = steps.find(({ stage }) => stage === "completed")?.status;
  const end = times.get("completed");
  const answered = times.get("answered");
  // Of a call that was answered, the end is not where it stopped ringing.
  const rangUntil = answered ?? (status === "completed" ? undefined : end);
  return {
    scenario,
    sid: leg.sid,
    ...(leg.parent !== undefined && { parentSid: leg.parent.sid }),
    direction: leg.direction,
    from: leg.from.number,
    to: leg.to.number,
    ...(status !== undefined && { status }),
    start: new Date(start).toISOString(),
    ...(end !== undefined && { end: new Date(end).toISOString() }),
    ...member("totalMs", start, end),
    ...member("ringMs", times.get("ringing"), rangUntil),
    ...member("talkMs", answered, end),
    steps,
    events: own.length,
    delivered: delivered.length,
    lost: lostSteps,
    duplicated: delivered.map(({ event }) => event.id).filter((id, index, ids) => ids.indexOf(id) !== index),
  };
}

function toStep({ stage, at, id, parameters }: Happening, type: string): TruthStep {
  const { CallStatus: status, SequenceNumber: sequence } = parameters;
  return {
    ...(stage !== undefined && { stage }),
    ...(status !== undefined && { status }),
    at: new Date(at).toISOString(),
    ...(sequence !== undefined && { sequence: Number(sequence) }),
    type,
    id,
  };
}

/** The time between, where both ends are known. */
function member(name: "totalMs" | "ringMs" | "talkMs", from: number | undefined, to: number | undefined) {
  return from !== undefined && to !== undefined && { [name]: to - from };
}
