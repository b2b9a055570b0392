import { expect, test } from "vitest";
import { briefType } from "../../src/events/short-type.ts";

test.each([
  ["com.twilio.voice.status-callback.call.ringing", "status-callback.call.ringing"],
  ["com.twilio.messaging.message.sent", "messaging.message.sent"],
  ["com.twilio.voice.", "voice."],
  ["com.twilio.", "com.twilio."],
  [" com.twilio.voice. x", "voice. x"],
  ["call.ringing", "call.ringing"],
  ["", ""],
])("%j is called %j", (type, name) => expect(briefType(type)).toBe(name));
