import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturesIn } from "../../../src/features/verify/capture.ts";
import { looksRaw, rawRequestsIn } from "../../../src/features/verify/raw-request.ts";
import { type JsonRecord, type PathNode, plainRecord } from "../../../src/input/json-record.ts";
import { toRecordLine } from "../../../src/webhook/webhook-request.ts";

const signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
const headers = { "content-type": "application/json", host: "ivr.example.com", "x-twilio-signature": signature };
const body = '[{"type":"com.twilio.voice.status-callback.call.answered"}]';
const wanted = { method: "POST", url: "/events?a=1", headers, body: Buffer.from(body), isRebuilt: false };

/** The captures in a value, their requests, and the ways to them: a list of keys for each string that was opened. */
const found = (value: unknown) => capturesIn(plainRecord("", value, { input: "-", line: 1, column: 1, offset: 0 }));
const requestsIn = (value: unknown) => found(value).map(({ request }) => request);
const layersIn = (value: unknown) => found(value).map(({ document, path }) => layersOf(document, path));

function layersOf({ at }: JsonRecord, path: PathNode | undefined): (string | number)[][] {
  const keys: (string | number)[] = [];
  for (let node = path; node !== undefined; node = node.parent) keys.unshift(node.key);
  return [...("outer" in at ? layersOf(at.outer, at.path) : []), keys];
}

const raw = [
  "POST /events?a=1 HTTP/1.1",
  "Content-Type: application/json",
  "Host: ivr.example.com",
  `X-Twilio-Signature: ${signature}`,
  "Cookie: secret=1",
];

