import type { EventKind } from "../../events/event.ts";
import type { Clock } from "../../events/event-time.ts";

/** Where an event stands in its input; see `Origin` of the event. */
export interface StepPosition {
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
export interface Common {
  readonly kind: EventKind;
  readonly family: Family;
  readonly type: string | undefined;
  readonly stage: Stage | undefined;
  readonly status: string | undefined;
  readonly clock: Clock | undefined;
  readonly method: string | undefined;
  readonly code: number | undefined;
  readonly input: string;
}

/** Who talks to whom. */
export interface Party {
  readonly direction: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly parentSid: string | undefined;
}

/** What only terminal callbacks carry: seconds, and the last SIP answer. */
export interface Ending {
  readonly callDuration: number | undefined;
  readonly sipCode: number | undefined;
}

/** All that is kept of an event, as it is made again when it is looked at. */
export interface Row {
  readonly common: Common;
  readonly party: Party;
  readonly ending: Ending | undefined;
  readonly id: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number | undefined;
  readonly sequence: number | undefined;
  readonly durationMs: number | undefined;
  readonly url: string | undefined;
  /** How often it came. */
  readonly times: number;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The statuses that end a call; one page of the documentation spells the last with two l. */
export const terminalStatuses: ReadonlySet<string> = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);

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
