import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../src/events/catalog.ts";
import { isKnownName } from "../../src/redact/fields.ts";
import { isPlain } from "../../src/redact/vocabulary.ts";
import { elementNames, elementRule } from "../../src/twiml/grammar.ts";
import { cpuSince } from "../cpu.ts";
import { sampleOf, scenarioNames } from "../sampling/support.ts";
import { redactorOf, signs } from "./support.ts";

const { field, leaf, json, key, prose, file } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

describe("telephone numbers", () => {
  const spellings = [
    "+14155550100",
    "14155550100",
    "tel:+14155550100",
    "%2B14155550100",
    "+1 415-555-0100",
    "+1 (415) 555.0100",
    "0014155550100",
    " 14155550100",
    "tel:+1-415-555-0100;ext=1",
  ];

  test.each(spellings)("%s has the one token", (spelling) => {
    expect(field(spelling, "From")).toBe(field("+14155550100", "To"));
    expect(signs(field(spelling, "From"))).toBe("+1·ph_");
  });

  test("so does the user of a SIP URI", () => {
    const [, token] = field("+14155550100", "From").split("·");
    for (const uri of ["sip:+14155550100@example.com", "sip:14155550100@example.com", "sips:%2B14155550100@x.example"])
      expect(field(uri, "From")).toContain(`:+1·${token}@h_`);
  });

  test("each number has its own, whatever their distance", () =>
    fc.assert(
      fc.property(fc.bigInt(10n ** 9n, 10n ** 14n), fc.bigInt(10n ** 9n, 10n ** 14n), (one, other) => {
        expect(field(`+${one}`, "From") === field(`+${other}`, "From")).toBe(one === other);
      }),
    ));

  test.each([
    ["+4930123456", "+49·ph_"],
    ["+35312345678", "+353·ph_"],
    ["+79161234567", "+7·ph_"],
    ["4155550100", "ph_"],
    ["07700900123", "ph_"],
    ["12345", "ph_"],
    ["client:alice", "client:u_"],
    ["whatsapp:+14155550100", "whatsapp:+1·ph_"],
    ["sip:alice:secret@pbx.example.com:5061;transport=tls;x=y", "sip:u_:***@h_:5061;transport=tls"],
    ["alice@example.com", "u_@h_"],
    ["alice", "u_"],
    ["anonymous", "anonymous"],
    ["", ""],
  ])("%s is shown as %s", (value, shown) => expect(signs(field(value, "From"))).toBe(shown));

  test("another key makes other tokens", () => {
    for (const value of ["+14155550100", "client:alice", "sip:alice@example.com", sid])
      expect(redactorOf("hash", 2).field(value, "From")).not.toBe(field(value, "From"));
  });

  test("partial shows country code and last two digits, where they hide one among millions", () => {
    const partial = redactorOf("partial");
    expect(partial.field("+14155550134", "From")).toBe("+1·…34");
    expect(partial.field("+3545551234", "From")).toBe("+354·…");
    expect(partial.field("12345", "From")).toBe("…");
    expect(signs(partial.field(sid, "CallSid"))).toBe("CA_");
  });

  test("full shows nothing that joins", () => {
    const full = redactorOf("full");
    expect(full.field("+14155550100", "From")).toBe("[phone]");
    expect(full.field(sid, "CallSid")).toBe("[sid]");
    expect(full.field("sip:alice@example.com", "To")).toBe("sip:[user]@[host]");
    expect(full.json('{"Zanzibar":1}')).toBe('{"key_redacted":1}');
  });
});