describe("JSON values", () => {
  const cookie = "session=1";

  /** One request as each tool writes it. */
  const shapes: Readonly<Record<string, unknown>> = {
    "Express, logged": { method: "POST", originalUrl: "/events?a=1", url: "/", headers: { ...headers, cookie }, body },
    "a raw body beside the parsed one": { method: "POST", url: "/events?a=1", headers, rawBody: body, body: [{}] },
    "a Buffer": { method: "POST", url: "/events?a=1", headers, body: Buffer.from(body).toJSON() },
    "raw headers of Node": { method: "POST", url: "/events?a=1", rawHeaders: Object.entries(headers).flat(), body },
    "API Gateway, payload 2.0": {
      rawPath: "/events",
      rawQueryString: "a=1",
      headers,
      requestContext: { http: { method: "POST" } },
      body,
      isBase64Encoded: false,
    },
    "API Gateway, base64": {
      rawPath: "/events",
      rawQueryString: "a=1",
      headers,
      requestContext: { http: { method: "POST" } },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    },
    "API Gateway, payload 1.0, or a load balancer": {
      httpMethod: "POST",
      path: "/events",
      queryStringParameters: { a: "1" },
      multiValueQueryStringParameters: { a: ["1"] },
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      body,
    },
    HAR: {
      method: "POST",
      url: "/events?a=1",
      headers: Object.entries({ ...headers, cookie }).map(([name, value]) => ({ name, value })),
      postData: { mimeType: "application/json", text: body },
    },
    ngrok: {
      method: "POST",
      uri: "/events?a=1",
      headers: { Host: ["other"] },
      raw: Buffer.from(`${raw.join("\r\n")}\r\n\r\n${body}`).toString("base64"),
    },
    "a list of pairs": { method: "POST", url: "/events?a=1", headers: Object.entries(headers), body },
  };

  test.each(Object.entries(shapes))("%s", (_, value) => {
    expect(requestsIn(value)).toEqual([wanted]);
    expect(requestsIn({ log: { entries: [{ request: value, response: { status: 204, headers: {} } }] } })).toEqual([
      wanted,
    ]);
    expect(requestsIn({ message: JSON.stringify({ event: value }) })).toEqual([wanted]);
  });

  test("the stage of API Gateway is in the URL", () => {
    const value = { httpMethod: "POST", path: "/events", requestContext: { path: "/prod/events" }, headers, body };
    expect(requestsIn(value)).toMatchObject([{ url: "/prod/events" }]);
  });

  test("a logger's request, its body beside it", () => {
    expect(requestsIn({ req: { method: "POST", url: "/events?a=1", headers }, body })).toEqual([wanted]);
  });

  test("a parsed body is written again, and told", () => {
    const value = { method: "POST", url: "/events?a=1", headers, body: JSON.parse(body) };
    expect(requestsIn(value)).toEqual([{ ...wanted, isRebuilt: true }]);
    const form = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
    const parsed = {
      method: "POST",
      url: "/",
      headers: form,
      body: { CallSid: "CA1", Digits: ["1", "2"], "a b": "+1" },
    };
    expect(requestsIn(parsed)[0]?.body.toString()).toBe("CallSid=CA1&Digits=1&Digits=2&a+b=%2B1");
    const har = {
      method: "POST",
      url: "/",
      headers: Object.entries(form),
      postData: { params: [{ name: "a", value: "1" }] },
    };
    expect(requestsIn(har)[0]?.body.toString()).toBe("a=1");
  });

  test("a record, its body byte for byte, and cut where it was", () => {
    const bytes = Buffer.from([0x5b, 0xff, 0x00, 0x5d]);
    const request = {
      receivedAt: 0,
      method: "POST",
      url: "/events?a=1",
      headers,
      signature: "none",
      body: bytes,
    } as const;
    const read = (line: Buffer) => requestsIn(JSON.parse(line.toString()));
    expect(read(toRecordLine(request))).toEqual([{ ...wanted, body: bytes }]);
    const [cut] = read(toRecordLine({ ...request, length: 70_000, rejected: "too large" }));
    expect(cut?.headers["content-length"]).toBe("70000");
  });

  test("others' requests, answers and mere objects are none", () => {
    const get = { method: "GET", url: "/", headers: { accept: "*/*" } };
    for (const value of [get, { status: 200, headers }, { headers }, { method: "POST", body }, [], "text", null, 1]) {
      expect(requestsIn(value)).toEqual([]);
    }
  });

  test("the way to it, a list for each string that was opened", () => {
    const value = { a: [0, { b: JSON.stringify([JSON.stringify(wanted)]) }] };
    expect(layersIn(value)).toEqual([[["a", 1, "b"], [0], []]]);
  });

  test.each(["api-gateway.json", "api-gateway-base64.json", "ngrok-inspect.json", "proxy.har"])(
    "samples/wrapped/%s",
    (name) => {
      const value: unknown = JSON.parse(readFileSync(`samples/wrapped/${name}`, "utf8"));
      const found = requestsIn(value);
      expect(found.length).toBeGreaterThan(0);
      for (const each of found) {
        expect(each).toMatchObject({ method: "POST", isRebuilt: false });
        expect(each.url).toMatch(/\/twilio\/events\?bodySHA256=[0-9a-f]{64}$/);
        expect(JSON.parse(each.body.toString())).toBeInstanceOf(Array);
      }
    },
  );

  test("any JSON value, however deep, is searched without an exception", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(found(value)).toEqual([]);
      }),
    );
    let deep: unknown = wanted;
    for (let depth = 0; depth < 5000; depth++) deep = [deep];
    expect(found(deep)).toEqual([]);
    let text = JSON.stringify(wanted);
    for (let depth = 0; depth < 8; depth++) text = JSON.stringify([text]);
    expect(found(text)).toHaveLength(1);
  });
});

