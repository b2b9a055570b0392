import { createHash } from "node:crypto";
import type { Call } from "../../src/calls/call.ts";
import { createCalls, type Draft } from "../../src/calls/calls.ts";
import type { CallFinding } from "../../src/calls/check-call.ts";
import { createCallChecker } from "../../src/calls/check-call.ts";
import { type EventKind, readEvent, type TwilioEvent } from "../../src/events/event.ts";

/** What an event of a call tells; what is left out is not told. */
export interface Told {
  readonly at?: number;
  readonly status?: string;
  readonly sequence?: number;
  readonly type?: string;
  readonly id?: string;
  readonly sid?: string;
  readonly parentSid?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly durationMs?: number;
  /** By a clock of whole seconds alone. */
  readonly isCoarse?: boolean;
}

export const origin = Date.parse("2025-08-24T13:00:00.000Z");

export const sidOf = (name: string): string => `CA${createHash("md5").update(name).digest("hex")}`;

export const rfc2822 = (at: number): string => new Date(at).toUTCString().replace("GMT", "+0000");

const stages: Readonly<Record<string, string>> = {
  initiated: "initiated",
  ringing: "ringing",
  "in-progress": "answered",
};

/** An event as Event Streams sends it; `at` counts from the origin. */
export function event(told: Told): TwilioEvent {
  const { status, sequence, sid = sidOf("one"), parentSid, parameters, code = 200, durationMs = 80, isCoarse } = told;
  const type = told.type ?? `com.twilio.voice.status-callback.call.${stages[status ?? ""] ?? "completed"}`;
  const id =
    told.id ??
    `VW${createHash("md5")
      .update(JSON.stringify({ ...told, type }))
      .digest("hex")}`;
  const at = told.at === undefined ? undefined : origin + told.at;
  const value = {
    specversion: "1.0",
    id,
    type,
    source: "/calls",
    data: {
      sid,
      ...(at !== undefined && !isCoarse && { timestamp: new Date(at).toISOString() }),
      request: {
        method: "POST",
        url: "https://example.com/status",
        parameters: {
          ...(status !== undefined && { CallSid: sid, CallStatus: status, Direction: "outbound-api" }),
          ...(at !== undefined && isCoarse && { Timestamp: rfc2822(at) }),
          ...(sequence !== undefined && { SequenceNumber: String(sequence) }),
          ...(parentSid !== undefined && { ParentCallSid: parentSid }),
          ...parameters,
        },
      },
      response: { responseCode: code, requestDuration: durationMs, contentType: "text/xml", responseBody: "" },
    },
  };
  return readEvent(value, "event");
}

/** A callback or an item of the Call Events resource. */
export const other = (value: Readonly<Record<string, unknown>>, kind: EventKind): TwilioEvent => readEvent(value, kind);

/** An answered call of four events. */
export const answered = (change: Told = {}): readonly TwilioEvent[] =>
  [
    { at: 0, status: "initiated", sequence: 0 },
    { at: 1_400, status: "ringing", sequence: 1 },
    { at: 6_200, status: "in-progress", sequence: 2 },
    { at: 49_000, status: "completed", sequence: 3, parameters: { CallDuration: "43", SipResponseCode: "200" } },
  ].map((told) => event({ ...told, ...change, parameters: { ...told.parameters, ...change.parameters } }));

export interface Seen {
  readonly call: Call;
  readonly findings: readonly CallFinding[];
  readonly rules: readonly string[];
}

/** The calls that the events make, in their order of arrival, each event on a line of its own. */
export function seen(
  events: readonly TwilioEvent[],
  lines: readonly number[] = events.map((_, index) => index + 1),
): readonly Seen[] {
  const calls = createCalls();
  for (const [index, each] of events.entries()) {
    const line = lines[index] ?? 0;
    calls.add(each, { input: "log", line, column: 1, offset: line * 1000, path: "" });
  }
  const judge = createCallChecker(calls, { slowMs: 5000, rules: new Map() });
  return [...calls.drafts()].map((draft: Draft) => {
    const { call, findings } = judge(draft);
    return { call, findings, rules: findings.map(({ rule }) => rule) };
  });
}

/** The only call that the events make. */
export function one(events: readonly TwilioEvent[]): Seen {
  const [first, ...others] = seen(events);
  if (first === undefined || others.length > 0) throw new Error("expected one call");
  return first;
}
