import { describe, expect, test } from "vitest";
import { redactMessage } from "../../src/findings/redact-finding.ts";
import { messageOf, type RuleName, rules } from "../../src/findings/rules.ts";
import { changed, redactorOf } from "../redact/support.ts";

const redactor = redactorOf();
const type = "com.twilio.voice.status-callback.call.completed";

describe("a sentence stays to the letter where it speaks of nobody", () => {
  const cases: readonly (readonly [RuleName, unknown, string?])[] = [
    ["json-syntax", { problem: "expected ',' or '}', found 'A'" }],
    ["json-encoding", { problem: "the bytes are not UTF-8; they were read as windows-1252" }],
    ["json-duplicate-key", { key: "CallSid", count: 2 }],
    ["envelope", { fault: "missing", attribute: "specversion" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string that is not empty", found: "null" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string", found: "an array" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string", found: "the boolean true" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string", found: "the boolean false" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string", found: "an empty string" }],
    ["envelope", { fault: "value", attribute: "id", expected: "a string", found: "nothing" }],
    ["envelope-content-type", { found: 'the string "text/xml"', isTime: false }, "/datacontenttype"],
    ["schema", { fault: "missing", schema: "Voice.WebhookEvent/2", key: "responseCode" }],
    ["schema", { fault: "value", schema: "Mine/1", expected: "one of alice, bob", found: "an object" }],
    ["schema", { fault: "value", schema: "A/1", expected: "an object", found: "an array that is no JSON object" }],
    ["schema", { fault: "value", schema: "A/1", expected: "a string", found: "the number -5000" }],
    ["schema", { fault: "value", schema: "A/1", expected: "an integer", found: 'the string "49"' }, "/CallDuration"],
    ["schema", { fault: "other", schema: "A/1", problem: "must NOT have additional properties" }],
    ["schema-unknown", { fault: "missing", judgedBy: "Voice.WebhookEvent/2" }],
    ["schema-unknown", { fault: "unbundled", found: "Voice.WebhookEvent/9", judgedBy: undefined }],
    ["schema-unknown", { fault: "misfit", found: "Voice.WebhookEvent/2", type, family: "Voice.Twiml", judgedBy: "X" }],
    ["type-unknown", { type: "com.twilio.voice.call.ended", nearest: type }],
    ["type-deprecated", { type, replacement: "com.twilio.voice.twiml.call.requested" }],
    ["sid-format", { fault: "length", length: 32 }],
    ["sid-format", { fault: "character", character: "x", index: 4 }],
    ["time-format", { fault: "format", standard: "RFC 3339", example: "2025-01-01T00:00:00Z", found: "the number 12" }],
    ["time-format", { fault: "weekday", found: "Sun, 25 Aug 2025 13:49:54 +0000", weekday: "Mon" }],
    ["time-skew", { earliest: "time", latest: "data.timestamp", apartMs: 4_000_000 }],
    ["body-base64", { fault: "character", offset: 4, detail: '"%"' }],
    ["body-base64", { fault: "padding-missing", offset: 4, detail: '"=="' }],
    ["body-charset", { fault: "unknown", declared: "", read: "utf-8" }],
    ["body-content-type", { fault: "mismatch", type: "text/html; charset=utf-8", kind: "TwiML" }],
    ["body-size", { bytes: 70_000, packed: false }],
    ["twiml-syntax", { fault: "size", found: "1 MiB", wanted: "" }],
    ["twiml-syntax", { fault: "depth", found: "64", wanted: "" }],
    ["twiml-syntax", { fault: "nodes", found: "50,000", wanted: "" }],
    ["twiml-syntax", { fault: "invisible", found: "U+FEFF", wanted: "" }],
    ["twiml-syntax", { fault: "character", found: "U+10FFFF", wanted: "" }],
    ["twiml-syntax", { fault: "stray-in-tag", found: '"&"', wanted: "" }],
    ["twiml-syntax", { fault: "wrong-close", found: "Say", wanted: "Response" }],
    ["twiml-root", { fault: "html", name: "html", page: "an error page of nginx" }],
    ["twiml-element", { fault: "unknown", name: "Play", right: "Pay" }],
    ["twiml-attribute", { fault: "elsewhere", name: "loop", element: "Dial", right: "<Say>" }],
    ["twiml-nesting", { fault: "child", name: "Number", parent: "Say", right: "<Dial>", code: 12200 }],
    ["twiml-value", { fault: "one", subject: "method of <Dial>", values: "GET, POST", nearest: "GET", code: 12200 }],
    ["twiml-empty", { element: "Say", needs: "has no text", code: 13520 }],
    ["twiml-loop", { element: "Redirect", attribute: undefined }],
    ["twiml-loop", { element: "Dial", attribute: "action" }],
    ["twiml-ignored", { verb: "Say" }],
    ["response-failed", { code: 404, by: "twilio" }],
    ["response-slow", { durationMs: 6000, slowMs: 5000 }],
    ["call-duplicate", { steps: [{ name: "ringing (1)", times: 2 }] }],
    ["call-double-subscription", { steps: ["voice.status-callback.call.completed", "no-answer"] }],
    ["call-sequence-gap", { ranges: [[1, 2]], before: "initiated (0)", after: "completed (123456)" }],
    ["call-out-of-order", { late: "answered", early: "completed (3)", byMs: 10 }],
    ["call-missing-step", { stage: "ringing", having: 9, of: 10 }],
    ["call-open", { last: "in-progress", agoMs: 0, othersEnd: true }],
    ["call-after-end", { step: "ringing", end: "completed", byMs: undefined }],
    ["call-status-conflict", { statuses: ["completed", "busy"] }],
    ["call-duration", { callDuration: 49, talkMs: 60_000 }],
    ["signature-missing", { isEmpty: true }],
    ["signature-mismatch", { fault: "repeated" }],
    ["signature-mismatch", { fault: "names", names: ["CallSid", "From"] }],
    [
      "signature-mismatch",
      { fault: "changed", signed: "https://example.com/voice", changes: [{ change: "fragment" }] },
    ],
    ["signature-mismatch", changed("port-added", "8443")],
    ["signature-mismatch", changed("port-removed", "13000")],
    ["signature-mismatch", changed("trimmed", "CallStatus")],
    ["signature-body", { fault: "rewritten", as: ["sorted", "compact"] }],
    ["signature-body", { fault: "length", bytes: 10, sent: 20 }],
  ];

  for (const [rule, data, pointer] of cases) {
    test(`${rule}: ${messageOf(rule, data)}`, () => {
      expect(redactMessage(rule, data, pointer, redactor)).toBe(messageOf(rule, data));
    });
  }

  test("and there is one such sentence of every rule, but for those of a type's lifecycle, which are alike", () => {
    const alike = ["type-restricted", "type-discontinued"];
    expect([...new Set(cases.map(([rule]) => rule)), ...alike].toSorted()).toEqual(Object.keys(rules).toSorted());
  });
});
