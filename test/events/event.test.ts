import { describe, expect, test } from "vitest";
import { briefType, readEvent } from "../../src/events/event.ts";
import { eventTime } from "../../src/events/event-time.ts";
import { type Changes, sample } from "./support.ts";

const sid = `CA${"1".repeat(32)}`;
const read = (changes: Changes) => readEvent(sample("call-answered", changes), "event");

describe("readEvent", () => {
  test("reads a CloudEvent", () => {
    const value = sample("call-answered");
    expect(readEvent(value, "event")).toMatchObject({
      kind: "event",
      value,
      id: value.id,
      source: value.source,
      type: "com.twilio.voice.status-callback.call.answered",
      time: "2025-08-24T13:49:54.363Z",
      schema: "Voice.WebhookEvent/2",
      data: value.data,
      dataIsText: false,
      status: "in-progress",
      parameters: { CallStatus: "in-progress" },
      request: { method: "POST", url: "https://ivr.example.com/voice/status" },
      response: { code: 200, durationMs: 84, contentType: "application/xml;charset=UTF-8", body: "PFJlc3BvbnNlLz4=" },
    });
  });

  test("takes a number that is too large to be one for none", () => {
    const { response } = read({ "/data/response": JSON.parse('{"responseCode":1e999,"requestDuration":-1e999}') });
    expect([response?.code, response?.durationMs]).toEqual([undefined, undefined]);
  });

  test("reads data that is a string", () => {
    const event = readEvent(sample("data-as-string"), "event");
    expect(event).toMatchObject({ dataIsText: true, status: "ringing", data: { sid: event.callSid } });
  });

  test("reads an item of the Call Events resource", () => {
    const request = { method: "POST", url: `https://api.twilio.com/2010-04-01/Accounts/AC1/Calls/${sid}.json` };
    const response = {
      response_code: 201,
      request_duration: 50,
      content_type: "text/xml",
      response_body: "<Response/>",
    };
    expect(
      readEvent({ request: { ...request, parameters: { call_status: "ringing" } }, response }, "call-event"),
    ).toMatchObject({
      callSid: sid,
      status: "ringing",
      request,
      response: { code: 201, durationMs: 50, contentType: "text/xml", body: "<Response/>" },
    });
  });

  test("reads a status callback", () => {
    const value = { CallSid: sid, CallStatus: "busy" };
    expect(readEvent(value, "callback")).toMatchObject({ callSid: sid, status: "busy", parameters: value });
  });

  test("takes nothing of another type for what it is not", () => {
    const event = readEvent({ id: 1, type: null, data: [], dataschema: {}, time: 5 }, "event");
    expect(Object.values(event).filter((field) => field !== undefined)).toEqual(["event", event.value, false]);
  });

  test.each([
    ["data.sid", {}, /^CA[0-9a-f]{32}$/],
    ["CallSid", { "/data/sid": "RE1", "/data/request/parameters/CallSid": "CA2" }, /^CA2$/],
    ["call_sid", { "/data": { call_sid: "CA3" } }, /^CA3$/],
    ["correlation_sid of an error log", { "/data": { sid: "NO1", correlation_sid: "CA4" } }, /^CA4$/],
  ])("finds the call in %s", (_, changes, callSid) => expect(read(changes).callSid).toMatch(callSid));

  test("finds no call where there is none", () => expect(read({ "/data": { sid: "CF1" } }).callSid).toBeUndefined());

  test.each([
    ["initiated", "initiated"],
    ["ringing", "ringing"],
    ["answered", "in-progress"],
    ["completed", "completed"],
  ])("takes the status of call.%s from the type", (step, status) => {
    expect(readEvent(sample(`published-old-${step}`), "event").status).toBe(status);
    expect(readEvent(sample(`published-new-${step}`), "event").status).toBe(status);
  });

  test.each([
    ["https://events-schemas.twilio.com/Voice.WebhookEvent/1", "Voice.WebhookEvent/1"],
    ["https://events-schemas.twilio.com/EventStreams.TestSink/1.json", "EventStreams.TestSink/1"],
    ["https://events-schemas.twilio.com/Voice.WebhookEvent/2/?x=1#y", "Voice.WebhookEvent/2"],
    ["https://events.twilio.com/v1/Schemas/Voice.WebhookEvent/Versions/2", "Voice.WebhookEvent/2"],
    ["//events-schemas.twilio.com/Voice.WebhookEvent/2", "Voice.WebhookEvent/2"],
    ["https://events-schemas.twilio.com/Voice.WebhookEvent", "Voice.WebhookEvent"],
    ["Voice.WebhookEvent/2", "Voice.WebhookEvent/2"],
    ["", ""],
  ])("names the schema of %j", (dataschema, schema) => expect(read({ "/dataschema": dataschema }).schema).toBe(schema));
});

describe("eventTime", () => {
  const without: Changes = { "/data/timestamp": undefined };
  const sunday = "Sun, 24 Aug 2025 13:49:5";
  test.each([
    ["data.timestamp", { "/time": "2020-01-01T00:00:00Z" }, "2025-08-24T13:49:54.363Z"],
    ["time", { ...without, "/time": "2025-08-24T13:49:54.1Z" }, "2025-08-24T13:49:54.100Z"],
    [
      "Timestamp",
      { ...without, "/time": "?", "/data/request/parameters/Timestamp": `${sunday}1 +0000` },
      "2025-08-24T13:49:51Z",
    ],
    [
      "requestDateCreated",
      { ...without, "/time": undefined, "/data/request": undefined, "/data/requestDateCreated": `${sunday}2 +0000` },
      "2025-08-24T13:49:52Z",
    ],
    [
      "dateCreated",
      { "/time": undefined, "/data": { response: { dateCreated: `${sunday}3 +0000` } } },
      "2025-08-24T13:49:53Z",
    ],
  ])("is %s", (_, changes, iso) => expect(eventTime(read(changes))).toBe(Date.parse(iso)));

  test("is undefined when there is none", () =>
    expect(eventTime(read({ "/time": "soon", "/data": {} }))).toBeUndefined());
});

test.each([
  ["com.twilio.voice.status-callback.call.ringing", "status-callback.call.ringing"],
  ["com.twilio.messaging.message.sent", "messaging.message.sent"],
  ["com.twilio.voice.", "voice."],
  ["com.twilio.", "com.twilio."],
  [" com.twilio.voice. x", "voice. x"],
  ["call.ringing", "call.ringing"],
  ["", ""],
])("%j is called %j", (type, name) => expect(briefType(type)).toBe(name));
