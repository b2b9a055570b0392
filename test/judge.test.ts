import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvent } from "../src/events/event.ts";
import { createJudge } from "../src/judge.ts";
import { sample, verdict } from "./events/support.ts";

const names = readdirSync("samples/events").map((file) => file.replace(/\.json$/, ""));
const published = names.filter((name) => name.startsWith("published-"));

describe("Twilio's published example", () => {
  test("is there for the eight call types", () => expect(published).toHaveLength(8));

  test.each(published.flatMap((name) => [1, 2].map((version) => ({ name, version }))))(
    "$name, version $version",
    ({ name, version }) => {
      const dataschema = `https://events-schemas.twilio.com/Voice.WebhookEvent/${version}`;
      const event = readEvent(sample(name, { "/dataschema": dataschema }), "event");
      const findings = createJudge()(event);
      expect(findings.map(({ rule, severity, pointer }) => `${severity} ${rule} ${pointer}`)).toEqual([
        "warning envelope-content-type /datacontenttype",
        ...(name.includes("-old-") ? ["warning type-deprecated /type"] : []),
        "info sid-format /id",
        "info sid-format /data/sid",
        "info sid-format /data/eventSid",
        "info time-skew /data/requestDateCreated",
      ]);
    },
  );
});

describe("samples/events", () => {
  test.each(names.filter((name) => !published.includes(name)))("%s", (name) => {
    const value = sample(name);
    const deprecated = String(value.type).includes(".webhook.");
    expect(verdict(value)).toEqual(deprecated ? ["type-deprecated /type"] : []);
  });
});

describe("the judge", () => {
  const answered = sample("call-answered");

  test("gives all clean events one array", () => {
    const judge = createJudge();
    const findings = judge(readEvent(answered, "event"));
    expect(judge(readEvent(sample("call-ringing"), "event"))).toBe(findings);
    expect(Object.isFrozen(findings)).toBe(true);
  });

  test("judges an equal body alike", () => {
    const judge = createJudge();
    const event = readEvent(sample("call-answered", { "/data/response/responseBody": "PA=" }), "event");
    expect(judge(event)).toEqual(judge(event));
  });

  test("takes the limit for a slow answer", () => {
    expect(verdict(answered, "event", { slowMs: 50 })).toEqual(["response-slow /data/response/requestDuration"]);
  });

  test.each(["restricted", "discontinued"] as const)("takes a catalogue that says %s", (status) => {
    const types = [{ type: "com.twilio.voice.status-callback.call.answered", label: "", status }];
    expect(verdict(answered, "event", { types })).toEqual([`type-${status} /type`]);
  });

  test("names the replacement of a deprecated type", () => {
    const [finding] = createJudge()(readEvent(sample("call-completed-old"), "event"));
    expect(finding?.message).toContain("subscribe to com.twilio.voice.status-callback.call.completed instead");
  });

  test.each([
    {},
    { data: [] },
    { type: {}, data: { request: 1, response: [] } },
    { data: '"' },
    JSON.parse('{"__proto__":{"type":"x"}}'),
  ])("never throws: %j", (value) => {
    for (const kind of ["event", "call-event", "callback"] as const) {
      expect(verdict(value, kind).length).toBeGreaterThan(0);
    }
  });
});
