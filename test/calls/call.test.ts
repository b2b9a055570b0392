import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../src/calls/call.ts";
import type { TwilioEvent } from "../../src/events/event.ts";
import { answered, event, one, origin, other, rfc2822, seen, sidOf } from "./support.ts";

const names = ({ steps }: Call) => steps.map(({ stage, status, type }) => stage ?? status ?? type);

test("a call of four events", () => {
  const { call, rules } = one(answered());
  expect(call).toMatchObject({
    sid: sidOf("one"),
    direction: "outbound-api",
    status: "completed",
    start: origin,
    end: origin + 49_000,
    totalMs: 49_000,
    ringMs: 4_800,
    talkMs: 42_800,
    callDuration: 43,
    sipCode: 200,
    clocks: ["data.timestamp"],
  });
  expect(call.phases).toEqual([
    { name: "setup", fromMs: 0, toMs: 1_400, isOpen: false },
    { name: "ringing", fromMs: 1_400, toMs: 6_200, isOpen: false },
    { name: "in progress", fromMs: 6_200, toMs: 49_000, isOpen: false },
  ]);
  expect(names(call)).toEqual(["initiated", "ringing", "answered", "completed"]);
  expect(rules).toEqual([]);
});

describe("the status", () => {
  test.each(["busy", "no-answer", "failed", "canceled"])("is %s though the type says completed", (status) => {
    const { call } = one([event({ at: 0, status: "initiated" }), event({ at: 900, status, sequence: 1 })]);
    expect(call).toMatchObject({ status, isOver: true, totalMs: 900 });
  });

  test("is canceled in either spelling", () =>
    expect(one([event({ at: 0, status: "cancelled" })]).call).toMatchObject({ status: "canceled", isOver: true }));

  test("is the terminal one, whatever arrives or happens after it", () => {
    const events = [event({ at: 5, status: "busy" }), event({ at: 9, status: "ringing" })];
    expect(one(events).call.status).toBe("busy");
  });

  test("is the furthest of a call that is not over", () =>
    expect(one(answered().slice(0, 3).toReversed()).call).toMatchObject({
      status: "in-progress",
      isOver: false,
      end: undefined,
    }));

  test("is unknown when nothing tells it", () => {
    const { call, rules } = one([event({ at: 0, type: "com.twilio.voice.media.fetched" })]);
    expect(call).toMatchObject({ status: undefined, direction: undefined, totalMs: undefined, phases: [] });
    expect(rules).toEqual([]);
  });
});

describe("nothing is invented", () => {
  test("by the type alone", () => {
    const { call } = one([event({ type: "com.twilio.voice.webhook.status-callback.call.answered" })]);
    expect(call).toMatchObject({
      status: "in-progress",
      from: undefined,
      start: undefined,
      end: undefined,
      ringMs: undefined,
      clocks: [],
      phases: [],
    });
    expect(call.steps).toMatchObject([{ stage: "answered", at: undefined, offsetMs: undefined, sequence: undefined }]);
  });

  test("a lone end has no start", () => {
    const { call, rules } = one([
      event({ at: 9, status: "completed", sequence: 0, parameters: { CallDuration: "4" } }),
    ]);
    expect(call).toMatchObject({
      start: undefined,
      end: origin + 9,
      totalMs: undefined,
      talkMs: undefined,
      callDuration: 4,
    });
    expect(rules).toEqual([]);
  });

  test("how long it rang is unknown when it was answered at an unknown time", () => {
    const [initiated, ringing, , completed] = answered();
    const { call } = one([initiated, ringing, completed].flatMap((each) => each ?? []));
    expect(call).toMatchObject({ ringMs: undefined, talkMs: undefined, totalMs: 49_000 });
    expect(call.phases.map(({ name }) => name)).toEqual(["setup"]);
  });

  test("a duration below zero is none", () => {
    const events = [event({ at: 9_000, status: "ringing" }), event({ at: 2_000, status: "in-progress" })];
    expect(one(events).call.ringMs).toBeUndefined();
  });
});

