import { duration, findingOf, type Rule, several } from "../findings/finding.ts";

/** Which numbers are missing, in ranges, and the steps around the first; `before` and `after` are as in "ringing (1)". */
export interface SequenceGap {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly before: string | undefined;
  readonly after: string;
}

/** Add a rule about a call here, report it with `callFinding`, and add two samples named after it to samples/broken. */
export const callRules = {
  "call-duplicate": {
    category: "delivery",
    severity: "info",
    summary: "the same event was delivered again",
    help: "Event Streams delivers at least once, so the same event may come twice; two events are the same if they have the same id. Answer the second with 200 and do nothing. Here it is counted once.",
    message: (data: { readonly steps: readonly { readonly name: string; readonly times: number }[] }) =>
      `${several(data.steps.map(({ name, times }) => `${name} came ${times === 2 ? "twice" : `${times} times`}`))}; a handler must take an event once`,
    data: { name: "step" },
  },
  "call-double-subscription": {
    category: "delivery",
    severity: "warning",
    summary: "one step is reported by the deprecated and the current type",
    help: "The sinks are subscribed to com.twilio.voice.status-callback.call.* and to its deprecated name com.twilio.voice.webhook.status-callback.call.* as well, so each step comes twice, with two ids. Drop the subscription to the deprecated types. Here such a step is counted once.",
    message: (data: { readonly steps: readonly string[] }) =>
      `${several(data.steps)} ${data.steps.length === 1 ? "comes" : "come"} from status-callback.call.* and from the deprecated webhook.status-callback.call.*; drop that subscription`,
    data: { steps: "step" },
  },
  "call-sequence-gap": {
    category: "call",
    severity: "warning",
    summary: "a SequenceNumber is missing: a callback was lost",
    help: "SequenceNumber counts the status callbacks of a call from 0, those only that are subscribed to. Where a number is missing, Twilio made a callback that is not in what was read: your server or sink did not get it, the log lost it, or it lies in another file. Look at the Debugger at that time.",
    message: (data: SequenceGap) => sequenceGap(data),
    data: { before: "step", after: "step" },
  },
  "call-out-of-order": {
    category: "call",
    severity: "info",
    summary: "events arrived in another order than they happened",
    help: "Callbacks and events are separate HTTP requests, and nothing keeps their order. A handler that stores the last status it got ends with a wrong one. Compare SequenceNumber or data.timestamp, and let no status follow a terminal one.",
    message: (data: { readonly late: string; readonly early: string; readonly byMs: number }) =>
      `${data.late} arrived after ${data.early}, though it happened ${duration(data.byMs)} before`,
    data: { late: "step", early: "step" },
  },
  "call-missing-step": {
    category: "call",
    severity: "info",
    summary: "no such step was seen: lost, or not subscribed",
    help: "Other calls of this run, of the same direction and with the same end, have this step. Here it was lost, or StatusCallbackEvent did not ask for it when the call was made. With SequenceNumbers this could be told: a lost callback leaves a gap.",
    message: (data: { readonly stage: string; readonly having: number; readonly of: number }) =>
      `no ${data.stage}: lost, or not subscribed; this run's other calls like this do have it, ${data.having} of ${data.of}`,
    data: { stage: "own" },
  },
  "call-open": {
    category: "call",
    severity: "warning",
    summary: "there is no terminal event",
    help: "No completed, busy, no-answer, failed or canceled was seen. The call still goes on, its last event was lost, or completed is not among the subscribed events. `twilio api:core:calls:fetch --sid CA…` tells what became of it.",
    message: (data: { readonly last: string; readonly agoMs: number | undefined; readonly othersEnd: boolean }) =>
      `no terminal event after ${data.last}: ${data.othersEnd ? "it was lost, or the call still goes on" : "it was lost or is not subscribed, or the call still goes on"}${data.agoMs === undefined || data.agoMs === 0 ? "" : `; what was read ends ${duration(data.agoMs)} later`}`,
    data: { last: "step" },
  },
  "call-after-end": {
    category: "call",
    severity: "warning",
    summary: "a step happened after the terminal one",
    help: "By their times a call's step follows its end, which cannot be. A clock or a time has been rewritten on the way, or two calls were given one SID in test data.",
    message: (data: { readonly step: string; readonly end: string; readonly byMs: number | undefined }) =>
      `${data.step} happened ${data.byMs === undefined || data.byMs === 0 ? "" : `${duration(data.byMs)} `}after ${data.end}, the end of the call`,
    data: { step: "step", end: "step" },
  },
  "call-status-conflict": {
    category: "call",
    severity: "error",
    summary: "there are two terminal statuses",
    help: "A call ends once, with one of completed, busy, no-answer, failed, canceled. Two of them mean that events of two calls share a SID, or that something has rewritten one. The first is shown as the call's status.",
    message: (data: { readonly statuses: readonly string[] }) =>
      `the call ended as ${several(data.statuses)}; a call ends once`,
    data: { statuses: "step" },
  },
  "call-duration": {
    category: "call",
    severity: "info",
    summary: "CallDuration and the clock differ by more than 1 s",
    help: "CallDuration counts the seconds from answered to completed. Where the times of these two events tell another length, one of them is not the moment it happened: check which clock the times come from.",
    message: (data: { readonly callDuration: number; readonly talkMs: number }) =>
      `CallDuration is ${data.callDuration} s, but from answered to completed the clock tells ${duration(data.talkMs)}`,
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A finding about a call, with its sentence and default severity. */
export const callFinding = findingOf(callRules);

function sequenceGap({ ranges, before, after }: SequenceGap): string {
  const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const shown = ranges.slice(0, 3).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const numbers = several(ranges.length > 3 ? [...shown, "more"] : shown);
  const place = before === undefined ? `before ${after}` : `between ${before} and ${after}`;
  const noun = count === 1 ? "SequenceNumber" : "SequenceNumbers";
  const lost = count === 1 ? "a callback was lost" : `${count} callbacks were lost`;
  return `${noun} ${numbers} ${count === 1 ? "is" : "are"} missing${ranges.length === 1 ? ` ${place}` : ""}: ${lost}, or not in what was read`;
}
