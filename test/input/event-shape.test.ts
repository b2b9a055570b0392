import { describe, expect, test } from "vitest";
import { binaryEvent } from "../../src/input/event-shape.ts";

const headers = {
  "ce-specversion": "1.0",
  "CE-Type": "com.twilio.voice.status-callback.call.ringing",
  "ce-id": "VW1",
  "ce-source": "caf%C3%A9",
  "Content-Type": "application/json",
};

describe("a CloudEvent in binary mode", () => {
  test("is put together from headers and body", () => {
    expect(binaryEvent({ headers, body: '{"sid":"CA1"}' })).toEqual({
      specversion: "1.0",
      type: "com.twilio.voice.status-callback.call.ringing",
      source: "café",
      id: "VW1",
      datacontenttype: "application/json",
      data: { sid: "CA1" },
    });
  });

  test.each([
    ["base64 of our records", { headers, bodyBase64: Buffer.from("[1]").toString("base64") }, [1]],
    ["base64 of API Gateway", { headers, body: Buffer.from("[1]").toString("base64"), isBase64Encoded: true }, [1]],
    ["text", { headers, body: "hello" }, "hello"],
    ["no body", { headers }, undefined],
    ["an empty body", { headers, body: "" }, undefined],
  ])("may have %s", (_, request, data) => {
    expect(binaryEvent(request)?.data).toEqual(data);
  });

  test("keeps what is not percent-encoded as it is", () => {
    expect(binaryEvent({ headers: { ...headers, "ce-source": "100%" } })?.source).toBe("100%");
  });

  test.each([
    ["other headers", { headers: { "content-type": "application/json" }, body: "{}" }],
    ["a list of headers", { headers: ["ce-specversion"], body: "{}" }],
    ["no headers", { body: "{}" }],
    ["a header that is no text", { headers: { "ce-specversion": 1 } }],
  ])("is not %s", (_, value) => {
    expect(binaryEvent(value)).toBeUndefined();
  });
});
