import type { TwilioEvent } from "../../events/event.ts";
import type { Clock } from "../../events/event-time.ts";
import { type Common, type Ending, type Party, type Stage, terminalStatuses } from "./row.ts";

const stageOfType = /^com\.twilio\.voice\.(webhook\.)?status-callback\.call\.(initiated|ringing|answered|completed)$/;

const stageOfStatus: ReadonlyMap<string, Stage> = new Map([
  ["initiated", "initiated"],
  ["ringing", "ringing"],
  ["in-progress", "answered"],
  ...Array.from(terminalStatuses, (status) => [status, "completed"] as const),
]);

/** What tells the common part of an event from others. */
export function commonKeyOf(event: TwilioEvent, clock: Clock | undefined, input: string): string {
  const { kind, type, status, request, response } = event;
  return `${isProgress(event)}\n${kind}\n${type}\n${status}\n${clock}\n${request?.method}\n${response?.code}\n${input}`;
}

/** The part of an event that it has in common with many. */
export function commonOf(event: TwilioEvent, clock: Clock | undefined, input: string): Common {
  const { kind, type, request, response } = event;
  const status = event.status === "cancelled" ? "canceled" : event.status;
  const [, old, named] = stageOfType.exec(type ?? "") ?? [];
  const callback =
    kind !== "event" && status !== undefined && isProgress(event) ? stageOfStatus.get(status) : undefined;
  return {
    kind,
    family: kind !== "event" ? kind : old === undefined ? "current" : "deprecated",
    type,
    stage: (named as Stage | undefined) ?? callback,
    status,
    clock,
    method: request?.method,
    code: response?.code,
    input,
  };
}

/** The number that status callbacks are counted by. */
export function sequenceOf(event: TwilioEvent): number | undefined {
  return wholeNumber(read(event, "SequenceNumber", "sequence_number"));
}

const isProgress = (event: TwilioEvent): boolean => event.kind === "event" || isProgressCallback(event);

/**
 * A request for TwiML carries a CallStatus too. Only status callbacks say where they come from or carry a number, and the
 * last one alone a duration: twilio.com/docs/voice/api/call-resource#statuscallback.
 */
function isProgressCallback(event: TwilioEvent): boolean {
  const source = read(event, "CallbackSource", "callback_source");
  if (source !== undefined) return source === "call-progress-events";
  if (event.status === undefined) return false;
  return sequenceOf(event) !== undefined || wholeNumber(read(event, "CallDuration", "call_duration")) !== undefined;
}

/** Who talks to whom, as the event says. */
export function partyOf(event: TwilioEvent): Party {
  return {
    direction: text(read(event, "Direction", "direction")),
    from: text(read(event, "From", "from")),
    to: text(read(event, "To", "to")),
    parentSid: parentSidOf(event),
  };
}

/** The call that this one is a leg of. */
export function parentSidOf(event: TwilioEvent): string | undefined {
  return text(read(event, "ParentCallSid", "parent_call_sid"));
}

/** What the last callback of a call says of it. */
export function endingOf(event: TwilioEvent): Ending | undefined {
  const callDuration = wholeNumber(read(event, "CallDuration", "call_duration"));
  const sipCode = wholeNumber(read(event, "SipResponseCode", "sip_response_code"));
  return callDuration === undefined && sipCode === undefined ? undefined : { callDuration, sipCode };
}

/** A parameter, by its name in events and callbacks or by the one in the Call Events resource. */
function read({ kind, parameters }: TwilioEvent, name: string, snake: string): unknown {
  const key = kind === "call-event" ? snake : name;
  return parameters?.[key];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number up to a billion, also as text, as all parameters are. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number < 1e9 ? number : undefined;
}
