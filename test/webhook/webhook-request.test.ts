import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  callSidsIn,
  deliveryIds,
  keptHeaders,
  type RecordedRequest,
  toRecordedRequest,
  toRecordLine,
} from "../../src/webhook/webhook-request.ts";

const request: RecordedRequest = {
  receivedAt: Date.parse("2025-08-24T13:49:54.123Z"),
  method: "POST",
  url: "/hooks?a=1",
  headers: { "content-type": "application/json" },
  signature: "ok",
  body: Buffer.from("[]"),
};

const roundTrip = (given: RecordedRequest) => toRecordedRequest(JSON.parse(toRecordLine(given).toString("utf8")));

describe("a line of a record", () => {
  test("is one JSON object", () => {
    expect(toRecordLine(request).toString()).toBe(
      '{"v":1,"receivedAt":"2025-08-24T13:49:54.123Z","method":"POST","url":"/hooks?a=1","headers":{"content-type":"application/json"},"sig":"ok","body":"[]"}\n',
    );
  });

  test("holds any bytes as they came", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const line = toRecordLine({ ...request, body: Buffer.from(bytes) });
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(toRecordedRequest(JSON.parse(line.toString("utf8")))?.body).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test("holds any text as it came, and tells the rest", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, url) => {
        const given = { ...request, url, body: Buffer.from(text), rejected: "it is not JSON", length: 7 };
        expect(roundTrip(given)).toEqual(given);
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps a byte order mark, line breaks and U+2028", () => {
    const body = Buffer.from("\ufeff[\r\n\u2028]\n");
    expect(roundTrip({ ...request, body })?.body).toEqual(body);
  });

  test("grows with a body of control characters no more than base64 does", () => {
    const body = Buffer.alloc(100_000, 1);
    expect(toRecordLine({ ...request, body }).length).toBeLessThan(134_000);
    expect(roundTrip({ ...request, body })?.body).toEqual(body);
  });

  test.each([
    ["an event", { specversion: "1.0", type: "a", headers: {}, body: "" }],
    ["another version", { ...JSON.parse(toRecordLine(request).toString()), v: 2 }],
    ["no time", { ...JSON.parse(toRecordLine(request).toString()), receivedAt: "yesterday" }],
    ["no verdict", { ...JSON.parse(toRecordLine(request).toString()), sig: "perhaps" }],
    ["no body", { ...JSON.parse(toRecordLine(request).toString()), body: undefined }],
    ["a list", []],
    ["nothing", null],
  ])("is not %s", (_, value) => {
    expect(toRecordedRequest(value)).toBeUndefined();
  });
});

test("of the headers, those that may hold a secret are dropped and repeated ones joined", () => {
  const raw = [
    "Host",
    "a",
    "AUTHORIZATION",
    "Basic x",
    "Cookie",
    "s=1",
    "X-Twilio-Signature",
    "1",
    "x-twilio-signature",
    "2",
  ];
  expect(keptHeaders([...raw, "Proxy-Authorization", "x", "X-Api-Key", "k", "ce-id", "e", "__proto__", "p"])).toEqual({
    host: "a",
    "x-twilio-signature": "1, 2",
    "ce-id": "e",
  });
});

describe("the ids of a delivery", () => {
  const ids = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    deliveryIds({ ...request, headers: { ...request.headers, ...headers }, body: Buffer.from(body) });

  test.each([
    ["those of its events", '[{"specversion":"1.0","id":"a"},{"specversion":"1.0","id":"b"}]', {}, ["a", "b"]],
    ["that of its only event", '{"specversion":"1.0","id":"a"}', {}, ["a"]],
    ["the header's in binary mode", '{"id":"x"}', { "ce-id": "a" }, ["a"]],
    ["none where an event has none", '[{"specversion":"1.0","id":"a"},{"specversion":"1.0"}]', {}, []],
    ["none of other JSON", '{"id":"a"}', {}, []],
    ["none of an empty list", "[]", {}, []],
    ["none of no JSON", '[{"specversion":"1.0","id":"a"}', {}, []],
    ["the idempotency token, without events", "{}", { "i-twilio-idempotency-token": "t" }, ["t"]],
    [
      "the idempotency token of a form",
      "CallSid=CA1",
      { "content-type": "application/x-www-form-urlencoded", "i-twilio-idempotency-token": "t" },
      ["t"],
    ],
  ])("are %s", (_, body, headers, expected) => {
    expect(ids(body, headers)).toEqual(expected);
  });
});

test("the calls that a body speaks of are found in JSON, in forms and in what is neither", () => {
  const one = `CA${"0".repeat(32)}`;
  const other = `CA${"1f".repeat(16)}`;
  expect([...callSidsIn(Buffer.from(`{"sid":"${one}","x":{"CallSid":"${other}"},"y":"${one}"}`))]).toEqual([
    one,
    other,
  ]);
  expect([...callSidsIn(Buffer.from(`CallSid=${one}&ParentCallSid=${other}`))]).toEqual([one, other]);
  expect([...callSidsIn(Buffer.concat([Buffer.from([0xff, 0x22]), Buffer.from(one)]))]).toEqual([one]);
  expect([...callSidsIn(Buffer.from("CAT CA CANCELED_CALL"))]).toEqual([]);
});
