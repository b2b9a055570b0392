import { briefType } from "../events/event.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../output/escape.ts";
import { formatDuration } from "../output/format-duration.ts";
import { truncate } from "../output/terminal/layout.ts";
import { zoneClock } from "../output/time-zone.ts";
import type { Call, Step } from "./call.ts";
import type { CallFinding } from "./check-call.ts";

/** A call: whole, on a line among others, or on a line as it ends while more are to come. */
export interface ShownCall {
  readonly detail: "whole" | "line" | "live";
  /** How many calls are above it in its family: 0 for one that no other began. */
  readonly depth: number;
  /** Of a whole call the moments of its family in order, epoch milliseconds: charts of several legs share a scale. */
  readonly moments: readonly number[];
  readonly call: Call;
  readonly findings: readonly CallFinding[];
}

/** `+14155550100 → +14155550101`; undefined when neither is known. */
export function partiesOf(
  { from, to }: { readonly from?: Raw | undefined; readonly to?: Raw | undefined },
  text: (raw: Raw) => Safe,
  arrow: Safe,
): Safe | undefined {
  if (from === undefined && to === undefined) return undefined;
  return safe`${from === undefined ? safe`?` : text(from)} ${arrow} ${to === undefined ? safe`?` : text(to)}`;
}

/** When the call was and how long its parts took, each as a phrase; what is not known has none. */
export function factsOf(call: Call, timeZone: string | undefined): Safe[] {
  const { start, end, totalMs, ringMs, talkMs, callDuration, sipCode, isCoarse, clocks } = call;
  const facts: Safe[] = [];
  const clock = zoneClock(timeZone);
  const from = start === undefined ? undefined : clock(start, isCoarse);
  const to = end === undefined ? undefined : clock(end, isCoarse);
  if (from !== undefined && to !== undefined) {
    const until = from.date === to.date ? to.time : safe`${to.date} ${to.time}`;
    facts.push(safe`${from.date} ${from.time} to ${until} ${to.zone}`);
  } else if (from !== undefined) facts.push(safe`from ${from.date} ${from.time} ${from.zone}`);
  else if (to !== undefined) facts.push(safe`ended ${to.date} ${to.time} ${to.zone}`);
  if (totalMs !== undefined) facts.push(safe`total ${formatDuration(totalMs, isCoarse)}`);
  if (ringMs !== undefined) facts.push(safe`ring ${formatDuration(ringMs, isCoarse)}`);
  if (talkMs !== undefined) facts.push(safe`talk ${formatDuration(talkMs, isCoarse)}`);
  if (callDuration !== undefined && talkMs === undefined && call.status === "completed")
    facts.push(safe`CallDuration ${callDuration} s`);
  if (sipCode !== undefined) facts.push(safe`SIP ${sipCode}`);
  if (isCoarse && clocks[0] !== undefined) facts.push(safe`times from ${escapeIdentifier(clocks[0])}, whole seconds`);
  return facts;
}

/** A SID that the others do not take the room for: its first characters. */
export function shortSid(sid: Raw, width: number, more: Safe): Safe {
  return truncate(escapeIdentifier(sid), width, more);
}

/** How long the slowest of the call's callbacks took; undefined where none is known. */
export function slowestOf({ steps }: Pick<Call, "steps">): number | undefined {
  const slowest = steps.reduce((most, { callback }) => Math.max(most, callback?.durationMs ?? -1), -1);
  return slowest < 0 ? undefined : slowest;
}

/** When the call began, as far as its steps tell. */
export const startOf = ({ start, steps }: Pick<Call, "start" | "steps">): number | undefined =>
  start ?? steps.find(({ at }) => at !== undefined)?.at;

/** The type without what all types begin with; what has none is a callback, or another request. */
export function shortStepType({ type, stage }: Pick<Step, "type" | "stage">): Safe {
  const name = briefType(type ?? "");
  if (name === "") return stage === undefined ? safe`(request)` : safe`(callback)`;
  return escapeIdentifier(name.replace("status-callback.", ""));
}

/** `POST /voice/status`: your own host is seldom what differs, and whole in every other format. */
export function callbackText(callback: Step["callback"], text: (raw: Raw) => Safe): Safe | undefined {
  if (callback === undefined) return undefined;
  const path = callback.url
    ?.replace(/^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/\w+(?=\/)/, "api.twilio.com")
    .replace(/^https?:\/\/[^/?#]*(?=[/?#])/, "");
  return text([callback.method, path].filter((part) => part !== undefined).join(" "));
}

/** A length of time, where it is known. */
export const durationText = (ms: number | undefined, isCoarse = false): Safe | undefined =>
  ms === undefined ? undefined : formatDuration(ms, isCoarse);