describe("bytes of a connection", () => {
  const sent = { method: "POST", url: "/events?a=1", headers, body: Buffer.from(body) };
  const message = (lines: readonly string[], end: string, content: string) =>
    Buffer.from(`${lines.join(end)}${end}${end}${content}`);

  test.each([
    ["CRLF", "\r\n"],
    ["LF", "\n"],
  ])("%s", (_, end) => {
    expect(rawRequestsIn(message(raw, end, body))).toEqual([{ ...sent, offset: 0 }]);
  });

  test("Content-Length ends the body, and the next request begins", () => {
    const lines = [...raw, `Content-Length: ${body.length}`];
    const one = message(lines, "\r\n", `${body}\n`);
    const found = rawRequestsIn(Buffer.concat([one, one]));
    const counted = { ...sent, headers: { ...headers, "content-length": `${body.length}` } };
    expect(found).toEqual([
      { ...counted, offset: 0 },
      { ...counted, offset: one.length },
    ]);
  });

  test("a body that holds a request is one body", () => {
    const inner = `POST /inner HTTP/1.1\r\nHost: x\r\n\r\n`;
    const [first, ...others] = rawRequestsIn(message([...raw, `Content-Length: ${inner.length}`], "\r\n", inner));
    expect(first?.body.toString()).toBe(inner);
    expect(others).toEqual([]);
  });

  test("chunks", () => {
    const chunked = `5;x=1\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;
    const [found] = rawRequestsIn(message([...raw, "Transfer-Encoding: chunked"], "\r\n", chunked));
    expect(found?.body.toString()).toBe(body);
  });

  test("bytes that are no UTF-8 stay as they are", () => {
    const bytes = Buffer.from([0xff, 0x00, 0xe9, 0x0a]);
    const [found] = rawRequestsIn(Buffer.concat([message(raw, "\r\n", ""), bytes]));
    expect(found?.body).toEqual(bytes);
  });

  test("tcpdump -A puts bytes of its own before the request", () => {
    const dump = Buffer.concat([
      Buffer.from("12:00:00 IP 1.2.3.4 > 5.6.7.8: Flags [P.]\nE..4..@.@.\x10\x00..~"),
      message(raw, "\r\n", body),
    ]);
    expect(rawRequestsIn(dump)).toMatchObject([sent]);
  });

  test("curl -v shows the head alone", () => {
    const shown = Buffer.from(
      `* Connected\n${raw.map((line) => `> ${line}\n`).join("")}> \n< HTTP/1.1 204 No Content\n`,
    );
    expect(rawRequestsIn(shown)).toMatchObject([{ ...sent, body: Buffer.alloc(0) }]);
  });

  test.each([
    '1.2.3.4 - - "POST /events HTTP/1.1" 204\n',
    "HTTP/1.1 200 OK\r\nHost: x\r\n\r\n",
    `{"a":"POST / HTTP/1.1"}`,
    "",
  ])("%j is none", (text) => {
    expect(looksRaw(Buffer.from(text))).toBe(false);
    expect(rawRequestsIn(Buffer.from(text))).toEqual([]);
  });

  test("any bytes are read without an exception, and what was sent is found among them", () => {
    const junk = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const lines = [...raw, `Content-Length: ${body.length}`];
    fc.assert(
      fc.property(junk, junk, (before, after) => {
        const found = rawRequestsIn(Buffer.concat([before, Buffer.from("\n"), message(lines, "\r\n", body), after]));
        expect(found[0]).toMatchObject({ url: sent.url, body: sent.body });
        rawRequestsIn(Buffer.concat([message(lines, "\r\n", "").subarray(0, before.length * 4), after]));
      }),
    );
  });
});

describe("a request of which not all was kept", () => {
  test.each<readonly [string, object, object]>([
    ["without a method, with a body", { url: "/events" }, { method: "POST", url: "/events" }],
    ["without a method and a body", { url: "/events?a=1", body: undefined }, { method: "GET", url: "/events?a=1" }],
    ["without a URL", { method: "POST" }, { method: "POST", url: "/" }],
    ["with a path alone", { rawPath: "/events", rawQueryString: "" }, { url: "/events" }],
    [
      "with one value where there may be several",
      { path: "/events", method: "GET", queryStringParameters: { a: "1 2" } },
      { url: "/events?a=1%202" },
    ],
    [
      "with headers as pairs, one of them without its value, and what is none",
      {
        method: "POST",
        url: "/",
        headers: [...Object.entries(headers).map(([name, value]) => ({ name, value })), { name: "date" }, 5, ["a"]],
      },
      { headers },
    ],
    [
      "with headers that are no text",
      { method: "POST", url: "/", headers: { ...headers, "content-length": 5, accept: ["*/*", 7] } },
      { headers },
    ],
  ])("%s", (_, change, expected) => {
    expect(requestsIn({ headers, body, ...change })).toMatchObject([expected]);
  });

  test("a logger's request has its own body, where it has one", () => {
    const req = { method: "POST", url: "/events", headers, body };
    expect(requestsIn({ req, body: "another" })[0]?.body.toString()).toBe(body);
  });

  test("without a URL and a method it is none", () => {
    expect(requestsIn({ headers, body })).toEqual([]);
  });
});

test.each(["\n", "\r\n"])("chunks are put together, whatever ends their lines (%j)", (end) => {
  const chunks = [
    `${(20).toString(16)}`,
    body.slice(0, 20),
    (body.length - 20).toString(16),
    body.slice(20),
    "0",
    "",
    "",
  ];
  const bytes = Buffer.from([...raw, "Transfer-Encoding: chunked", "no header", "", chunks.join(end)].join(end));
  expect(rawRequestsIn(bytes)[0]?.body.toString()).toBe(body);
});

test("chunks whose ends are missing are put together as far as they go", () => {
  const bytes = Buffer.from([...raw, "Transfer-Encoding: chunked", "", "3", "abc3", "def"].join("\r\n"));
  expect(rawRequestsIn(bytes)[0]?.body.toString()).toBe("abcdef");
});
