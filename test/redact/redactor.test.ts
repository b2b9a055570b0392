import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactorOf, signs } from "./support.ts";

const { byKind, field, json, key, mode } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

describe("a field by what it holds; what does not look like it, as one that is unknown", () => {
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
    ["language", "en-US", "en-US"],
    ["language", "alice", "[text:5]"],
    ["dataschema", "https://events-schemas.twilio.com/Alice/2", "https://events-schemas.twilio.com/p_/2"],
    ["FromCity", "SAN FRANCISCO", "place_"],
    ["CallerName", "ALICE", "name_"],
    ["Latitude", "37.7749", "[place]"],
    ["Longitude", "-122.4", "[place]"],
    ["Latitude", "at 37.7749", "place_"],
    ["Latitude", "37", "place_"],
    ["Digits", "4821", "[digits:4]"],
    ["SpeechResult", "my name is Zoë 👋", "[text:16]"],
    ["SipHeader_X-Customer", "alice", "[dropped]"],
    ["CallToken", "abc", "***"],
    ["CallSid", sid, "CA_"],
    ["RecordingSid", "RE123", "RE_"],
    ["CallSid", "alice", "sid_"],
    ["id", "8a3c", "id_"],
    ["id", sid, "CA_"],
    ["ip", "203.0.113.9", "ip_"],
    ["ip", "alice", "[text:5]"],
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
    // What is often asked for by voice or keys, under names that are like those of harmless numbers and times.
    ["account", "482199", "[text:6]"],
    ["sms", "482199", "[text:6]"],
    ["code", "4821", "[text:4]"],
    ["chat", "2025", "[text:4]"],
  ])("%s %s → %s", (name, value, shown) => expect(signs(field(value, name))).toBe(shown));

  const kinds = `plain number time country language version media type party name place text digits secret dropped
    sid id url ip body document unknown`.split(/\s+/) as Parameters<typeof byKind>[1][];

  test.each(kinds)("%s: nothing stays nothing, and what was redacted stays", (kind) => {
    for (const made of ["", "[text:5]", "***", `CA_${"a".repeat(13)}`]) expect(byKind(made, kind)).toBe(made);
    expect(byKind("Alice Q. Smith", kind)).not.toContain("Alice");
  });

  test("its mode is told", () => expect([mode, redactorOf("full").mode]).toEqual(["hash", "full"]));
});

describe("a key of known words stays, of another only that it stood there", () => {
  test.each([
    ["CallSid", "CallSid"],
    ["call status", "call status"],
    ["Alice", "key_"],
    ["alice_smith", "key_"],
    ["callOfAlice", "key_"],
    ["+14155550100", "key_"],
    ["j.o.h.n", "key_"],
    ["max", "key_"],
    ["SipHeader_Alice", "SipHeader_key_"],
    ["SipHeader_X-Alice", "SipHeader_X-key_"],
    ["SipHeader_X-Call-Id", "SipHeader_X-Call-Id"],
    ["x SipHeader_Alice", "key_"],
    ["", ""],
  ])("%s → %s", (name, shown) => {
    expect(signs(key(name))).toBe(shown);
    expect(key(key(name))).toBe(key(name));
  });

  test("in full, too", () => expect(redactorOf("full").json('{"Zanzibar":true}')).toBe('{"key_redacted":true}'));
});

describe("a number that may be a person's becomes a text", () => {
  test.each([
    ['{"timestamp":1756043388102}', '{"timestamp":1756043388102}'],
    ['{"timestamp":14155550100}', '{"timestamp":"[number]"}'],
    ['{"chat":2125550100}', '{"chat":"ph_"}'],
    ['{"count":123456789}', '{"count":123456789}'],
    ['{"count":1234567890}', '{"count":"[number]"}'],
    ['{"ms":-0.00000000123}', '{"ms":-0.00000000123}'],
    ['{"account":123456}', '{"account":"[number]"}'],
    ['{"code":200}', '{"code":200}'],
    ['{"code":4821}', '{"code":"[number]"}'],
    ['{"specversion":1.0}', '{"specversion":1.0}'],
    ['{"version":482199}', '{"version":"[number]"}'],
    ['{"x":123}', '{"x":123}'],
    ['{"x":-12.3e45}', '{"x":-12.3e45}'],
    ['{"x":0.00123}', '{"x":0.00123}'],
    ['{"x":1234}', '{"x":"[number]"}'],
    ['{"x":123456}', '{"x":"[number]"}'],
    ['{"x":1234567}', '{"x":"ph_"}'],
    ['{"x":14155550100}', '{"x":"+1·ph_"}'],
    ['{"x":123456789012345}', '{"x":"+1·ph_"}'],
    ['{"x":1234567890123456}', '{"x":"[number]"}'],
    ['{"x":-4155550100}', '{"x":"[number]"}'],
    ['{"x":4155550100.5}', '{"x":"[number]"}'],
    ['{"x":4155550100E1}', '{"x":"[number]"}'],
    ['{"alice":7}', '{"key_":"[number]"}'],
    ['{"cvv":123}', '{"key_":"[number]"}'],
    ["[7,4821]", '[7,"[number]"]'],
    ['{"From":911}', '{"From":"ph_"}'],
    ['{"Digits":[4,21]}', '{"Digits":["[digits:1]","[digits:2]"]}'],
    ['{"otp":7}', '{"otp":"***"}'],
    ['{"latitude":37.7749}', '{"latitude":"[place]"}'],
    ['{"CallSid":7}', '{"CallSid":"sid_"}'],
    ['{"contentType":7}', '{"contentType":"[text:1]"}'],
  ])("%s → %s", (text, shown) => {
    expect(signs(json(text))).toBe(shown);
    expect(json(json(text))).toBe(json(text));
  });

  test("one that is its number has its token", () => {
    expect(json('{"x":14155550100}')).toBe(JSON.stringify({ x: field("+14155550100", "From") }));
  });
});

describe("JSON", () => {
  test("keys, numbers and blanks stay to the letter, and a key that stands twice is seen twice", () =>
    expect(
      signs(json('{ "ms" : 1.0e2, "count":12345678901234567890, "Caller":"+14155550100","Caller":"alice" ,"code":2}')),
    ).toBe('{ "ms" : 1.0e2, "count":"[number]", "Caller":"+1·ph_","Caller":"u_" ,"code":2}'));

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
