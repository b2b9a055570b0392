import { describe, expect, test } from "vitest";
import { createCatalog, eventTypes, parseTypes } from "../../src/events/catalog.ts";
import { findNearest } from "../../src/findings/suggest.ts";

describe("the catalogue", () => {
  const { types, suggest } = createCatalog();

  test("has each type once", () => expect(types.size).toBe(eventTypes.length));

  test("replaces a deprecated type by an available one", () => {
    const deprecated = eventTypes.filter(({ status }) => status === "deprecated");
    expect(deprecated).toHaveLength(4);
    for (const { replacement = "" } of deprecated) expect(types.get(replacement)?.status).toBe("available");
  });

  test("knows both spellings where the sources disagree", () => {
    expect(types.has("com.twilio.voice.twiml.requested") && types.has("com.twilio.voice.twiml.call.requested")).toBe(
      true,
    );
  });

  test.each([
    ["com.twilio.voice.status-callback.call.answred", "com.twilio.voice.status-callback.call.answered"],
    ["com.twilio.voice.status_callback.call.ringing", "com.twilio.voice.status-callback.call.ringing"],
    ["com.twilio.messaging.message.sent", undefined],
    ["", undefined],
  ])("suggests for %j", (type, suggestion) => expect(suggest(type)).toBe(suggestion));
});

describe("nearest", () => {
  test("takes the fewest edits, then the first", () => {
    expect(findNearest("abd", ["xyz", "abc", "abe"])).toBe("abc");
    expect(findNearest("abc", ["ab", "abc"])).toBe("abc");
    expect(findNearest("abcdefgh", ["stuvwxyz"])).toBeUndefined();
  });
});

describe("parseTypes", () => {
  const type = "com.twilio.voice.status-callback.call.answered";
  const page = {
    types: [{ type, schema_id: "Voice.WebhookEvent", status: "restricted", description: "Call answered" }],
    meta: {},
  };

  test("reads the API's page", () => {
    expect(parseTypes(page)).toEqual([
      { type, label: "Call answered", status: "restricted", schema: "Voice.WebhookEvent" },
    ]);
  });

  test("reads what twilio-cli prints", () => {
    const list = [{ type: "com.twilio.new", schemaId: "New.Event", status: "available", description: "" }];
    expect(parseTypes(list)).toEqual([
      { type: "com.twilio.new", label: "com.twilio.new", status: "available", schema: "New.Event" },
    ]);
  });

  test("refreshes the catalogue", () => {
    const { types } = createCatalog([
      ...parseTypes(page),
      { type: "com.twilio.new", label: "New", status: "available" },
    ]);
    expect(types.get(type)).toMatchObject({
      label: "Call answered",
      status: "restricted",
      sinks: ["webhook", "kinesis", "segment"],
    });
    expect(types.has("com.twilio.new")).toBe(true);
    expect(types.size).toBe(eventTypes.length + 1);
  });

  test.each([
    null,
    1,
    {},
    { types: {} },
    [1],
    [{ status: "available" }],
    [{ type: "x" }],
    [{ type: "x", status: "gone" }],
  ])("refuses %j", (json) => {
    expect(() => parseTypes(json)).toThrow(/Types|type|status/);
  });
});
