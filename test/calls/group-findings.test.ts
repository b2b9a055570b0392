import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalls } from "../../src/calls/calls.ts";
import { createEventFindings, createEventStore, isOfCalls } from "../../src/calls/event-store.ts";
import { type Counted, createFindingGroups, createTimeBuckets, worstOf } from "../../src/calls/group-findings.ts";
import { readEvent } from "../../src/events/event.ts";
import { eventFinding } from "../../src/events/rules.ts";

const place = { input: "a", line: 1, column: 1, offset: 0, path: "" };

const slow = { ...eventFinding("response-slow", { durationMs: 6000, slowMs: 5000 }), source: place };
const failed = { ...eventFinding("response-failed", { code: 503, by: "server" }), source: place };
const duplicate = { ...eventFinding("json-duplicate-key", { key: "a", count: 2 }), source: place };

interface Asked {
  readonly url: string;
  readonly code: number;
  readonly ms: number;
}

/** A call whose steps asked these URLs and got these answers. */
function callOf(sid: string, asked: readonly Asked[] = [{ url: "https://a.example/", code: 200, ms: 1 }]) {
  const calls = createCalls();
  for (const [index, { url, code, ms }] of asked.entries()) {
    const value = {
      specversion: "1.0",
      id: `EZ${index}`,
      type: "com.twilio.voice.twiml.call.requested",
      source: "/",
      time: `2025-08-24T13:00:0${index}.000Z`,
      data: {
        request: { method: "POST", url, parameters: { CallSid: sid } },
        response: { responseCode: code, requestDuration: ms },
      },
    };
    calls.add(readEvent(value, "event"), place);
  }
  const draft = calls.find(sid);
  if (draft === undefined) throw new Error("the call is there");
  return calls.finish(draft);
}

describe("an overview", () => {
  test("has the worst rule first, what hurts before what is only form, and counts what was not kept", () => {
    const overview = createFindingGroups();
    overview.add(callOf("CA1"), [duplicate, { ...slow, more: 4 }]);
    overview.add(callOf("CA2"), [slow, slow, { ...failed, severity: "error" }]);
    overview.loose([duplicate, duplicate]);
    const { rules, counts, troubled } = overview.totals();
    expect(rules.map(({ rule, findings, calls, examples }) => [rule, findings, calls, examples])).toEqual([
      ["response-failed", 1, 1, ["CA2"]],
      ["response-slow", 7, 2, ["CA1", "CA2"]],
      ["json-duplicate-key", 3, 1, ["CA1"]],
    ]);
    expect(counts).toEqual({ error: 1, warning: 10, info: 0 });
    expect(troubled).toBe(2);
  });

  test("a rule that weighs more in one place than in another has the greater weight, and that place's words", () => {
    const overview = createFindingGroups();
    overview.add(callOf("CA1"), [
      { ...slow, severity: "info" },
      { ...slow, severity: "error", message: "worse" },
    ]);
    expect(overview.totals().rules).toMatchObject([{ severity: "error", message: "worse", findings: 2, calls: 1 }]);
  });

  test("puts URLs together by host and path, without query, password and SIDs", () => {
    const overview = createFindingGroups();
    const sid = (digit: string): string => `CA${digit.repeat(32)}`;
    const ask = (url: string, code: number, ms: number) => ({ url, code, ms });
    overview.add(
      callOf("CA1", [
        ask("https://a.example/voice?x=1", 200, 10),
        ask("https://user:secret@a.example/voice?x=2", 503, 30),
        ask("http://a.example/voice#top", 503, 20),
        ask(`https://b.example/${sid("a")}/end`, 200, 5),
        ask(`https://b.example/${sid("b")}/end`, 404, 5),
      ]),
      [],
    );
    const { urls, from, to, types } = overview.totals();
    expect(urls).toEqual([
      {
        url: "a.example/voice",
        requests: 3,
        failed: 2,
        codes: [{ code: 503, count: 2 }],
        took: { count: 3, median: 20, p95: 30 },
        slowestMs: 30,
      },
      {
        url: "b.example/CA…/end",
        requests: 2,
        failed: 1,
        codes: [{ code: 404, count: 1 }],
        took: { count: 2, median: 5, p95: 5 },
        slowestMs: 5,
      },
    ]);
    expect([from, to]).toEqual([Date.parse("2025-08-24T13:00:00Z"), Date.parse("2025-08-24T13:00:04Z")]);
    expect(types).toEqual([{ type: "com.twilio.voice.twiml.call.requested", events: 5 }]);
  });

  test("a log with a path of its own in each call has an end", () => {
    const overview = createFindingGroups();
    for (let call = 0; call < 600; call++) {
      overview.add(callOf(`CA${call}`, [{ url: `https://a.example/${call}`, code: 500, ms: 1 }]), []);
    }
    const { urls } = overview.totals();
    expect(urls.length).toBe(501);
    expect(urls.find(({ url }) => url === undefined)).toMatchObject({ requests: 100, failed: 100 });
  });
});

