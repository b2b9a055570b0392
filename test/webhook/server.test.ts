import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { openReceiver, type Receiver, type RejectedRequest, type WebhookResponse } from "../../src/webhook/server.ts";
import type { WebhookRequest } from "../../src/webhook/webhook-request.ts";
import { post, sendRaw, statusOf } from "../features/verify/raw.ts";
import { createRequests } from "../fuzz/malformed-requests.ts";
import { createMutator } from "../fuzz/mutate.ts";
import { createRandom } from "../support/random.ts";

let receiver: Receiver;
let port: number;
let taken: WebhookRequest[];
let refused: RejectedRequest[];
let take: (request: WebhookRequest) => Promise<WebhookResponse>;

const defaults = {
  host: "127.0.0.1",
  port: 0,
  path: "/",
  hosts: new Set(["localhost", "127.0.0.1", "[::1]", "abc.example.com"]),
  methods: new Set(["POST"]),
  maxBody: 100_000,
  now: () => 1_756_042_200_000,
};

async function start(options: Partial<typeof defaults> = {}): Promise<void> {
  receiver = await openReceiver({
    ...defaults,
    ...options,
    handle: (request) => take(request),
    async handleRejected(request) {
      refused.push(request);
    },
  });
  port = Number(new URL(receiver.origin).port);
}

beforeEach(async () => {
  taken = [];
  refused = [];
  take = async (request) => {
    taken.push(request);
    return { status: 204 };
  };
  await start();
});

afterEach(() => receiver.close(0));

