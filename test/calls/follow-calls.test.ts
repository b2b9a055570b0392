import { describe, expect, test } from "vitest";
import type { CallFilter } from "../../src/calls/call-filter.ts";
import { createCallStats } from "../../src/calls/call-stats.ts";
import type { CheckedCall } from "../../src/calls/check-call.ts";
import { createFollower, toLiveCall } from "../../src/calls/follow-calls.ts";
import { answered, event, sidOf } from "./support.ts";

const source = { input: "log", line: 1, column: 1, offset: 0, path: "" };

function follow(filter: Partial<CallFilter> = {}) {
  const shown: CheckedCall[] = [];
  const score = createCallStats();
  const all = { call: undefined, type: undefined, statuses: undefined, since: undefined, until: undefined };
  const follower = createFollower({
    quietMs: 1000,
    slowMs: 5000,
    rules: new Map(),
    score,
    filter: { ...all, ...filter },
    show: (judged) => void shown.push(judged),
  });
  return { shown, score, follower };
}

describe("a call that is followed", () => {
  test("is shown when it has ended, once", () => {
    const { shown, score, follower } = follow();
    for (const each of answered()) follower.add(each, source, 0);
    follower.sweep(1);
    expect(shown.map(({ call }) => call.status)).toEqual(["completed"]);
    follower.sweep(2000);
    follower.end();
    expect(shown).toHaveLength(1);
    expect(score.totals()).toMatchObject({ calls: 1, legs: 0 });
  });

  test("is shown again when more of it came after that", () => {
    const { shown, follower } = follow();
    const late = event({ at: 60_000, type: "com.twilio.voice.status-callback.recording.processed" });
    for (const each of answered()) follower.add(each, source, 0);
    follower.sweep(1);
    follower.add(late, source, 2);
    follower.sweep(3);
    expect(shown).toHaveLength(1);
    follower.sweep(2000);
    expect(shown.map(({ call }) => call.steps.length)).toEqual([4, 5]);
  });

  test("is shown when it has gone quiet, though it has not ended", () => {
    const { shown, follower } = follow();
    follower.add(event({ at: 0, status: "ringing", sequence: 0 }), source, 0);
    follower.sweep(500);
    expect(shown).toEqual([]);
    follower.sweep(1500);
    expect(shown.map(({ call }) => call.status)).toEqual(["ringing"]);
  });

  test("is not shown where it does not pass the filter, ended or quiet", () => {
    const { shown, score, follower } = follow({ statuses: new Set(["busy"]) });
    for (const each of answered()) follower.add(each, source, 0);
    follower.sweep(1);
    follower.end();
    expect(shown).toEqual([]);
    expect(score.totals().calls).toBe(0);
  });

  test("has a number, and an event that names no call has none", () => {
    const { follower } = follow();
    expect(
      follower.add(event({ at: 0, sid: "", type: "com.twilio.voice.twiml.call.requested" }), source, 0),
    ).toBeUndefined();
    expect(follower.add(event({ at: 0, status: "ringing" }), source, 0)).toBe(0);
  });
});

test("a leg is shown as one, with the moments that are known", () => {
  const { shown, follower } = follow();
  follower.add(event({ sid: sidOf("leg"), parentSid: sidOf("one"), at: 500, status: "ringing" }), source, 0);
  follower.add(event({ sid: sidOf("leg"), status: "completed", parameters: { From: "+14155550100" } }), source, 0);
  follower.add(event({ sid: sidOf("leg"), at: 100, status: "initiated" }), source, 0);
  follower.end();
  const [judged] = shown;
  if (judged === undefined) throw new Error("a call was shown");
  const item = toLiveCall(judged, "live");
  expect(item.depth).toBe(1);
  expect(item.moments.map((at) => at % 1000)).toEqual([100, 500]);
});
