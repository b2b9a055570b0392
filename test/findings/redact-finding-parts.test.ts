import { expect, test } from "vitest";
import { redactPointer, redactStep, redactValue } from "../../src/findings/redact-finding.ts";
import { redactorOf, signs } from "../redact/support.ts";

const redactor = redactorOf();

test.each([
  ["ringing", "ringing"],
  ["no-answer (12)", "no-answer (12)"],
  ["voice.status-callback.call.completed (3)", "voice.status-callback.call.completed (3)"],
  ["voice", "voice"],
  ["alice", "[text:5]"],
  ["alice (3)", "[text:5] (3)"],
  // Names of types stay, as the timeline of redacted events has them too.
  ["voice.alice.call (3)", "voice.alice.call (3)"],
  ["Voice.call", "Voice.call"],
  ["Voice.Alice", "[text:11]"],
  ["(1) (2)", "[text:3] (2)"],
  ["ringing (1234567)", "[text:17]"],
  ["ringing (1) alice", "[text:17]"],
  ["", ""],
])("the step %s is told as %s", (step, shown) => expect(redactStep(step, redactor)).toBe(shown));

test.each([
  ["", ""],
  ["/", "/"],
  ["/data/request/parameters/CallSid", "/data/request/parameters/CallSid"],
  ["/data/alice/0/From", "/data/key_/0/From"],
  ["/a~1b/~0", "/a~1b/key_"],
  ["/call~01status", "/key_"],
  ["/SipHeader_Alice", "/SipHeader_key_"],
])("the pointer %s is told as %s", (pointer, shown) => expect(signs(redactPointer(pointer, redactor))).toBe(shown));

test("a key of a pointer is judged without its escapes", () => {
  expect(redactPointer("/alice~1bob", redactor)).toBe(`/${redactor.key("alice/bob")}`);
  expect(redactPointer("/alice~01", redactor)).toBe(`/${redactor.key("alice~1")}`);
});

test.each([
  ["+14155550100", "/data/request/parameters/From", "+1·ph_"],
  ["4821", "/data/request/parameters/Digits", "[digits:4]"],
  ["busy", "/CallStatus", "busy"],
  ["alice", undefined, "[text:5]"],
  ["busy", "", "[text:4]"],
  ["Say", "/data/response/responseBody", "Say"],
  ['"/alice"', "/data/response/responseBody", '"/p_"'],
  ["alice", "/response_body", "[text:5]"],
  ["U+FEFF", "/data/response/responseBody", "U+FEFF"],
  ["U+FEFF", "/response_body", "U+FEFF"],
  ["PHNheT5hbGljZTwvc2F5Pg==", "/data/x/responseBody", "PHNheT5bdGV4dDo1XTwvc2F5Pg=="],
])("the value %s at %s is told as %s", (value, pointer, shown) => {
  expect(signs(redactValue(value, pointer, redactor))).toBe(shown);
});
