import { describe, expect, test } from "vitest";
import { redactMessage } from "../../src/findings/redact-finding.ts";
import { type RuleName, rules } from "../../src/findings/rules.ts";
import { changed, redactorOf, signs } from "../redact/support.ts";

const redactor = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

const message = (rule: RuleName, data: unknown, pointer?: string): string =>
  signs(redactMessage(rule, data, pointer, redactor));

describe("people in it are redacted as what they are", () => {
  const cases: readonly (readonly [RuleName, unknown, string | undefined, string])[] = [
    ["json-duplicate-key", { key: "alice", count: 2 }, undefined, 'key "key_" stands twice; the last one counts'],
    [
      "schema",
      { fault: "value", schema: "A/1", expected: "a number", found: 'the string "+14155550100" of alice' },
      "/data/From",
      'A/1 expects a number, found the string "+1·ph_"',
    ],
    [
      "schema",
      { fault: "value", schema: "A/1", expected: "x", found: 'the string "say "a"\nb" …' },
      "/a/SpeechResult",
      'A/1 expects x, found the string "[text:9]"',
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: 'the string "4821"' },
      "/Digits",
      'A expects x, found the string "[digits:4]"',
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "the number 14155550100" },
      "/x",
      "A expects x, found the number [number]",
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "the number 12345" },
      "/x",
      "A expects x, found the number [number]",
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "the number 1.5" },
      "/x",
      "A expects x, found the number [number]",
    ],
    ["schema", { fault: "value", schema: "A", expected: "x", found: "alice" }, "/From", "A expects x, found u_"],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "nothing of alice" },
      "/x",
      "A expects x, found [text:16]",
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "alice: nothing" },
      "",
      "A expects x, found [text:14]",
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "alice said the number 12" },
      undefined,
      "A expects x, found [text:24]",
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: 'so the string "alice"' },
      undefined,
      "A expects x, found [text:21]",
    ],
    [
      "schema-unknown",
      { fault: "unbundled", found: "Alice/1", judgedBy: "Alice/2" },
      undefined,
      'dataschema names "[text:7]", which is not bundled; data was judged by [text:7]',
    ],
    [
      "type-unknown",
      { type: "com.example.alice", nearest: undefined },
      undefined,
      '"[text:17]" is not in the catalogue of event types; refresh it with --types if it is new',
    ],
    [
      "sid-format",
      { fault: "prefix", expected: "CA", found: "REalice" },
      undefined,
      'expected a SID that begins with CA, found "RE_"',
    ],
    [
      "schema",
      { fault: "value", schema: "A", expected: "x", found: "the number 12 of alice" },
      "/x",
      "A expects x, found [text:22]",
    ],
    [
      "sid-format",
      { fault: "prefix", expected: "CA", found: sid },
      undefined,
      'expected a SID that begins with CA, found "CA_"',
    ],
    [
      "sid-format",
      { fault: "character", character: "Zoë", index: 4 },
      undefined,
      'expected a hex digit, found "[text:3]" at character 5 of the SID',
    ],
    [
      "time-format",
      { fault: "weekday", found: "alice", weekday: "Mon" },
      "/time",
      'the weekday of "[text:5]" ought to be Mon',
    ],
    [
      "body-content-type",
      { fault: "malformed", type: "alice", kind: "" },
      undefined,
      '"[text:5]" is not a media type (12300)',
    ],
    [
      "body-charset",
      { fault: "unknown", declared: 'the content type "alice"', read: "utf-8" },
      undefined,
      "[text:24] names an unknown charset; read as utf-8",
    ],
    [
      "twiml-syntax",
      { fault: "text-before", found: "alice said", wanted: "" },
      undefined,
      "text before the document: [text:10] (12100)",
    ],
    [
      "twiml-syntax",
      { fault: "text-before", found: "4821", wanted: "" },
      undefined,
      "text before the document: [text:4] (12100)",
    ],
    [
      "twiml-syntax",
      { fault: "text-before", found: '"a"', wanted: "" },
      undefined,
      'text before the document: "[text:1]" (12100)',
    ],
    [
      "twiml-syntax",
      { fault: "wrong-close", found: "alice", wanted: "bob" },
      undefined,
      "</[text:5]> stands where <[text:3]> must be closed (12100)",
    ],
    ["twiml-element", { fault: "unknown", name: "alice", right: "" }, undefined, "<key_> is not known (12200)"],
    [
      "call-duplicate",
      { steps: [{ name: "alice (1)", times: 2 }] },
      undefined,
      "[text:5] (1) came twice; a handler must take an event once",
    ],
    [
      "call-status-conflict",
      { statuses: ["completed", "alice"] },
      undefined,
      "the call ended as completed and [text:5]; a call ends once",
    ],
    [
      "signature-mismatch",
      { fault: "names", names: ["alice"] },
      undefined,
      'the names "key_" are none that Twilio sends; with nothing between name and value in what is signed, they can be made to mean something else',
    ],
    [
      "signature-mismatch",
      changed("host", "alice.example"),
      undefined,
      "it holds for https://example.com/voice: Twilio calls [text:13], as the request's Host header says; give the validator the host that is in the URL at Twilio",
    ],
    [
      "signature-mismatch",
      changed("trimmed", "4155550100"),
      undefined,
      "it holds for https://example.com/voice: white space at an end of ph_ was trimmed; validate before a middleware trims (Laravel's TrimStrings), or with the raw body",
    ],
    [
      "signature-mismatch",
      { fault: "changed", signed: "https://example.com/alice?token=x", changes: [] },
      undefined,
      "it holds for https://example.com/p_?token=***: ; ",
    ],
    [
      "signature-mismatch",
      { fault: "unknown", tried: 2, isBodyIntact: false, account: sid },
      undefined,
      "none of 2 other forms of URL and body holds: is the token the primary one of the account CA_, and the URL to the letter the one at Twilio?",
    ],
    [
      "signature-body",
      { fault: "changed", bytes: 3, found: "alice", signed: "bob" },
      undefined,
      "the body is not the one that was sent: its 3 bytes have the hash [text:5]…, the URL says [text:3]…; it was changed or forged, or logged after parsing: hash the raw bytes",
    ],
  ];

  test.each(cases)("%s: %o at %s", (rule, data, pointer, shown) => expect(message(rule, data, pointer)).toBe(shown));

  test("and a member of no known meaning is redacted by its looks", () => {
    expect(message("call-duration", { callDuration: "+14155550100", talkMs: 0 })).toContain("is +1·ph_ s");
    expect(message("call-duration", { callDuration: null, talkMs: 0 })).toContain("is null s");
    expect(message("call-duration", { callDuration: ["alice"], talkMs: 0 })).toContain("is [text:5] s");
  });
});

test("without what a sentence was made of, the rule's own is told; what is no rule has none", () => {
  for (const data of [undefined, null, "alice"]) {
    expect(redactMessage("envelope", data, "/id", redactor)).toBe(rules.envelope.summary);
  }
  for (const rule of ["alice", "", "constructor"])
    expect(redactMessage(rule, { problem: "alice" }, "", redactor)).toBe("");
});