describe("fields", () => {
  test.each([
    ["CallStatus", "in-progress", "in-progress"],
    ["call_status", "no-answer", "no-answer"],
    ["CallStatus", "Alice", "[text:5]"],
    ["CallDuration", "49", "49"],
    ["CallDuration", "4155550100", "ph_"],
    ["ApiVersion", "2010-04-01", "2010-04-01"],
    ["Timestamp", "Sun, 24 Aug 2025 13:49:54 +0000", "Sun, 24 Aug 2025 13:49:54 +0000"],
    ["Timestamp", "last Sunday at Alice's", "[text:22]"],
    ["FromCountry", "US", "US"],
    ["FromCity", "SAN FRANCISCO", "place_"],
    ["CallerName", "ALICE", "name_"],
    ["Latitude", "37.7749", "[place]"],
    ["Digits", "4821", "[digits:4]"],
    ["SpeechResult", "my name is Zoë 👋", "[text:16]"],
    ["SipHeader_X-Customer", "alice", "[dropped]"],
    ["CallToken", "abc", "***"],
    ["CallSid", sid, "CA_"],
    ["RecordingSid", "RE123", "RE_"],
    ["id", "8a3c", "id_"],
    ["ip", "203.0.113.9", "ip_"],
    ["contentType", "text/xml; charset=UTF-8", "text/xml; charset=UTF-8"],
    ["contentType", "text/alice", "[text:10]"],
    ["type", "com.twilio.voice.status-callback.call.completd", "com.twilio.voice.status-callback.call.completd"],
    ["type", "com.example.alice", "[text:17]"],
    [
      "dataschema",
      "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
      "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
    ],
    ["source", `/2010-04-01/Accounts/${sid}/Calls/${sid}`, "/2010-04-01/Accounts/CA_/Calls/CA_"],
    ["edge", "ashburn", "[text:7]"],
    ["whatever", "alice", "[text:5]"],
    ["whatever", "+14155550100", "+1·ph_"],
    ["whatever", "2001:db8::1", "ip_"],
    ["whatever", '{"Caller":"+14155550100","x":[1,"alice"]}', '{"Caller":"+1·ph_","x":[1,"[text:5]"]}'],
    ["whatever", "From=%2B14155550100&Body=hi+there", "From=%2B1%C2%B7ph_&Body=[text:8]"],
    ["whatever", "<a><b>alice</b></a>", "<a><b>[text:5]</b></a>"],
    ["whatever", "<a><b>alice</a>", "[text:15]"],
  ])("%s %s → %s", (name, value, shown) => expect(signs(field(value, name))).toBe(shown));

  test("base64 of a document is opened, of anything else replaced", () => {
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    expect(signs(Buffer.from(leaf(base64('{"From":"+14155550100"}')), "base64").toString())).toBe('{"From":"+1·ph_"}');
    expect(leaf(base64("Alice called from +14155550100"))).toBe("[text:40]");
  });

  test.each([
    [
      "https://alice:pw@example.com:8443/voice/alice?From=%2B14155550100&x=alice#top",
      "https://***@example.com:8443/voice/p_?From=%2B1%C2%B7ph_&x=[text:5]#top",
    ],
    ["https://203.0.113.9/voice", "https://ip_/voice"],
    ["/voice/status?token=abc", "/voice/status?token=***"],
    [
      `https://api.twilio.com/2010-04-01/Accounts/${sid}/Recordings/${sid}.mp3`,
      "https://api.twilio.com/2010-04-01/Accounts/CA_/Recordings/CA_.mp3",
    ],
    ["javascript:alert('alice')", "[text:25]"],
  ])("url %s", (url, shown) => expect(signs(field(url, "url"))).toBe(shown));

  test("nothing is opened without end", () => {
    let nested = "alice";
    for (let layer = 0; layer < 14; layer++) nested = JSON.stringify({ nested });
    expect(leaf(nested)).not.toContain("alice");
    expect(leaf("?url=".repeat(100_000))).not.toContain("alice");
    const deep = `${"[".repeat(200)}"alice"${"]".repeat(200)}`;
    expect(json(deep)).toBe('"[unparsed 407 bytes]"');
  });
});

describe("JSON", () => {
  test("keys, numbers and blanks stay to the letter, and a key that stands twice is seen twice", () =>
    expect(
      signs(json('{ "ms" : 1.0e2, "count":12345678901234567890, "Caller":"+14155550100","Caller":"alice" ,"code":2}')),
    ).toBe('{ "ms" : 1.0e2, "count":"[number]", "Caller":"+1·ph_","Caller":"u_" ,"code":2}'));

  test("numbers that may be a person's become texts", () =>
    expect(
      signs(
        json('{"From":14155550100,"x":4155550100,"pin":4821,"latitude":37.7749,"timestamp":1756043388102,"ms":140}'),
      ),
    ).toBe('{"From":"+1·ph_","x":"ph_","pin":"[digits:4]","latitude":"[place]","timestamp":1756043388102,"ms":140}'));

  test("escapes hide nothing", () =>
    expect(signs(json(String.raw`{"\u0046rom":"\u002b14155550100","\u0041lice":"a\"b\\"}`))).toBe(
      String.raw`{"\u0046rom":"+1·ph_","key_":"[text:4]"}`,
    ));

  test("whatever the JSON, its shape stays, and what is redacted stays when it is redacted again", () =>
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const once = json(text);
        expect(shapeOf(JSON.parse(once))).toBe(shapeOf(JSON.parse(text)));
        expect(json(once)).toBe(once);
      }),
    ));
});

