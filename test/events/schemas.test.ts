import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bundledSchemas, latestOf } from "../../src/events/schemas/bundled.ts";
import { loadSchemas } from "../../src/events/schemas/compile-schema.ts";
import { sample, verdict } from "./support.ts";

const name = "Voice.WebhookEvent/3";
const json = { type: "object", required: ["callSid"] };
const version3 = sample("call-answered", { "/dataschema": `https://events-schemas.twilio.com/${name}` });

describe("bundled schemas", () => {
  test("are all the files there are", () => {
    const files = readdirSync("src/events/schemas", { recursive: true, encoding: "utf8" });
    const names = files.filter((file) => file.endsWith(".json")).map((file) => file.replaceAll("\\", "/").slice(0, -5));
    expect([...bundledSchemas.keys()].sort()).toEqual(names.sort());
  });

  test("have the highest version as the latest", () => {
    expect(latestOf("Voice.WebhookEvent", bundledSchemas)?.name).toBe("Voice.WebhookEvent/2");
    expect(latestOf("Messaging.MessageStatus", bundledSchemas)).toBeUndefined();
  });
});

describe("loadSchemas", () => {
  test("adds a version", async () => {
    const schemas = loadSchemas([{ name, json }]);
    expect(verdict(version3)).toEqual(["schema-unknown /dataschema"]);
    expect(verdict(version3, "event", { schemas })).toEqual(["schema /data"]);
  });

  test("compares versions as numbers", async () => {
    const schemas = loadSchemas([9, 10].map((version) => ({ name: `Voice.WebhookEvent/${version}`, json })));
    expect(latestOf("Voice.WebhookEvent", schemas)?.name).toBe("Voice.WebhookEvent/10");
  });

  test("replaces a version, and leaves the bundled ones as they are", async () => {
    const schemas = loadSchemas([{ name: "Voice.WebhookEvent/2", json }]);
    expect(verdict(sample("call-answered"), "event", { schemas })).toEqual(["schema /data"]);
    expect(verdict(sample("call-answered"))).toEqual([]);
  });

  test.each([
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
  ])("reads %s", async ($schema) => {
    const schemas = loadSchemas([{ name, json: { $schema, ...json } }]);
    expect(verdict(version3, "event", { schemas })).toEqual(["schema /data"]);
  });

  test("reports what the bundled schemas never ask for", async () => {
    const properties = {
      sid: { enum: ["CA1"] },
      timestamp: { const: "now" },
      eventSid: { pattern: "^EZ" },
      request: { properties: { method: { maxLength: 1 }, url: { type: ["null", "integer"] } } },
      "a/b~c": { type: "object" },
    };
    const schemas = loadSchemas([{ name, json: { properties } }]);
    const value = sample("call-answered", { "/dataschema": name });
    Object.assign(Object(value.data), { "a/b~c": 1 });
    expect(verdict(value, "event", { schemas })).toEqual([
      "schema /data/sid",
      "schema /data/timestamp",
      "schema /data/eventSid",
      "schema /data/request/method",
      "schema /data/request/url",
      "schema /data/a~1b~0c",
    ]);
  });

  test.each([
    ["no object", 5],
    ["an array", []],
    ["a broken keyword", { type: "text" }],
    ["an unknown reference", { $ref: "https://example.com/other.json" }],
    ["asynchronous", { $async: true }],
    ["an unknown dialect", { $schema: "http://json-schema.org/draft-03/schema#" }],
  ])("names the schema that is %s", async (_, broken) => {
    expect(() => loadSchemas([{ name, json: broken }])).toThrow(`schema ${name} cannot be used`);
  });
});
