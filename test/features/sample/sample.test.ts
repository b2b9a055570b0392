import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { readEvent } from "../../../src/events/event.ts";
import { type SampleOptions, sampleCalls } from "../../../src/features/sample/sample-calls.ts";
import type { ScenarioName } from "../../../src/features/sample/scenarios.ts";
import { createEventValidator } from "../../../src/findings/validate-event.ts";
import { readText } from "../../input/read.ts";
import { formNames, idsOf, sampleOf, scenarioNames, textOf } from "./support.ts";

const everyScenario = ["answered", ...scenarioNames.filter((name) => name !== "answered")] as const;

describe("the same again", () => {
  const mixed = (options: Partial<SampleOptions> = {}) =>
    sampleOf("answered", { scenarios: everyScenario, calls: 40, ...options });

  test("same seed, same bytes", () => {
    for (const form of formNames) expect(textOf(mixed(), form)).toBe(textOf(mixed(), form));
    expect(mixed().truths).toEqual(mixed().truths);
  });

  test("another seed shares no id", () => {
    const others = new Set(idsOf(mixed({ seed: 2 ** 53 - 1 })));
    expect(idsOf(mixed()).filter((id) => others.has(id))).toEqual([]);
  });

  test("scenarios of one seed share no id", () => {
    const ids = scenarioNames.flatMap((name) => [...new Set(idsOf(sampleOf(name)))]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("more calls change none of those before them", () => {
    expect(mixed({ calls: 60 }).truths.slice(0, mixed().truths.length)).toEqual(mixed().truths);
  });

  test.each(["deprecated", "both"] as const)("family %s has the same calls", (family) => {
    const calls = mixed({ family }).truths.map(({ sid, start, end, steps }) => [sid, start, end, steps.length]);
    expect(calls).toEqual(mixed().truths.map(({ sid, start, end, steps }) => [sid, start, end, steps.length]));
  });
});

test("no two calls or events have a SID in common", () => {
  const { deliveries, truths } = sampleOf("busy", { calls: 20_000 });
  expect(new Set(truths.map(({ sid }) => sid)).size).toBe(20_000);
  expect(new Set(idsOf({ deliveries })).size).toBe(deliveries.length);
});

test("numbers are fictional", () => {
  const { truths } = sampleOf("answered", { scenarios: everyScenario, calls: 500 });
  const numbers = truths.flatMap(({ from, to }) => [from, to]);
  const fictional = /^\+(?:1\d{3}55501\d\d|1555[2-9]\d{6}|442079460\d{3}|49(?:2214710|8999998)\d{3})$/;
  expect(numbers.filter((number) => !fictional.test(number))).toEqual([]);
  expect(truths.filter(({ from, to }) => from === to)).toEqual([]);
});

test.each([
  ["answered", ["answered"]],
  ["all", everyScenario],
] as const)("%s has at least two distinct response bodies in five", (_, scenarios) => {
  const { deliveries } = sampleOf("answered", { scenarios, calls: 3000 });
  const bodies = deliveries.flatMap(({ event }) => ("response" in event.data ? event.data.response.responseBody : []));
  expect(new Set(bodies).size / bodies.length).toBeGreaterThanOrEqual(0.4);
});

test("response bodies contain names that are not ASCII, escaped text and queue attributes", () => {
  const { deliveries } = sampleOf("long", { calls: 40 });
  const bodies = deliveries.flatMap(({ event }) => ("response" in event.data ? event.data.response.responseBody : []));
  const texts = bodies.map((body) => Buffer.from(body, "base64").toString("utf8"));
  for (const part of [/[\u00C0-\u017F]/, /[\u3040-\u9FFF]/, /&amp;/, /"city":"KÖLN"/]) {
    expect(texts.filter((text) => part.test(text))).not.toEqual([]);
  }
});

test("events of many calls lie mixed, in the order of arrival", () => {
  const { deliveries } = sampleOf("answered", { scenarios: everyScenario, calls: 100 });
  const arrivals = deliveries.map(({ arrival }) => arrival);
  expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
  const changes = deliveries.filter(({ event }, index) => event.data.sid !== deliveries[index - 1]?.event.data.sid);
  expect(changes.length).toBeGreaterThan(2 * 100);
});

describe.each(scenarioNames)("%s", (name) => {
  const sample = sampleOf(name, { calls: 12 });

  test.each(formNames)("as %s is read again, every event in its place", async (form) => {
    const { found, faults } = await readText(textOf(sample, form));
    expect(faults).toEqual([]);
    expect(found.map(({ id }) => id)).toEqual(idsOf(sample));
    expect(found.map(({ value }) => value)).toEqual(sample.deliveries.map(({ event }) => event));
  });

  /** What a scenario is about. */
  const meant: Partial<Record<ScenarioName, readonly string[]>> = {
    "double-subscription": ["type-deprecated"],
    "slow-callback": ["response-slow"],
    "failing-callback": ["response-failed"],
  };

  const rulesOf = (options: Partial<SampleOptions>): readonly string[] => {
    const judge = createEventValidator();
    const events = sampleOf(name, { calls: 12, ...options }).deliveries.map(({ event }) => readEvent(event, "event"));
    return [...new Set(events.flatMap((event) => judge(event).map(({ rule }) => rule)))];
  };

  test.each(["1", "2"] as const)("breaks no rule of schema %s but what it is about", (schema) => {
    expect(rulesOf({ schema })).toEqual(meant[name] ?? []);
  });

  test.each(["deprecated", "both"] as const)("breaks no other with family %s", (family) => {
    expect(new Set(rulesOf({ family }))).toEqual(new Set(["type-deprecated", ...(meant[name] ?? [])]));
  });
});

test("some events have no answer, and some failed or were slow", () => {
  const responses = (name: ScenarioName) =>
    sampleOf(name).deliveries.map(({ event }) => ("response" in event.data ? event.data.response : undefined));
  expect(responses("failing-callback").map((response) => response?.responseCode)).toEqual([
    201,
    200,
    503,
    undefined,
    200,
    200,
  ]);
  const durations = responses("slow-callback").map((response) => response?.requestDuration ?? 0);
  expect(durations.filter((ms) => ms > 5000 && ms < 15_000)).toHaveLength(1);
});

test("memory does not grow with the calls", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const used: number[] = [];
  let parts = 0;
  const plan = { scenarios: everyScenario, calls: 12_000, seed: 1, start: 0, family: "current", schema: "2" } as const;
  for (const { deliveries } of sampleCalls(plan)) {
    if (deliveries.length > 0) parts++;
    if (parts % 4000 === 0) {
      collectGarbage();
      used.push(process.memoryUsage().heapUsed);
    }
  }
  const [before = 0, after = 0] = [used[0], used.at(-1)];
  expect(used.length).toBeGreaterThan(1);
  expect(after - before).toBeLessThan(2_000_000);
});