/** Objects, arrays and how many things are in them; of what is in them, nothing. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`;
  if (typeof value !== "object" || value === null) return "";
  return `{${Object.values(value).map(shapeOf).join()}}`;
}

describe("TwiML", () => {
  const body = (xml: string): string => field(xml, "response_body");

  test.each([
    [
      '<Response><Say voice="Polly.Joanna">Hello <break/> Alice</Say></Response>',
      '<Response><Say voice="[text:12]">[text:5] <break/> [text:5]</Say></Response>',
    ],
    [
      '<Response><Dial callerId="+14155550100"> <Number>+1 415 555 0100</Number></Dial></Response>',
      '<Response><Dial callerId="+1·ph_"> <Number>+1·ph_</Number></Dial></Response>',
    ],
    [
      '<Response><Dial><Sip username="alice" password="pw">sip:alice@example.com</Sip></Dial></Response>',
      '<Response><Dial><Sip username="name_" password="***">sip:u_@h_</Sip></Dial></Response>',
    ],
    [
      '<Response><Connect><Stream url="wss://example.com/media"><Parameter name="who" value="Alice"/></Stream></Connect></Response>',
      '<Response><Connect><Stream url="wss://example.com/media"><Parameter name="name_" value="[dropped]"/></Stream></Connect></Response>',
    ],
    [
      "<Response><!-- for Alice --><?alice x?><Play><![CDATA[/alice.mp3]]></Play></Response>",
      "<Response><!----><Play>/p_.mp3</Play></Response>",
    ],
    ["<Response><Say>&#65;lice &amp; Bob</Say></Response>", "<Response><Say>[text:11]</Say></Response>"],
    ["<Response><alice bob='1'>x</alice></Response>", "<Response><key_ key_='[text:1]'>[text:1]</key_></Response>"],
    ["<Response><Say>Alice</Response>", "[unparsed 31 bytes]"],
    ["<!DOCTYPE a><Response/>", "[unparsed 23 bytes]"],
    ["OK Alice", "[text:8]"],
  ])("%s", (xml, shown) => expect(signs(body(xml))).toBe(shown));

  test("what all scenarios answer stays well-formed, its elements where they were", () => {
    for (const name of scenarioNames) {
      for (const { event } of sampleOf(name).deliveries) {
        const { response } = event.data as { readonly response?: { readonly responseBody: string } };
        if (response === undefined) continue;
        const before = Buffer.from(response.responseBody, "base64").toString();
        if (!before.startsWith("<")) continue;
        const after = Buffer.from(field(response.responseBody, "responseBody"), "base64").toString();
        expect(after.match(/<\/?\w+/g)).toEqual(before.match(/<\/?\w+/g));
        expect(after).not.toMatch(/\+1\d{10}/);
      }
    }
  });
});

describe("names", () => {
  test("those of the grammar, of the catalogue and of what is sampled are known", () => {
    const attributes = elementNames.flatMap((name) => [...(elementRule(name)?.attributes.keys() ?? [])]);
    const sampled = JSON.stringify(scenarioNames.map((name) => sampleOf(name).deliveries.map(({ event }) => event)));
    const keys = Array.from(sampled.matchAll(/"(\w+)":/g), ([, name = ""]) => name);
    const names = [...elementNames, ...attributes.flatMap((name) => name.split(":")), ...new Set(keys)];
    expect(names.filter((name) => !isKnownName(name))).toEqual([]);
    expect(eventTypes.map(({ type }) => type).filter((type) => !isPlain(type))).toEqual([]);
  });

  test("those of the schemas are known", () => {
    const schemas = readdirSync("src/events/schemas", { recursive: true, encoding: "utf8" }).filter((each) =>
      each.endsWith(".json"),
    );
    for (const each of schemas) {
      const text = readFileSync(`src/events/schemas/${each}`, "utf8");
      const properties = Array.from(text.matchAll(/"(\w+)": \{/g), ([, name = ""]) => name);
      expect(properties.filter((name) => !isKnownName(name))).toEqual([]);
    }
  });

  test.each(["Alice", "alice_smith", "SipHeader_Alice", "+14155550100", "callOfAlice", "j.o.h.n", "max"])(
    "%s is none",
    (name) => expect(signs(key(name))).toMatch(/^(?:SipHeader_)?key_$/),
  );
});

test("of words of our own, what is not a word is looked at", () => {
  const said = "Read 3 lines (4.6 kB) of 1 input: 3 events found.";
  expect(prose(said)).toBe(said);
  expect(
    signs(prose(`answered 403 to POST /hooks/alice?From=%2B14155550100 (application/json, 12 bytes): ${sid}`)),
  ).toBe("answered 403 to POST /hooks/p_?From=%2B1%C2%B7ph_ (application/json, 12 bytes): CA_");
  expect(prose("no event in POST /a,alice('bob')/alice?x=(alice) (text/xml, 3 bytes)")).not.toMatch(/alice|bob/);
  expect(signs(prose("(see https://example.com/alice), or http://127.0.0.1:4319/."))).toBe(
    "(see https://example.com/p_), or http://ip_:4319/.",
  );
  expect(signs(file("/home/alice/logs/app.log"))).toBe("~/logs/app.log");
  expect(signs(file("logs/+14155550100.json"))).toBe("logs/p_");
});

test("an event takes a fraction of a millisecond", () => {
  const events = sampleOf("answered", { scenarios: ["answered", ...scenarioNames], calls: 400 }).deliveries.map(
    ({ event }) => JSON.stringify(event),
  );
  const redactor = redactorOf();
  for (const event of events.slice(0, 500)) redactor.json(event);
  const start = process.cpuUsage();
  for (const event of events) redactor.json(event);
  expect(cpuSince(start) / events.length).toBeLessThan(0.2);
});
