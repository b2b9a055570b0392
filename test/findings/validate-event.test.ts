import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvent } from "../../src/events/event.ts";
import { createEventValidator, validateBareBody, validateBody } from "../../src/findings/validate-event.ts";
import { decodeBody } from "../../src/twiml/decode/decode-body.ts";
import { sample, verdict } from "../events/support.ts";

const names = readdirSync("samples/events").map((file) => file.replace(/\.json$/, ""));
const published = names.filter((name) => name.startsWith("published-"));

describe("Twilio's published example", () => {
  test("is there for the eight call types", () => expect(published).toHaveLength(8));

  test.each(published.flatMap((name) => [1, 2].map((version) => ({ name, version }))))(
    "$name, version $version",
    ({ name, version }) => {
      const dataschema = `https://events-schemas.twilio.com/Voice.WebhookEvent/${version}`;
      const event = readEvent(sample(name, { "/dataschema": dataschema }), "event");
      const findings = createEventValidator()(event);
      expect(findings.map(({ rule, severity, pointer }) => `${severity} ${rule} ${pointer}`)).toEqual([
        "warning envelope-content-type /datacontenttype",
        ...(name.includes("-old-") ? ["warning type-deprecated /type"] : []),
        "info sid-format /id",
        "info sid-format /data/sid",
        "info sid-format /data/eventSid",
        "info time-skew /data/requestDateCreated",
        "info twiml-ignored /data/response/responseBody",
        "info twiml-empty /data/response/responseBody",
        "info twiml-loop /data/response/responseBody",
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

describe("the answer", () => {
  const body = "/data/response/responseBody";
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const findings = (judge: ReturnType<typeof createEventValidator>, name: string, text: string) =>
    judge(readEvent(sample(name, { [body]: base64(text) }), "event")).map(
      ({ rule, severity, pointer, at }) => `${severity} ${rule} ${pointer} ${at?.line}:${at?.column}`,
    );

  const executed = "twiml-gather-finished";
  const ignored = "call-answered";
  const mute = "<Response><Say/><Dial><Number>+14155550103</Number></Dial></Response>";

  test.each<readonly [string, string, string, readonly string[]]>([
    ["TwiML that is executed", executed, mute, [`warning twiml-empty ${body} 1:11`]],
    ["TwiML to a callback", ignored, mute, [`info twiml-ignored ${body} 1:1`, `info twiml-empty ${body} 1:11`]],
    ["an empty Response to a callback", ignored, "<Response/>", []],
    ["another root, executed", executed, "<Say>Hi</Say>", [`error twiml-root ${body} 1:1`]],
    ["another root, to a callback", ignored, "<Say>Hi</Say>", [`warning twiml-root ${body} 1:1`]],
    ["XML that breaks off, executed", executed, "<Response>", [`error twiml-syntax ${body} 1:1`]],
    ["XML that breaks off, to a callback", ignored, "<Response>", [`warning twiml-syntax ${body} 1:1`]],
    ["nothing, executed", executed, "", [`error twiml-syntax ${body} 1:1`]],
    ["nothing, to a callback", ignored, "", []],
    ["what Twilio's API answered", "api-request-call-created", '{"sid":""}', []],
    ["what a media server answered", "media-fetched", "RIFF\0\0\0\0WAVE", []],
  ])("%s", (_, name, text, expected) => {
    const twiml = findings(createEventValidator(), name, text).filter((found) => found.includes("twiml-"));
    expect(twiml).toEqual(expected);
  });

  test("is judged anew where it is executed, though the text is the same", () => {
    const judge = createEventValidator();
    for (const name of [ignored, executed, ignored]) {
      expect(findings(judge, name, mute)).toEqual(findings(createEventValidator(), name, mute));
    }
  });

  test("is judged anew where another URL gave it", () => {
    const judge = createEventValidator();
    const text = base64("<Response><Redirect>/voice/menu</Redirect></Response>");
    const rulesAt = (url: string) =>
      judge(readEvent(sample(executed, { [body]: text, "/data/request/url": url }), "event")).map(({ rule }) => rule);
    expect(rulesAt("https://ivr.example.com/voice/answer")).toEqual([]);
    expect(rulesAt("https://ivr.example.com/voice/menu")).toEqual(["twiml-loop"]);
  });
});

describe("answers of thousands of events", () => {
  const body = "/data/response/responseBody";
  const say = (words: string) => Buffer.from(`<Response><Say>${words}</Say><Say/></Response>`).toString("base64");
  const rulesOf = (judge: ReturnType<typeof createEventValidator>, changes: Readonly<Record<string, unknown>>) =>
    judge(readEvent(sample("twiml-gather-finished", changes), "event")).map(({ rule }) => rule);

  test("are judged alike, also those that are no longer kept", () => {
    const judge = createEventValidator();
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1500; index++) {
        expect(rulesOf(judge, { [body]: say(String(index % 800)) })).toEqual(["twiml-empty"]);
      }
    }
  });

  test("are judged alike from however many URLs one came", () => {
    const judge = createEventValidator();
    for (let index = 0; index < 40; index++) {
      const url = `https://ivr.example.com/voice/${index}`;
      expect(rulesOf(judge, { [body]: say("Hi"), "/data/request/url": url })).toEqual(["twiml-empty"]);
    }
  });

  test("are judged where they are too long to be kept", () => {
    const judge = createEventValidator();
    for (const _ of [1, 2]) expect(rulesOf(judge, { [body]: say("Hi ".repeat(6000)) })).toContain("twiml-empty");
  });
});

describe("a body of the Call Events resource, or without its event", () => {
  test("is shown and not judged: it is plain text, an answer of Twilio's own", () => {
    const event = readEvent({ request: {}, response: { response_body: "<Response><Say/></Response>" } }, "call-event");
    expect(validateBody(event)).toMatchObject({ body: { text: "<Response><Say/></Response>" }, findings: [] });
  });

  test("that is no text is not judged as TwiML", () => {
    const gif = decodeBody(Buffer.from("GIF89a\0\u0001\0\u0001", "latin1").toString("base64"), "image/gif");
    expect(validateBareBody(gif).findings).toEqual(gif.findings);
    expect(validateBareBody(decodeBody(say(""), "text/xml")).findings.map(({ rule }) => rule)).toContain("twiml-empty");
  });

  test("there is none where nothing was answered", () => {
    expect(validateBody(readEvent({ request: {} }, "call-event"))).toBeUndefined();
  });
});

const say = (words: string) => Buffer.from(`<Response><Say>${words}</Say></Response>`).toString("base64");

describe("the judge", () => {
  const answered = sample("call-answered");

  test("gives all clean events one array", () => {
    const judge = createEventValidator();
    const findings = judge(readEvent(answered, "event"));
    expect(judge(readEvent(sample("call-ringing"), "event"))).toBe(findings);
    expect(Object.isFrozen(findings)).toBe(true);
  });

  test("judges an equal body alike", () => {
    const judge = createEventValidator();
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
    const [finding] = createEventValidator()(readEvent(sample("call-completed-old"), "event"));
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
