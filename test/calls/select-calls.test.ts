import { expect, test } from "vitest";
import { createCalls } from "../../src/calls/calls.ts";
import { createCallChecker } from "../../src/calls/check-call.ts";
import { type Sort, sorted } from "../../src/calls/select-calls.ts";
import { answered, event, sidOf } from "./support.ts";

/** The names of calls in the order in which they are shown. */
function order(by: Sort, names: Readonly<Record<string, ReturnType<typeof answered>>>): readonly string[] {
  const calls = createCalls();
  const bySid = new Map(Object.keys(names).map((name) => [sidOf(name), name]));
  for (const [line, each] of Object.values(names).flat().entries()) {
    calls.add(each, { input: "log", line, column: 1, offset: line, path: "" });
  }
  const drafts = [...calls.drafts()];
  return sorted(calls, drafts, by, createCallChecker(calls, { slowMs: 5000, rules: new Map() })).map(
    (draft) => bySid.get(calls.sid(draft)) ?? "",
  );
}

const whole = (name: string, from: number) =>
  answered({ sid: sidOf(name) }).map((_, index) => {
    const statuses = ["initiated", "ringing", "in-progress", "completed"];
    return event({ sid: sidOf(name), at: from + index * 1000, sequence: index, status: statuses[index] ?? "" });
  });
/** It tells neither a status nor a time. */
const bare = (name: string) => [event({ sid: sidOf(name), type: "com.twilio.voice.twiml.call.requested" })];

const calls = {
  late: whole("late", 90_000),
  bare: bare("bare"),
  open: [event({ sid: sidOf("open"), at: 5000, status: "ringing", sequence: 0 })],
  early: whole("early", 0),
};

test.each<readonly [Sort, readonly string[]]>([
  ["time", ["early", "open", "late", "bare"]],
  ["duration", ["early", "late", "open", "bare"]],
  ["status", ["early", "late", "open", "bare"]],
  ["findings", ["open", "early", "late", "bare"]],
])("by %s, what is not known stands last and what is alike by its start", (by, expected) => {
  expect(order(by, calls)).toEqual(expected);
});