test("the worst of findings", () => {
  expect(worstOf([])).toBeUndefined();
  expect(worstOf([{ severity: "info" }, { severity: "warning" }])).toBe("warning");
});

describe("spans of time", () => {
  test("hold every call once, in at most 60 of one length, whatever the calls' times", () => {
    const verdict = fc.constantFrom("error", "warning", "info", undefined);
    const moment = fc.record({ at: fc.integer({ min: 0, max: 4e12 }), worst: verdict });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 50 }), (moments) => {
        const { add, totals } = createTimeBuckets();
        for (const { at, worst } of moments) add(at, worst);
        const { spanMs, spans } = totals();
        expect(spans.length).toBeLessThanOrEqual(60);
        expect(spans.reduce((sum, { sound, warned, failed: bad }) => sum + sound + warned + bad, 0)).toBe(
          moments.length,
        );
        for (const [index, { from }] of spans.entries()) expect(from).toBe((spans[0]?.from ?? 0) + index * spanMs);
        for (const { at } of moments) {
          const span = spans.find(({ from }) => at >= from && at < from + spanMs);
          expect(span).toBeDefined();
        }
      }),
    );
  });

  test("no call, no span", () => expect(createTimeBuckets().totals()).toEqual({ spanMs: 0, spans: [] }));
});

describe("findings of events", () => {
  test("three of a rule are kept with their places, the others counted", () => {
    const findings = createEventFindings();
    let located = 0;
    for (let index = 0; index < 10; index++) {
      findings.add(1, duplicate, () => {
        located++;
        return { ...place, line: index + 1 };
      });
    }
    findings.add(2, slow, () => place);
    const kept: readonly Counted[] = findings.of(1);
    expect(kept.map(({ source, more }) => [source.line, more])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 7],
    ]);
    expect(located).toBe(3);
    expect(findings.of(3)).toEqual([]);
    expect([slow, failed, duplicate].map(isOfCalls)).toEqual([true, true, false]);
  });
});

describe("evidence", () => {
  const event = (text: string) => ({ kind: "event", text, source: place }) as const;

  test("gives back what it took, to the letter", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 })), (texts) => {
        const store = createEventStore(1e6);
        for (const text of texts) store.add(1, event(text), false);
        expect(store.of(1).map(({ text }) => text)).toEqual(texts);
      }),
    );
  });

  test("drops the oldest of which nothing wrong is known, and takes a call that lost some no more", () => {
    const store = createEventStore(1000);
    store.add(1, event("x".repeat(300)), true);
    store.add(2, event("x".repeat(300)), false);
    store.add(3, event("x".repeat(300)), false);
    store.add(4, event("x".repeat(300)), true);
    expect([1, 2, 3, 4].map(store.size)).toEqual([300, 0, 300, 300]);
    store.add(2, event("x"), true);
    expect(store.of(2)).toEqual([]);
    store.add(5, event("x".repeat(700)), true);
    expect([1, 3, 4, 5].map(store.size)).toEqual([0, 0, 0, 700]);
  });

  test("never holds more than it has room for", () => {
    const add = fc.record({
      draft: fc.integer({ min: 0, max: 20 }),
      size: fc.integer({ min: 1, max: 400 }),
      bad: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(add, { maxLength: 200 }), (adds) => {
        const store = createEventStore(1000);
        for (const { draft, size, bad } of adds) {
          store.add(draft, event("x".repeat(size)), bad);
          const total = Array.from({ length: 21 }, (_, each) => store.size(each)).reduce((sum, each) => sum + each, 0);
          expect(total).toBeLessThanOrEqual(1000);
        }
      }),
    );
  });
});
