import { describe, expect, test } from "vitest";
import { type FieldKind, isKnownName, kindOf } from "../../src/redact/fields.ts";

/** What fields of these names hold. `unknown` is the safe answer: then the value is judged by its looks alone. */
const names: Readonly<Record<FieldKind, string>> = {
  plain:
    "CallStatus call_status call-status Direction method code input DialCallStatus StatusCallbackEvent sip_status aliceCallbackevent alice_callback_events",
  number: `CallDuration call_duration SequenceNumber ErrorCode ms totalMs total_ms ring-ms ringCount ring_count batchSize
    line_length retryTimeout answer_timeout lossPercent talkDuration step2Ms pauseMillis`,
  time: `Timestamp time requestDateCreated startTime answeredAt answered_at ringTime ring_time log_timestamp
    eventTimestamp messageDateSent fooDateUpdated foo_date_created`,
  country: "FromCountry ToCountry shipping_country CountryCode shippingCountryCode shipping_country_code",
  language: "language lang xml:lang languageCode",
  version: "ApiVersion specversion",
  media: "contentType datacontenttype Content-Type",
  type: "type eventType",
  party: "From To Caller Called ForwardedFrom client sip tel phoneNumber phone_number",
  name: "CallerName FriendlyName user username queue Room conferenceName",
  place:
    "FromCity from_zip ToState latitude Longitude shippingCity ship_zip billing_postal_code shippingPostalcode emailAddress home_address",
  text: "SpeechResult TranscriptionText SmsBody message say prompt",
  digits: "Digits pin cardNumber SecurityCode sendDigits BankAccountNumber",
  secret: `token AuthToken X-Twilio-Signature password mypassword clientSecret otp key X-Amz-Date xamz-signature sigV4
    signatureOfAlice x-apikey refreshToken StirPassport`,
  dropped:
    "SipHeader_X-Customer sip_header_x X-SipHeader_Alice my-sip-header Parameter_alice parameter.name value headers",
  sid: "CallSid call_sid sid sids AccountSids coach",
  id: "id eventId event_id event-ids orderIds x2Id",
  url: "url dataschema RecordingUrl recording_url status_callback StatusCallback waitUrl image_uri fallback-urls href",
  ip: "ip clientIp client_ip source-ip x-forwarded-for proxyIp proxy_ip",
  body: "responseBody ResponseBody",
  document: "response_body twiml TwiML",
  unknown: `whatever alice account bankAccount discount sms teams items chat format vat Kid gossip trip ring
    parameterized constructor toString __proto__ 4821 size2 customer_phone passwordHint countryside shippingCityName statusOfAlice dateCreatedBy my_parameter.x`,
};

describe.each(Object.entries(names))("%s", (kind, all) => {
  test.each(all.split(/\s+/))("%s", (name) => expect(kindOf(name)).toBe(kind));
});

test("however many names were looked at before", () => {
  for (let index = 0; index < 5000; index++) expect(kindOf(`alice${index}`)).toBe("unknown");
  expect(kindOf("CallSid")).toBe("sid");
});

describe("a name is shown that is a field, or of words that name nobody", () => {
  test.each([
    ...["CallSid", "call_sid", "xml:lang", "CALL SID", "recordingStatusCallback", "passertedIdentity"],
    ...["stirpassporttoken", "bodySHA256", "no-answer calls", `${"call_".repeat(12)}abc`.slice(0, 59)],
  ])("%s", (name) => expect(isKnownName(name)).toBe(true));

  test.each(["Alice", "alice_smith", "SipHeader_Alice", "+14155550100", "callOfAlice", "call.".repeat(13)])(
    "and not %s",
    (name) => expect(isKnownName(name)).toBe(false),
  );
});
