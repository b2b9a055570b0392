import { describe, expect, test } from "vitest";
import { type CallFilter, createNamedCalls, letsAllPass, passes } from "../../src/calls/call-filter.ts";
import { answered, event, one, origin, other, sidOf } from "./support.ts";

const all: CallFilter = { call: undefined, type: undefined, statuses: undefined, since: undefined, until: undefined };
const callback = other({ CallSid: sidOf("one"), CallStatus: "ringing", AccountSid: `AC${"0".repeat(32)}` }, "callback");

const told = {
  whole: one(answered()).call,
  "without a status": one([event({ at: 0, type: "com.twilio.voice.twiml.call.requested" })]).call,
  "of a callback, which has no type": one([callback]).call,
};

describe("a call", () => {
  test.each<readonly [string, Partial<CallFilter>, keyof typeof told, boolean]>([
    ["any", {}, "whole", true],
    ["of that status", { statuses: new Set(["completed"]) }, "whole", true],
    ["of another status", { statuses: new Set(["busy"]) }, "whole", false],
    ["of a status", { statuses: new Set(["busy"]) }, "without a status", false],
    ["with an event of that type", { type: /\.answered$/ }, "whole", true],
    ["with an event of another type", { type: /\.recording\./ }, "whole", false],
    ["with an event of a type", { type: /\.answered$/ }, "of a callback, which has no type", false],
    ["from a time on", { since: origin + 40_000 }, "whole", true],
    ["from a later time on", { since: origin + 60_000 }, "whole", false],
    ["until a time", { until: origin + 1 }, "whole", true],
    ["until an earlier time", { until: origin }, "whole", false],
    ["with a time", { until: origin + 1 }, "of a callback, which has no type", false],
  ])("%s: %j, one that is %s: %s", (_, filter, name, expected) => {
    expect(passes(told[name], { ...all, ...filter })).toBe(expected);
    expect(letsAllPass({ ...all, ...filter })).toBe(Object.keys(filter).length === 0);
  });
});

describe("a named call", () => {
  const [parent, leg, second] = [sidOf("parent"), sidOf("leg"), sidOf("second")];

  test("is known by its beginning or its end, its legs by their parent, theirs by them", () => {
    const naming = createNamedCalls(parent.slice(0, 12));
    expect(naming.has(leg, undefined)).toBe(false);
    expect([naming.has(parent, undefined), naming.has(leg, parent), naming.has(second, leg)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(naming.has(leg, undefined)).toBe(true);
    expect(naming.legs()).toEqual([leg, second]);
    expect([...naming.texts]).toEqual([parent.slice(0, 12), leg, second]);
    expect(createNamedCalls(parent.slice(-6)).has(parent, undefined)).toBe(true);
  });

  test("tells apart what was found elsewhere", () => {
    const naming = createNamedCalls("CA");
    naming.addLegs([leg]);
    expect(naming.legs()).toEqual([leg]);
    // The name alone is in it.
    expect([...naming.texts]).toEqual(["CA"]);
  });
});
