import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRfc2822 } from "../../../src/events/event-time.ts";
import type { Delivery } from "../../../src/features/sample/delivery.ts";
import type { GroundTruth } from "../../../src/features/sample/ground-truth.ts";
import { sampleOf, scenarioNames } from "./support.ts";

/** The delivered events of a leg, each once and those of the deprecated family left out, in the order of their times. */
function eventsOf(deliveries: readonly Delivery[], sid: string) {
  const events = new Map(deliveries.map(({ event }) => [event.id, event]));
  return [...events.values()]
    .filter(({ data, type }) => data.sid === sid && !type.includes(".webhook."))
    .sort((one, other) => Date.parse(one.data.timestamp) - Date.parse(other.data.timestamp));
}

const stepOf = (truth: GroundTruth, stage: string) => truth.steps.find((step) => step.stage === stage);

function between(from: string | undefined, to: string | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Date.parse(to) - Date.parse(from);
}

function check(truth: GroundTruth, deliveries: readonly Delivery[]): void {
  const events = eventsOf(deliveries, truth.sid);
  expect(truth.steps.map(({ id, type, at }) => [id, type, at])).toEqual(
    events.map(({ id, type, data }) => [id, type, data.timestamp]),
  );
  expect(truth.start).toBe(events[0]?.data.timestamp);
  const last = stepOf(truth, "completed");
  expect([truth.end, truth.status]).toEqual([last?.at, last?.status]);
  expect(truth.totalMs).toBe(between(truth.start, truth.end));
  const answered = stepOf(truth, "answered")?.at;
  expect(truth.talkMs).toBe(between(answered, truth.end));
  const rangUntil = truth.status === "completed" ? answered : truth.end;
  expect(truth.ringMs).toBe(between(stepOf(truth, "ringing")?.at, rangUntil));

  const arrived = deliveries.filter(({ event }) => event.data.sid === truth.sid).map(({ event }) => event.id);
  expect(truth.delivered).toBe(arrived.length);
  expect(truth.duplicated).toEqual(arrived.filter((id, index) => arrived.indexOf(id) !== index));
  expect(truth.lost.filter(({ id }) => arrived.includes(id))).toEqual([]);
  const numbers = [...truth.steps, ...truth.lost].flatMap(({ sequence }) => sequence ?? []);
  expect(numbers.toSorted()).toEqual(numbers.map((_, index) => index));
}

/** What the parameters say of the call and its times is what the envelope and the truth say. */
function checkParameters(truth: GroundTruth, deliveries: readonly Delivery[]): void {
  for (const { time, data } of eventsOf(deliveries, truth.sid)) {
    const { parameters } = data.request;
    const second = Math.floor(Date.parse(data.timestamp) / 1000) * 1000;
    expect(time).toBe(data.timestamp);
    expect(parseRfc2822(data.requestDateCreated)).toBe(second);
    if (parameters.Timestamp !== undefined) expect(parseRfc2822(parameters.Timestamp)).toBe(second);
    if (parameters.Direction === undefined) continue;
    expect([parameters.CallSid, parameters.Direction, parameters.From, parameters.To]).toEqual([
      truth.sid,
      truth.direction,
      truth.from,
      truth.to,
    ]);
    expect(parameters.ParentCallSid).toBe(truth.parentSid);
    if (parameters.CallDuration === undefined) continue;
    expect(Number(parameters.Duration)).toBe(Math.ceil(Number(parameters.CallDuration) / 60));
    const talked = truth.talkMs ?? (truth.direction === "inbound" ? truth.totalMs : undefined);
    if (talked !== undefined) expect(Math.abs(Number(parameters.CallDuration) * 1000 - talked)).toBeLessThan(1000);
  }
}

describe.each(scenarioNames)("the truth of %s", (name) => {
  test.each(["current", "both"] as const)("is what the events of family %s tell", (family) => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const { deliveries, truths } = sampleOf(name, { seed, family, calls: 3 });
        for (const truth of truths) {
          check(truth, deliveries);
          checkParameters(truth, deliveries);
        }
        expect(truths.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(deliveries.length);
      }),
      { numRuns: 25 },
    );
  });
});

test.each([
  ["answered", ["completed"]],
  ["no-answer", ["no-answer"]],
  ["busy", ["busy"]],
  ["failed", ["failed"]],
  ["canceled", ["canceled"]],
  ["forwarded", ["completed", "no-answer", "completed"]],
  ["conference", ["completed", "completed"]],
] as const)("%s ends as %j", (name, statuses) => {
  expect(sampleOf(name).truths.map(({ status }) => status)).toEqual(statuses);
});

test("the legs of a forwarded call name their parent", () => {
  const [caller, ...dialed] = sampleOf("forwarded").truths;
  expect(caller?.parentSid).toBeUndefined();
  expect(dialed.map(({ parentSid }) => parentSid)).toEqual([caller?.sid, caller?.sid]);
});

test("lossy loses one callback in the middle, each of them now and then", () => {
  const { truths } = sampleOf("lossy", { calls: 40 });
  expect(truths.map(({ lost, events, delivered }) => [lost.length, events - delivered])).toEqual(
    truths.map(() => [1, 1]),
  );
  expect(new Set(truths.flatMap(({ lost }) => lost.map(({ stage }) => stage)))).toEqual(
    new Set(["ringing", "answered"]),
  );
});

test("shuffled events never arrive in order, nor before they happened; one comes twice", () => {
  for (let seed = 0; seed < 300; seed++) {
    const { deliveries, truths } = sampleOf("shuffled", { seed });
    const times = deliveries.map(({ event }) => Date.parse(event.data.timestamp));
    expect(times).not.toEqual(times.toSorted((one, other) => one - other));
    expect(deliveries.filter(({ arrival }, index) => arrival < (times[index] ?? 0))).toEqual([]);
    expect(truths.map(({ duplicated }) => duplicated.length)).toEqual([1]);
  }
});

test("a second subscription tells of each step twice, at one time, under two ids", () => {
  const { deliveries, truths } = sampleOf("double-subscription");
  const [old, current] = [true, false].map((isOld) =>
    deliveries
      .map(({ event }) => event)
      .filter(({ type }) => type.includes("status-callback.call.") && type.includes(".webhook.") === isOld)
      .map(({ type, data }) => [type.replace(".webhook", ""), data.timestamp, data.request.parameters.SequenceNumber]),
  );
  expect(old).toEqual(current);
  expect(truths.map(({ steps, events, delivered }) => [steps.length, events, delivered])).toEqual([[6, 10, 10]]);
});