describe("steps", () => {
  test("follow the SequenceNumber within one second", () => {
    const events = answered({ at: 0, isCoarse: true });
    expect(names(one(events.toReversed()).call)).toEqual(["initiated", "ringing", "answered", "completed"]);
    expect(one(events).call).toMatchObject({ clocks: ["Timestamp"], isCoarse: true });
  });

  test("follow the way calls go where nothing else tells", () => {
    const family = "com.twilio.voice.status-callback.call.";
    const events = ["completed", "answered", "initiated", "ringing"].map((name) => event({ type: family + name }));
    expect(names(one(events).call)).toEqual(["initiated", "ringing", "answered", "completed"]);
  });

  test("without a time stand where they must", () => {
    const [initiated, , inProgress, completed] = answered();
    const undated = event({ status: "ringing", sequence: 1 });
    const { call } = one([undated, completed, inProgress, initiated].flatMap((each) => each ?? []));
    expect(names(call)).toEqual(["initiated", "ringing", "answered", "completed"]);
  });

  test("are told once by an event, its deprecated twin and the callback itself", () => {
    const twin = event({
      at: 1_400,
      status: "ringing",
      sequence: 1,
      type: "com.twilio.voice.webhook.status-callback.call.ringing",
    });
    const fields = {
      CallSid: sidOf("one"),
      CallStatus: "ringing",
      SequenceNumber: "1",
      Timestamp: rfc2822(origin + 1_000),
    };
    const { call } = one([other(fields, "callback"), twin, ...answered()]);
    expect(call.steps).toHaveLength(4);
    expect(call.steps[1]).toMatchObject({
      type: "com.twilio.voice.status-callback.call.ringing",
      callback: { code: 200 },
    });
  });

  test("are the other events of the family too", () => {
    const types = ["twiml.call.requested", "status-callback.recording.processed", "media.fetched"];
    const events = types.map((type, index) =>
      event({ at: 7_000 + index, type: `com.twilio.voice.${type}`, sequence: 9 }),
    );
    const { call, rules } = one([...answered().slice(0, 3), ...events, ...answered().slice(3)]);
    expect(call.steps).toHaveLength(7);
    expect(rules).toEqual([]);
  });

  test("are the callbacks of a form and the items of the Call Events resource", () => {
    const form = {
      CallSid: sidOf("one"),
      CallStatus: "initiated",
      CallbackSource: "call-progress-events",
      Timestamp: rfc2822(origin),
    };
    const item = {
      request: {
        method: "POST",
        url: "https://example.com/s",
        parameters: { call_sid: sidOf("one"), call_status: "busy", sequence_number: "1", direction: "outbound-api" },
      },
      response: { response_code: 200, request_duration: 12, date_created: rfc2822(origin + 4_000) },
    };
    const { call } = one([other(item, "call-event"), other(form, "callback")]);
    expect(names(call)).toEqual(["initiated", "completed"]);
    expect(call).toMatchObject({ status: "busy", totalMs: 4_000, isCoarse: true });
    expect(call.steps[0]?.callback).toBeUndefined();
  });

  test("a request for TwiML is no status callback, though it has a CallStatus", () => {
    const form = { CallSid: sidOf("one"), CallStatus: "ringing", Direction: "inbound" };
    expect(one([other(form, "callback")]).call.steps).toMatchObject([{ stage: undefined, status: "ringing" }]);
  });
});

/** All but where the events stood. */
function facts({ call, rules }: ReturnType<typeof one>): unknown {
  const { steps, ...rest } = call;
  const arrival = new Set(["call-out-of-order", "call-duplicate"]);
  return {
    ...rest,
    steps: steps.map(({ source, reports, ...step }) => step),
    rules: rules.filter((rule) => !arrival.has(rule)).sort(),
  };
}

const scenarios: readonly (readonly TwilioEvent[])[] = [
  answered(),
  answered({ isCoarse: true }),
  [...answered(), ...answered({ type: "com.twilio.voice.webhook.status-callback.call.ringing" })],
  [
    event({ status: "ringing" }),
    event({ at: 3, status: "busy", sequence: 1 }),
    event({ at: 3, status: "failed", sequence: 2 }),
  ],
  [
    ...answered({ at: 0 }),
    event({ at: 0, type: "com.twilio.voice.media.fetched" }),
    event({ type: "com.twilio.voice.twiml.call.requested" }),
  ],
];

test("no order of arrival and no repetition changes a call", () => {
  const lists = fc
    .constantFrom(...scenarios)
    .chain((events) =>
      fc
        .tuple(
          fc.shuffledSubarray([...events], { minLength: events.length }),
          fc.array(fc.constantFrom(...events), { maxLength: 6 }),
        )
        .chain(([all, again]) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
          ),
        ),
    );
  fc.assert(
    fc.property(lists, ([events, arrived]) => {
      expect(facts(one(arrived))).toEqual(facts(one(events)));
    }),
    { numRuns: 10_000 },
  );
}, 30_000);

test("events of many calls may lie mixed", () => {
  const sids = ["a", "b", "c"].map(sidOf);
  const lists = sids.map((sid) => answered({ sid }));
  fc.assert(
    fc.property(fc.shuffledSubarray(lists.flat(), { minLength: 12 }), (events) => {
      expect(seen(events).map(({ call }) => call.totalMs)).toEqual([49_000, 49_000, 49_000]);
    }),
    { numRuns: 500 },
  );
});

test("a call of very many events is put together in no time", () => {
  const type = "com.twilio.voice.status-callback.gather.partial.captured";
  const events = Array.from({ length: 20_000 }, (_, index) =>
    event({ at: index % 977, type, id: `VW${index % 15_000}` }),
  );
  const start = performance.now();
  expect(one(events).call.steps).toHaveLength(15_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