/** Waits until it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe("a request", () => {
  test("is handed on as it came, byte for byte, with the headers that are kept", async () => {
    const body = Buffer.from([0x5b, 0xff, 0x00, 0x5d]);
    const head = post(
      "",
      {
        "Content-Length": "4",
        Authorization: "Basic c2VjcmV0",
        Cookie: "a=b",
        "X-Twilio-Signature": "abc=",
        "I-Twilio-Idempotency-Token": "t",
      },
      "/hooks?a=%20b&c",
    );
    expect(await statusOf(port, Buffer.concat([Buffer.from(head), body]))).toBe(204);
    expect(taken).toEqual([
      {
        receivedAt: 1_756_042_200_000,
        method: "POST",
        url: "/hooks?a=%20b&c",
        headers: {
          host: "127.0.0.1",
          "content-type": "application/json",
          "content-length": "4",
          "x-twilio-signature": "abc=",
          "i-twilio-idempotency-token": "t",
        },
        body,
      },
    ]);
  });

  test("may come in chunks, and after the server said that it may", async () => {
    const chunked = post("", { "Content-Length": undefined, "Transfer-Encoding": "chunked", Expect: "100-continue" });
    expect(await statusOf(port, `${chunked}2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n`)).toBe(204);
    expect(taken[0]?.body.toString()).toBe("[1]");
  });

  test("is answered with what its taker says, and when to try again", async () => {
    take = async () => ({ status: 503, retryAfter: 5 });
    const { socket, text } = sendRaw(port, post("[]"));
    await until(() => text().includes("\r\n\r\n"));
    socket.destroy();
    expect(text()).toMatch(/^HTTP\/1\.1 503 .*\r\n(?:.*\r\n)*Retry-After: 5\r\n/);
  });
});

describe("the door", () => {
  const cases: readonly (readonly [name: string, request: string, status: number])[] = [
    ["a post of JSON", post("[]"), 204],
    ["localhost and a port", post("[]", { Host: "LocalHost:4319" }), 204],
    ["IPv6", post("[]", { Host: "[::1]:4319" }), 204],
    ["an allowed host", post("[]", { Host: "abc.example.com" }), 204],
    ["a CloudEvent", post("{}", { "Content-Type": "application/cloudevents+json; charset=utf-8" }), 204],
    ["CloudEvents in a batch", post("[]", { "Content-Type": "application/cloudevents-batch+json" }), 204],
    ["a form", post("a=b", { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" }), 204],
    ["another host", post("[]", { Host: "evil.example.com" }), 421],
    ["a name that resolves to this machine", post("[]", { Host: "127.0.0.1.nip.io" }), 421],
    ["a host with a path", post("[]", { Host: "127.0.0.1/x" }), 421],
    ["a host with a user", post("[]", { Host: "a@127.0.0.1" }), 421],
    ["an empty host", post("[]", { Host: "" }), 421],
    ["no host", post("[]", { Host: undefined }), 400],
    ["two hosts", post("[]").replace("\r\n", "\r\nHost: 127.0.0.1\r\n"), 400],
    ["a page of another site", post("[]", { Origin: "https://evil.example.com" }), 403],
    ["a page of this site", post("[]", { Origin: "http://127.0.0.1:4319" }), 403],
    ["a page without a name", post("[]", { Origin: "null" }), 403],
    ["a browser's fetch", post("[]", { "Sec-Fetch-Site": "none" }), 403],
    ["text, as pages send it unasked", post("[]", { "Content-Type": "text/plain" }), 415],
    ["no content type", post("[]", { "Content-Type": undefined }), 415],
    ["a multipart form", post("[]", { "Content-Type": "multipart/form-data; boundary=x" }), 415],
    ["gzip", post("[]", { "Content-Encoding": "gzip" }), 415],
    ["an absolute target", post("[]", {}, "http://127.0.0.1/"), 400],
    ["a target of another host", post("[]", {}, "http://evil.example.com/"), 400],
    ["an asterisk", `OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 400],
    ["a preflight", `OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccess-Control-Request-Method: POST\r\n\r\n`, 405],
    ["GET", `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 405],
    ["PUT", post("[]").replace("POST", "PUT"), 405],
    ["an upgrade", `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`, 405],
    ["a method that is none", post("[]").replace("POST", "POOST"), 400],
    ["two lengths", post("[]").replace("\r\n", "\r\nContent-Length: 2\r\n"), 400],
    ["a length and chunks", post("[]", { "Transfer-Encoding": "chunked" }), 400],
    [
      "gzip, then chunks",
      post("0\r\n\r\n", { "Content-Length": undefined, "Transfer-Encoding": "gzip, chunked" }),
      400,
    ],
    ["a bad chunk", post("zz\r\n", { "Content-Length": undefined, "Transfer-Encoding": "chunked" }), 400],
    ["line feeds alone", post("[]").replaceAll("\r\n", "\n"), 400],
    ["a control character in a header", post("[]", { "X-A": "a\u0001b" }), 400],
    ["HTTP/3", post("[]").replace("HTTP/1.1", "HTTP/3.0"), 400],
    ["a TLS handshake", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001", 400],
    ["words", "hello?\r\n\r\n", 400],
    ["headers of 20 kB", post("[]", { "X-A": "a".repeat(20_000) }), 431],
    ["a length beyond the limit", post("[]", { "Content-Length": "100001" }), 413],
    ["a body beyond the limit", post(JSON.stringify("a".repeat(100_001))), 413],
    [
      "chunks beyond the limit",
      post(`186a1\r\n${"a".repeat(100_001)}\r\n0\r\n\r\n`, {
        "Content-Length": undefined,
        "Transfer-Encoding": "chunked",
      }),
      413,
    ],
    ["a body of the limit", post(JSON.stringify("a".repeat(99_998))), 204],
  ];

  test.each(cases)("%s", async (_, request, status) => {
    expect(await statusOf(port, request)).toBe(status);
    expect(taken.length).toBe(status === 204 ? 1 : 0);
  });

  test("says no more than the status: no page of another site may read it, and no header tells of the program", async () => {
    const { socket, text, closed } = sendRaw(port, post("[]", { Origin: "https://evil.example.com" }));
    await closed;
    socket.destroy();
    expect(text().toLowerCase()).not.toMatch(/access-control|server:|x-powered-by/);
    expect(text().split("\r\n\r\n")[1]).toBe("");
  });

  test("serves one path where it is given one", async () => {
    await receiver.close(0);
    await start({ path: "/hooks" });
    expect(await statusOf(port, post("[]", {}, "/hooks?a=b"))).toBe(204);
    expect(await statusOf(port, post("[]", {}, "/hooks/"))).toBe(404);
    expect(await statusOf(port, post("[]", {}, "/%68ooks"))).toBe(404);
  });

  test("takes GET where it is told to", async () => {
    await receiver.close(0);
    await start({ methods: new Set(["POST", "GET"]) });
    expect(await statusOf(port, "GET /?CallSid=CA1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).toBe(204);
  });

  test("keeps the beginning of a body that is too large, and its length", async () => {
    await statusOf(port, post("b".repeat(150_000)));
    expect(refused).toMatchObject([{ status: 413, length: 150_000 }]);
    expect(refused[0]?.request.body.length).toBe(65_536);
  });
});

test("a web page's request for a name that resolves here is refused before its body is read", async () => {
  const { closed } = sendRaw(port, post("x".repeat(50_000), { Host: "rebound.example.com" }));
  expect(await closed).toMatch(/^HTTP\/1\.1 421/);
  expect(taken).toEqual([]);
});

describe("slow senders", () => {
  /** A connection that never ends its request. */
  const slow = (text: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
      socket.on("error", reject);
      socket.write(text);
    });

  test("600 of them do not keep a fast one out", async () => {
    const sockets: Socket[] = [];
    try {
      for (let index = 0; index < 600; index++) {
        const socket = await slow(
          index % 2 === 0 ? "POST / HTTP/1.1\r\nHost: 127" : post("[]", { "Content-Length": "9" }),
        );
        socket.on("error", () => undefined);
        sockets.push(socket);
      }
      const times: number[] = [];
      for (let index = 0; index < 50; index++) {
        const started = performance.now();
        expect(await statusOf(port, post(`[${index}]`))).toBe(204);
        times.push(performance.now() - started);
      }
      expect(taken.length).toBe(50);
      expect(times.sort((a, b) => a - b)[48]).toBeLessThan(500);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  test("are cut, the header after 5 s and the body after 10 s", async () => {
    const started = performance.now();
    const header = sendRaw(port, "POST / HTTP/1.1\r\nHost: 127");
    const body = sendRaw(port, post("[]", { "Content-Length": "9" }));
    await header.closed;
    const cutHeader = performance.now() - started;
    await body.closed;
    const cutBody = performance.now() - started;
    expect(header.text()).toMatch(/^HTTP\/1\.1 408/);
    expect(cutHeader).toBeGreaterThan(4900);
    expect(cutHeader).toBeLessThan(8000);
    expect(cutBody).toBeGreaterThan(9900);
    expect(cutBody).toBeLessThan(13_000);
  }, 20_000);
});

describe("the end", () => {
  test("answers what is under way, and takes no more", async () => {
    let finish: (() => void) | undefined;
    take = () =>
      new Promise((resolve) => {
        finish = () => resolve({ status: 204 });
      });
    const under = statusOf(port, post("[]"));
    await until(() => finish !== undefined);
    const closed = receiver.close(5000);
    finish?.();
    expect(await under).toBe(204);
    await closed;
    await receiver.ended;
    expect(await statusOf(port, post("[]"))).toBeUndefined();
  });

  test("cuts what does not come to an end in time", async () => {
    let wasTaken = false;
    take = () => {
      wasTaken = true;
      return new Promise(() => undefined);
    };
    const under = statusOf(port, post("[]"));
    await until(() => wasTaken);
    await receiver.close(100);
    expect(await under).toBeUndefined();
  });
});

describe("an address", () => {
  test("of a port in use is said with the way out", async () => {
    const again = openReceiver({ ...defaults, port, handle: take, handleRejected: async () => undefined });
    await expect(again).rejects.toThrow(UsageError);
    await expect(again).rejects.toThrow(`port ${port} is in use; give another with --port, or --port 0`);
  });

  test("that this machine does not have is said", async () => {
    const elsewhere = openReceiver({
      ...defaults,
      host: "192.0.2.1",
      handle: take,
      handleRejected: async () => undefined,
    });
    await expect(elsewhere).rejects.toThrow("--host 192.0.2.1: this machine has no such address");
  });

  test("of this machine in its network does not reach it", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    for (const { address } of others) {
      const socket = connect({ host: address, port });
      const outcome = await new Promise((resolve) => {
        socket.once("connect", () => resolve("connected"));
        socket.once("error", () => resolve("refused"));
      });
      socket.destroy();
      expect(outcome).toBe("refused");
    }
  });
});

test("10,000 mutated requests: none ends it, and a good one is served afterwards", async () => {
  const inputs = ['[{"specversion":"1.0"}]', '{"a":[1]}', "a=b", ""].map((text) => Buffer.from(text));
  const makeRequest = createRequests(
    createMutator({ inputs, records: inputs.slice(0, 2), xmlTexts: ["<a/>"], payloads: [] }),
  );
  let next = 0;
  async function worker(): Promise<void> {
    for (let own = next++; own < 10_000; own = next++) {
      const { bytes, isSound } = makeRequest(createRandom(20_250_824, own));
      if (isSound) await statusOf(port, bytes);
      else {
        const { socket, closed } = sendRaw(port, bytes);
        socket.end();
        await closed;
      }
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker));
  expect(await statusOf(port, post("[]"))).toBe(204);
  expect(taken.length).toBeGreaterThan(1000);
}, 60_000);
