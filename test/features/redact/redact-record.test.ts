import { describe, expect, test } from "vitest";
import { redactRecord } from "../../../src/features/redact/redact-record.ts";
import type { RecordedRequest } from "../../../src/webhook/webhook-request.ts";
import { redactorOf, signs } from "../../redact/support.ts";

const sid = "CA0123456789abcdef0123456789abcdef";
const request: RecordedRequest = {
  receivedAt: 1_756_043_388_102,
  method: "POST",
  url: "/voice/alice?token=abc&From=%2B14155550100",
  headers: {},
  signature: "ok",
  body: Buffer.alloc(0),
};

const redacted = (changed: Partial<RecordedRequest>): RecordedRequest =>
  redactRecord({ ...request, ...changed }, redactorOf());

test("a request keeps when it came, how it was judged, and what is nobody's", () => {
  const shown = redacted({ length: 70_000, rejected: "no event in POST /alice from 203.0.113.9" });
  expect({ ...shown, url: signs(shown.url), rejected: signs(shown.rejected ?? "") }).toEqual({
    ...request,
    url: "/voice/p_?token=***&From=%2B1%C2%B7ph_",
    rejected: "no event in POST /p_ from ip_",
    length: 70_000,
  });
  expect(redacted({})).not.toHaveProperty("rejected");
});

test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])("the method %s stays", (method) => {
  expect(redacted({ method }).method).toBe(method);
});

test("what is no method of HTTP goes", () => expect(redacted({ method: "ALICE" }).method).toBe("[text:5]"));

describe("of the headers those stay that tell nobody", () => {
  const cases: readonly (readonly [name: string, value: string, shown?: string])[] = [
    ["content-type", "application/x-www-form-urlencoded; charset=UTF-8"],
    ["content-type", "application/alice", "[text:17]"],
    ["host", "example.com:8443"],
    ["host", "203.0.113.9:80", "ip_:80"],
    ["x-forwarded-host", "14155550100.example.com", "h_"],
    ["x-forwarded-proto", "https"],
    ["x-forwarded-proto", "alice", "[text:5]"],
    ["x-home-region", "us1", "[text:3]"],
    ["date", "Sun, 24 Aug 2025 13:49:54 GMT"],
    ["date", "Alice's day", "[text:11]"],
    ["i-twilio-idempotency-token", "8a3c-alice", "id_"],
    ["ce-id", sid, "CA_"],
    ["ce-id", "alice", "id_"],
    ["ce-type", "com.twilio.voice.status-callback.call.completed"],
    ["ce-type", "alice", "[text:5]"],
    ["ce-time", "2025-08-24T13:49:54Z"],
    ["ce-time", "alice", "[text:5]"],
    ["ce-specversion", "1.0"],
    ["ce-specversion", "alice", "[text:5]"],
    ["ce-dataschema", "https://events-schemas.twilio.com/Voice.WebhookEvent/2"],
    ["ce-dataschema", "https://events-schemas.twilio.com/Alice/2", "https://events-schemas.twilio.com/p_/2"],
  ];
  for (const [name, value, shown = value] of cases) {
    test(`${name}: ${value}`, () => {
      const { headers } = redacted({ headers: { [name]: value } });
      expect(Object.entries(headers).map(([each, text]) => [each, signs(text)])).toEqual([[name, shown]]);
    });
  }

  test("and all others go", () => {
    const headers = {
      "x-twilio-signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
      "content-length": "512",
      "content-encoding": "gzip",
      "user-agent": "alice",
      "x-forwarded-for": "203.0.113.9",
      "ce-subject": "alice",
      "ce-source": "alice",
      constructor: "alice",
      ["__proto__"]: "alice",
    };
    expect(redacted({ headers }).headers).toStrictEqual({});
  });
});

describe("a body is read as JSON or as a form, whatever its type says", () => {
  test.each([
    ['[{"From":"+14155550100","data":{"x":"alice"}}]', '[{"From":"+1·ph_","data":{"x":"[text:5]"}}]'],
    [' {"Caller":"alice"} ', ' {"Caller":"u_"} '],
    ["CallStatus=busy&From=%2B14155550100", "CallStatus=busy&From=%2B1%C2%B7ph_"],
    [" CallStatus=busy\n", "CallStatus=busy"],
    ["", ""],
    ["alice", "[unparsed 5 bytes]"],
    ['"alice"', "[unparsed 7 bytes]"],
    ['{"Caller":"alice', "[unparsed 16 bytes]"],
    ["<Response><Say>alice</Say></Response>", "[unparsed 37 bytes]"],
  ])("%s", (body, shown) => expect(signs(redacted({ body: Buffer.from(body) }).body.toString())).toBe(shown));

  test("and replaced where it is not UTF-8", () => {
    const body = Buffer.from('{"Caller":"Zoë"}', "latin1");
    expect(redacted({ body }).body.toString()).toBe("[unparsed 16 bytes]");
  });
});
