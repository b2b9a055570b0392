import { describe, expect, test } from "vitest";
import { answered, event, one, seen, sidOf } from "./support.ts";

const without = (index: number) => answered().filter((_, at) => at !== index);

describe("one event dropped", () => {
  test.each([
    [0, ["call-sequence-gap"], "SequenceNumber 0 is missing before ringing (1)"],
    [1, ["call-sequence-gap"], "SequenceNumber 1 is missing between initiated (0) and answered (2)"],
    [2, ["call-sequence-gap"], "SequenceNumber 2 is missing between ringing (1) and completed (3)"],
    [3, ["call-open"], "no terminal event after answered"],
  ])("the one with number %i", (index, rules, words) => {
    const seen = one(without(index));
    expect(seen.rules).toEqual(rules);
    expect(seen.findings[0]?.message).toContain(words);
  });

  test.each([[0], [1], [2]])("number %i, and nothing is numbered: measured by the others", (index) => {
    const bare = (name: string) => answered({ sid: sidOf(name), parameters: { SequenceNumber: "" } });
    const calls = seen([...bare("whole"), ...bare("lossy").filter((_, at) => at !== index)]);
    expect(calls.map(({ rules }) => rules)).toEqual([[], ["call-missing-step"]]);
  });
});

describe("is normal", () => {
  test("a lone completed with number 0", () =>
    expect(one([event({ at: 0, status: "completed", sequence: 0 })]).rules).toEqual([]));

  test("a recording after the end", () => {
    const recording = event({ at: 60_000, type: "com.twilio.voice.status-callback.recording.processed" });
    expect(one([...answered(), recording]).rules).toEqual([]);
  });

  test("a step that no call of the run has", () => {
    const events = [event({ at: 0, status: "in-progress" }), event({ at: 9, status: "completed" })];
    expect(one(events).rules).toEqual([]);
  });

  test("CallDuration in whole seconds", () => {
    for (const CallDuration of ["42", "43"]) expect(one(answered({ parameters: { CallDuration } })).rules).toEqual([]);
  });
});

test("CallDuration is compared with the time from answered to completed", () =>
  expect(one(answered({ parameters: { CallDuration: "49" } })).rules).toEqual(["call-duration"]));

test("an open call says how much longer the log goes on", () => {
  const other = answered({ sid: sidOf("two") });
  const [open] = seen([...without(3), ...other]);
  expect(open?.findings[0]?.message).toBe(
    "no terminal event after answered: it was lost, or the call still goes on; what was read ends 42.8 s later",
  );
});

test("two ends of one name are one end", () => {
  const again = event({ at: 50_000, status: "completed", sequence: 4 });
  expect(one([...answered(), again]).rules).toEqual([]);
});

test("two ends of two names conflict", () => {
  const { call, findings, rules } = one([...answered(), event({ at: 50_000, status: "failed", sequence: 4 })]);
  expect(rules).toEqual(["call-status-conflict"]);
  expect(findings[0]).toMatchObject({ severity: "error", source: { line: 5 } });
  expect(call.status).toBe("completed");
});

test("an answer that failed or was slow is told at its event", () => {
  const events = answered().map((each, index) =>
    index === 1 ? event({ at: 1_400, status: "ringing", sequence: 1, code: 502, durationMs: 15_000 }) : each,
  );
  const { findings, rules } = one(events);
  expect(rules).toEqual(["response-failed", "response-slow"]);
  expect(findings.map(({ source }) => source.line)).toEqual([2, 2]);
});

test("a billion lost callbacks are counted, not listed", () => {
  const events = [
    event({ at: 0, status: "ringing", sequence: 7 }),
    event({ at: 9, status: "completed", sequence: 999_999_999 }),
  ];
  expect(one(events).findings[0]?.message).toBe(
    "SequenceNumbers 0 to 6 and 8 to 999999998 are missing: 999999998 callbacks were lost, or not in what was read",
  );
});

test("arrival is compared within one input only", () => {
  const [first, second] = answered();
  if (first === undefined || second === undefined) throw new Error("two events");
  expect(seen([second, first])[0]?.rules).toContain("call-out-of-order");
});
