import { type Clock, isExact } from "../events/event-time.ts";
import { inOrder, inSteps, type StepReports } from "./step-order.ts";
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
  /** What each step was made of, for the verdicts. */
  readonly told: readonly StepReports[];
}

/** Puts a call together from the rows of its events, in their order of arrival. */
export function toCall(sid: string, rows: readonly Row[]): Call {
  const told = inSteps(inOrder(rows));
  const firstAt = told.find(({ row }) => row.at !== undefined)?.row.at;
  const { parentSid, direction, from, to } = partyOf(told);
  const over = terminalOf(told);
  const first = told.find(({ row }) => row.at !== undefined);
  const start = first === undefined || first === over ? undefined : firstAt;
  const end = over?.row.at;
  const ringing = timeOf(told, "ringing");
  const answered = timeOf(told, "answered");
  const isAnswered = answered !== undefined || over?.row.common.status === "completed";
  const ending = over && [over.row, ...over.others].find((each) => each.ending !== undefined)?.ending;
  const clocks = clocksOf(told);
  return {
    sid,
    parentSid,
    direction,
    from,
    to,
    status: over?.row.common.status ?? furthest(told),
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
    phases: firstAt === undefined ? [] : phasesOf(told, firstAt, { ringing, answered, end, isAnswered }),
    steps: told.map((each) => toStep(each, firstAt)),
    told,
  };
}

/** Of each fact the first that is known. */
function partyOf(told: readonly StepReports[]): Party {
  let known: Party | undefined;
  const learn = (party: Party): void => {
    if (known === undefined) known = party;
    else if (known !== party) {
      known = {
        direction: known.direction ?? party.direction,
        from: known.from ?? party.from,
        to: known.to ?? party.to,
        parentSid: known.parentSid ?? party.parentSid,
      };
    }
  };
  for (const { row, others } of told) {
    learn(row.party);
    for (const { party } of others) learn(party);
  }
  return known ?? { direction: undefined, from: undefined, to: undefined, parentSid: undefined };
}

/** Of several ends the first that a status callback tells of. */
function terminalOf(told: readonly StepReports[]): StepReports | undefined {
  return (
    told.find(({ row: { common } }) => common.stage !== undefined && isTerminal(common.status)) ??
    told.find(({ row: { common } }) => isTerminal(common.status))
  );
}

function furthest(told: readonly StepReports[]): string | undefined {
  let best: string | undefined;
  for (const { row } of told) if (rankOf(row.common.status) > rankOf(best)) best = row.common.status;
  return best;
}

function timeOf(told: readonly StepReports[], stage: Stage): number | undefined {
  return told.find(({ row }) => row.common.stage === stage && row.at !== undefined)?.row.at;
}

/** Undefined too when the end comes first: then one of them is wrong. */
function between(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

function clocksOf(told: readonly StepReports[]): readonly Clock[] {
  const first = told[0]?.row.common.clock;
  if (first !== undefined && told.every(({ row }) => row.common.clock === first)) return [first];
  const uses = new Map<Clock, number>();
  for (const { row } of told) {
    const { clock } = row.common;
    if (clock !== undefined) uses.set(clock, (uses.get(clock) ?? 0) + 1);
  }
  return [...uses].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([clock]) => clock);
}

interface Milestones {
  readonly ringing: number | undefined;
  readonly answered: number | undefined;
  readonly end: number | undefined;
  readonly isAnswered: boolean;
}

/** Only what the steps prove: a call that was answered at an unknown time has no ringing and no talk. */
function phasesOf(told: readonly StepReports[], first: number, milestones: Milestones): readonly Phase[] {
  const { ringing, answered, end, isAnswered } = milestones;
  const last = told.reduce((most, { row }) => Math.max(most, row.at ?? most), first);
  const phases: Phase[] = [];
  function add(name: Phase["name"], from: number | undefined, to: number | undefined): void {
    if (from === undefined) return;
    const until = to ?? last;
    if (until < from) return;
    phases.push({ name, fromMs: from - first, toMs: until - first, isOpen: to === undefined });
  }
  const begun = told.some(({ row }) => row.common.stage === "initiated" || isCreation(row)) ? first : undefined;
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

function toStep({ row, others }: StepReports, firstAt: number | undefined): Step {
  const { common, at } = row;
  const answering =
    row.common.code !== undefined ? row : (others.find((each) => each.common.code !== undefined) ?? row);
  const asking = row.url !== undefined ? row : (others.find((each) => each.url !== undefined) ?? row);
  const { url } = asking;
  const { method } = asking.common;
  const { code } = answering.common;
  const { durationMs } = answering;
  const isCallback = method !== undefined || url !== undefined || code !== undefined || durationMs !== undefined;
  return {
    stage: common.stage,
    status: common.status,
    at,
    offsetMs: at === undefined || firstAt === undefined ? undefined : at - firstAt,
    clock: common.clock,
    sequence: row.sequence ?? others.find(({ sequence }) => sequence !== undefined)?.sequence,
    type: common.type,
    id: row.id,
    callback: isCallback ? { method, url, code, durationMs } : undefined,
    source: { input: common.input, line: row.line, column: row.column, offset: row.offset, path: row.path },
  };
}
