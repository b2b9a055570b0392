import type { EventKind, JsonObject, TwilioEvent } from "../events/event.ts";
import { type Clock, eventMoment } from "../events/moment.ts";

/** Where an event stands in its input; see `Origin` of the event. */
export interface StepSource {
  readonly input: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly path: string;
}

/** The four steps that status callbacks tell of: twilio.com/docs/voice/api/call-resource#statuscallbackevent. */
export type Stage = "initiated" | "ringing" | "answered" | "completed";

/** Who says so: the current event type, the deprecated one, the Call Events resource, or a classic callback. */
export type Family = "current" | "deprecated" | "call-event" | "callback";

/** What many events share, so that it is kept once. */
interface Common {
  readonly kind: EventKind;
  readonly family: Family;
  readonly type: string | undefined;
  readonly stage: Stage | undefined;
  readonly status: string | undefined;
  readonly clock: Clock | undefined;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly code: number | undefined;
  readonly input: string;
  readonly path: string;
}

/** Who talks to whom. */
export interface Party {
  readonly direction: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly parentSid: string | undefined;
}

/** What only terminal callbacks carry: seconds, and the last SIP answer. */
interface Ending {
  readonly callDuration: number | undefined;
  readonly sipCode: number | undefined;
}

/** All that is kept of an event, about 150 bytes and its id. */
export interface Row {
  next: Row | undefined;
  readonly common: Common;
  readonly party: Party;
  readonly ending: Ending | undefined;
  readonly id: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number | undefined;
  readonly sequence: number | undefined;
  readonly durationMs: number | undefined;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The statuses that end a call; one page of the documentation spells the last with two l. */
const terminalStatuses: ReadonlySet<string> = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

/** Whether a call is over with this status. */
export function isTerminal(status: string | undefined): boolean {
  return status !== undefined && terminalStatuses.has(status);
}

const statusOrder: readonly (string | undefined)[] = [undefined, "queued", "initiated", "ringing", "in-progress"];

/** How far a call has come with this status: terminal ones are the furthest, unknown ones next to nothing. */
export function rankOf(status: string | undefined): number {
  return isTerminal(status)
    ? statusOrder.length
    : Math.max(statusOrder.indexOf(status), status === undefined ? 0 : 0.5);
}

const stageOfType = /^com\.twilio\.voice\.(webhook\.)?status-callback\.call\.(initiated|ringing|answered|completed)$/;

const stageOfStatus: ReadonlyMap<string, Stage> = new Map([
  ["initiated", "initiated"],
  ["ringing", "ringing"],
  ["in-progress", "answered"],
  ...Array.from(terminalStatuses, (status) => [status, "completed"] as const),
]);

/** How many of the latest `Common` are found again. A URL of its own for each call would fill the memory. */
const KEPT = 4096;

/** Makes rows of events; what rows share stands in them once. */
export function createRows(): (event: TwilioEvent, source: StepSource, last: Party | undefined) => Row {
  const known = new Map<string, Common>();

  function commonOf(event: TwilioEvent, clock: Clock | undefined, { input, path }: StepSource): Common {
    const { kind, type, request, response } = event;
    const parts = [kind, type, event.status, clock, request?.method, request?.url, response?.code, input, path];
    const isProgress = kind === "event" || isProgressCallback(event);
    const key = `${isProgress}\n${parts.join("\n")}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= KEPT) known.clear();
    const status = event.status === "cancelled" ? "canceled" : event.status;
    const [, old, named] = stageOfType.exec(type ?? "") ?? [];
    const callback = isProgress && kind !== "event" && status !== undefined ? stageOfStatus.get(status) : undefined;
    const common: Common = {
      kind,
      family: kind !== "event" ? kind : old === undefined ? "current" : "deprecated",
      type,
      stage: (named as Stage | undefined) ?? callback,
      status,
      clock,
      method: request?.method,
      url: request?.url,
      code: response?.code,
      input,
      path,
    };
    known.set(key, common);
    return common;
  }

  return (event, source, last) => {
    const moment = eventMoment(event);
    const common = commonOf(event, moment?.clock, source);
    return {
      next: undefined,
      common,
      party: partyOf(event, last),
      ending: common.stage === "completed" ? endingOf(event) : undefined,
      id: event.id,
      at: moment?.at,
      sequence: common.stage === undefined ? undefined : wholeNumber(read(event, "SequenceNumber", "sequence_number")),
      durationMs: event.response?.durationMs,
      line: source.line,
      column: source.column,
      offset: source.offset,
    };
  };
}

/**
 * A request for TwiML carries a CallStatus too. Only status callbacks say where they come from or carry a number, and the
 * last one alone a duration: twilio.com/docs/voice/api/call-resource#statuscallback.
 */
function isProgressCallback(event: TwilioEvent): boolean {
  const source = read(event, "CallbackSource", "callback_source");
  if (source !== undefined) return source === "call-progress-events";
  if (event.status === undefined) return false;
  return (
    wholeNumber(read(event, "SequenceNumber", "sequence_number")) !== undefined ||
    wholeNumber(read(event, "CallDuration", "call_duration")) !== undefined
  );
}

function partyOf(event: TwilioEvent, last: Party | undefined): Party {
  const direction = text(read(event, "Direction", "direction"));
  const from = text(read(event, "From", "from"));
  const to = text(read(event, "To", "to"));
  const parentSid = parentSidOf(event);
  const isLast =
    last?.direction === direction && last?.from === from && last?.to === to && last?.parentSid === parentSid;
  return isLast && last !== undefined ? last : { direction, from, to, parentSid };
}

/** The call that this one is a leg of. */
export function parentSidOf(event: TwilioEvent): string | undefined {
  return text(read(event, "ParentCallSid", "parent_call_sid"));
}

function endingOf(event: TwilioEvent): Ending | undefined {
  const callDuration = wholeNumber(read(event, "CallDuration", "call_duration"));
  const sipCode = wholeNumber(read(event, "SipResponseCode", "sip_response_code"));
  return callDuration === undefined && sipCode === undefined ? undefined : { callDuration, sipCode };
}

/** A parameter, by its name in events and callbacks or by the one in the Call Events resource. */
function read({ kind, parameters }: TwilioEvent, name: string, snake: string): unknown {
  const key = kind === "call-event" ? snake : name;
  return parameters !== undefined && hasOwn(parameters, key) ? parameters[key] : undefined;
}

const hasOwn = (object: JsonObject, key: string): boolean => Object.hasOwn(object, key);

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number up to a billion, also as text, as all parameters are. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number < 1e9 ? number : undefined;
}
