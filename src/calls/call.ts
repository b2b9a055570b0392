import { type Clock, isExact } from "../events/event-time.ts";
import { mostFirst } from "./statistics.ts";
import { inOrder, inSteps, type Reports } from "./step-order.ts";
import { isTerminal, type Party, type Row, rankOf, type Stage, type StepPosition } from "./store/row.ts";

/** What Twilio asked your server, or its own API, and what came back. */
interface Callback {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly code: number | undefined;
  readonly durationMs: number | undefined;
}

/** One step of a call. What is not known of it is undefined. */
export interface Step {
  /** Only of the four steps that status callbacks tell of. */
  readonly stage: Stage | undefined;
  readonly status: string | undefined;
  /** Epoch milliseconds, and the same from the call's first step on. */
  readonly at: number | undefined;
  readonly offsetMs: number | undefined;
  readonly clock: Clock | undefined;
  readonly sequence: number | undefined;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly callback: Callback | undefined;
  readonly source: StepPosition;
  /** The events that report the step. */
  readonly reports: Reports;
}

/** A part of a call, in milliseconds from its first step. */
interface Phase {
  /** `before answer` is setup and ringing where nothing tells when it began to ring; `call` where no part is known. */
  readonly name: "setup" | "ringing" | "before answer" | "in progress" | "call";
  readonly fromMs: number;
  readonly toMs: number;
  /** Nothing tells of its end; `toMs` is the last that is known of the call. */
  readonly isOpen: boolean;
}

/** A call as its events tell it. What they do not tell is undefined; times are epoch milliseconds. */
export interface Call {
  readonly sid: string;
  readonly parentSid: string | undefined;
  readonly direction: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The terminal CallStatus where there is one, else the furthest. */
  readonly status: string | undefined;
  readonly isOver: boolean;
  /** The first step, unless that is the end. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly totalMs: number | undefined;
  readonly ringMs: number | undefined;
  readonly talkMs: number | undefined;
  /** Seconds, as Twilio says with the end. */
  readonly callDuration: number | undefined;
  readonly sipCode: number | undefined;
  /** The clocks that the steps were put in order by, the most used first. */
  readonly clocks: readonly Clock[];
  /** Whether the times are whole seconds. */
  readonly isCoarse: boolean;
  readonly phases: readonly Phase[];
  readonly steps: readonly Step[];
}

/** Puts a call together from the rows of its events, in their order of arrival. */
export function toCall(sid: string, rows: readonly Row[]): Call {
  const steps = inSteps(inOrder(rows));
  const mains = steps.map(([row]) => row);
  const first = mains.find(({ at }) => at !== undefined);
  const firstAt = first?.at;
  // Of several ends the first that a status callback tells of.
  const ends = steps.filter(([{ common }]) => isTerminal(common.status));
  const over = ends.find(([{ common }]) => common.stage !== undefined) ?? ends[0];
  const last = over?.[0];
  const start = first === last ? undefined : firstAt;
  const end = last?.at;
  const ringing = timeOf(mains, "ringing");
  const answered = timeOf(mains, "answered");
  const isAnswered = answered !== undefined || last?.common.status === "completed";
  const ending = over?.find((each) => each.ending !== undefined)?.ending;
  const clocks = clocksOf(mains);
  return {
    sid,
    ...partyOf(steps),
    status: last?.common.status ?? furthest(mains),
    isOver: over !== undefined,
    start,
    end,
    totalMs: between(start, end),
    ringMs: between(ringing, isAnswered ? answered : end),
    talkMs: between(answered, end),
    callDuration: ending?.callDuration,
    sipCode: ending?.sipCode,
    clocks,
    isCoarse: clocks.length > 0 && !clocks.some(isExact),
    phases: firstAt === undefined ? [] : phasesOf(mains, firstAt, { ringing, answered, end, isAnswered }),
    steps: steps.map((reports) => toStep(reports, firstAt)),
  };
}

/** Of each fact the first that is known. */
function partyOf(steps: readonly Reports[]): Party {
  const facts = { parentSid: undefined, direction: undefined, from: undefined, to: undefined } as {
    -readonly [Fact in keyof Party]: Party[Fact];
  };
  let last: Party | undefined;
  for (const reports of steps) {
    for (const { party } of reports) {
      if (party === last) continue;
      last = party;
      facts.parentSid ??= party.parentSid;
      facts.direction ??= party.direction;
      facts.from ??= party.from;
      facts.to ??= party.to;
    }
  }
  return facts;
}

function furthest(rows: readonly Row[]): string | undefined {
  let best: string | undefined;
  for (const { common } of rows) if (rankOf(common.status) > rankOf(best)) best = common.status;
  return best;
}

function timeOf(rows: readonly Row[], stage: Stage): number | undefined {
  return rows.find(({ common, at }) => common.stage === stage && at !== undefined)?.at;
}

/** Undefined too when the end comes first: then one of them is wrong. */
function between(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

function clocksOf(rows: readonly Row[]): readonly Clock[] {
  const uses = new Map<Clock, number>();
  for (const { common } of rows) {
    if (common.clock !== undefined) uses.set(common.clock, (uses.get(common.clock) ?? 0) + 1);
  }
  return mostFirst(uses).map(([clock]) => clock);
}

interface Milestones {
  readonly ringing: number | undefined;
  readonly answered: number | undefined;
  readonly end: number | undefined;
  readonly isAnswered: boolean;
}

/** Only what the steps prove: a call that was answered at an unknown time has no ringing and no talk. */
function phasesOf(rows: readonly Row[], first: number, milestones: Milestones): readonly Phase[] {
  const { ringing, answered, end, isAnswered } = milestones;
  const last = rows.reduce((most, { at }) => Math.max(most, at ?? most), first);
  const phases: Phase[] = [];
  function add(name: Phase["name"], from: number | undefined, to: number | undefined): void {
    if (from === undefined) return;
    const until = to ?? last;
    if (until < from) return;
    phases.push({ name, fromMs: from - first, toMs: until - first, isOpen: to === undefined });
  }
  const begun = rows.some((row) => row.common.stage === "initiated" || isCreation(row)) ? first : undefined;
  if (ringing !== undefined) {
    add("setup", begun === undefined || begun > ringing ? undefined : begun, ringing);
    if (answered !== undefined || !isAnswered) add("ringing", ringing, answered ?? end);
  } else if (answered !== undefined) {
    add("before answer", begun, answered);
  } else if (!isAnswered) {
    add("before answer", begun, end);
  }
  add("in progress", answered, end);
  if (phases.length === 0 && end !== undefined && end > first) add("call", first, end);
  return phases;
}

const isCreation = ({ common: { type } }: Row): boolean => type === "com.twilio.voice.api-request.call.created";

function toStep(reports: Reports, firstAt: number | undefined): Step {
  const [row] = reports;
  const { common, at } = row;
  const asking = reports.find((each) => each.url !== undefined) ?? row;
  const answering = reports.find((each) => each.common.code !== undefined) ?? row;
  const callback = {
    method: asking.common.method,
    url: asking.url,
    code: answering.common.code,
    durationMs: answering.durationMs,
  };
  return {
    stage: common.stage,
    status: common.status,
    at,
    offsetMs: at === undefined || firstAt === undefined ? undefined : at - firstAt,
    clock: common.clock,
    sequence: reports.find(({ sequence }) => sequence !== undefined)?.sequence,
    type: common.type,
    id: row.id,
    callback: Object.values(callback).some((value) => value !== undefined) ? callback : undefined,
    source: { input: common.input, line: row.line, column: row.column, offset: row.offset, path: row.path },
    reports,
  };
}
