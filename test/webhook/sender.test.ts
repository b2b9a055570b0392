import type { LookupOptions } from "node:dns";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type OutgoingRequest, toForwardedRequest, toOutgoingRequest } from "../../src/webhook/outgoing-request.ts";
import { createSender, pinned, type Sender, type SenderOptions } from "../../src/webhook/sender.ts";
import { resolveTarget } from "../../src/webhook/target.ts";
import type { WebhookRequest } from "../../src/webhook/webhook-request.ts";
import { freePort, startApp, until } from "./server.ts";

const senders: Sender[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const sender of senders.splice(0)) sender.close();
  for (const server of servers.splice(0)) server.close();
});

async function senderTo(url: string, options: Partial<SenderOptions> = {}): Promise<Sender> {
  const target = await resolveTarget(url, { option: "--to", unlock: "--anywhere", anywhere: false });
  const sender = createSender({ target, concurrency: 8, ...options });
  senders.push(sender);
  return sender;
}

/** A server of bytes alone, for what no HTTP server would answer. */
async function startBytes(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const recorded: WebhookRequest = {
  receivedAt: 0,
  method: "POST",
  url: "/hook?bodySHA256=abc",
  headers: { "content-type": "application/json", "x-twilio-signature": "c2ln", "user-agent": "TwilioProxy/1.1" },
  body: Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]),
};
const plain: OutgoingRequest = toOutgoingRequest(recorded);

describe("what is sent", () => {
  test("the body byte for byte, with its type, signature and query", async () => {
    const app = await startApp();
    const sender = await senderTo(`${app.url}/events?x=1`);
    expect(await sender.send(plain)).toMatchObject({ status: 204, head: "", isCut: false });
    expect(app.got[0]?.body).toEqual(recorded.body);
    expect(app.got[0]?.url).toBe("/events?x=1&bodySHA256=abc");
    expect(app.got[0]?.headers).toMatchObject({ ...recorded.headers, "content-length": "5", host: app.url.slice(7) });
    expect(app.got[0]?.headers["transfer-encoding"]).toBeUndefined();
  });

  test("nothing of the connection that it came over, nothing that HTTP cannot carry", () => {
    const headers = {
      ...recorded.headers,
      host: "a.example",
      connection: "close",
      "transfer-encoding": "chunked",
      "content-length": "3",
      "ce-bad": "a\r\nb: c",
      "ce-bád": "x",
      "ce-wide": "\u2603",
    };
    expect(toOutgoingRequest({ ...recorded, headers }).headers).toEqual(recorded.headers);
  });

  test("the scheme and host that Twilio called", () => {
    const headers = {
      ...recorded.headers,
      host: "abc.example",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "35.90.102.130",
    };
    expect(toForwardedRequest({ ...recorded, headers }, undefined).headers).toMatchObject({
      "x-forwarded-proto": "https",
      "x-forwarded-host": "abc.example",
      "x-forwarded-for": "35.90.102.130",
    });
    const known = toForwardedRequest({ ...recorded, headers }, new URL("http://public.example:8080/x"));
    expect(known.headers).toMatchObject({ "x-forwarded-proto": "http", "x-forwarded-host": "public.example:8080" });
    expect(toForwardedRequest(recorded, undefined).headers).toEqual(recorded.headers);
  });

  test("a request line that cannot be broken out of", async () => {
    const app = await startApp();
    const sender = await senderTo(app.url);
    await sender.send(toOutgoingRequest({ ...recorded, method: "CONNECT", url: "/?a=b c\r\nx: y\u{1F600}\ud800#f" }));
    expect(app.got[0]).toMatchObject({ method: "POST", url: "/?a=b%20c%0D%0Ax:%20y%F0%9F%98%80%EF%BF%BD" });
  });

  test("a GET without a body has none", async () => {
    const app = await startApp();
    const sender = await senderTo(app.url);
    await sender.send(toOutgoingRequest({ ...recorded, method: "GET", body: Buffer.alloc(0) }));
    expect(app.got[0]?.method).toBe("GET");
    expect(app.got[0]?.headers["content-length"]).toBeUndefined();
  });

  test("credentials of the URL", async () => {
    const app = await startApp();
    const sender = await senderTo(app.url.replace("//", "//user:pass@"));
    await sender.send(plain);
    expect(app.got[0]?.headers.authorization).toBe("Basic dXNlcjpwYXNz");
  });
});

describe("what is answered", () => {
  test.each([301, 302, 303, 307, 308])("%i is not followed", async (status) => {
    const app = await startApp();
    const away = await startApp((_, response) => void response.writeHead(status, { location: `${app.url}/` }).end());
    expect(await (await senderTo(away.url)).send(plain)).toMatchObject({ status });
    expect(app.got).toEqual([]);
  });

  test("an endless answer is cut, and its connection is ended", async () => {
    let isClosed = false;
    let written = 0;
    const app = await startApp((_, response) => {
      response.on("close", () => {
        isClosed = true;
      });
      const chunk = Buffer.alloc(8192, "é");
      const write = (): void => {
        while (!isClosed && response.write(chunk)) written += chunk.length;
        if (!isClosed) response.once("drain", write);
      };
      write();
    });
    const outcome = await (await senderTo(app.url)).send(plain);
    expect(outcome).toMatchObject({ status: 200, isCut: true });
    expect("head" in outcome && Buffer.byteLength(outcome.head)).toBe(200);
    await until(() => isClosed);
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  test("an answer of just so many bytes is whole", async () => {
    const app = await startApp((_, response) => void response.end(Buffer.alloc(64 * 1024)));
    expect(await (await senderTo(app.url)).send(plain)).toMatchObject({ status: 200, isCut: false });
    const more = await startApp((_, response) => void response.end(Buffer.alloc(64 * 1024 + 1)));
    expect(await (await senderTo(more.url)).send(plain)).toMatchObject({ status: 200, isCut: true });
  });

  test("none in time", async () => {
    const app = await startApp(() => undefined);
    const outcome = await (await senderTo(app.url, { timeoutMs: 50 })).send(plain);
    expect(outcome).toMatchObject({ problem: "timeout", words: "did not answer in time (0.05 s)" });
  });

  test("a slow end is cut at the time limit, with what was there", async () => {
    const app = await startApp((_, response) => void response.writeHead(202).write("so far"));
    const outcome = await (await senderTo(app.url, { timeoutMs: 100 })).send(plain);
    expect(outcome).toMatchObject({ status: 202, head: "so far", isCut: true });
  });

  test("a character that is cut in two at the end is left out", async () => {
    const app = await startApp((_, response) => void response.end(`${"x".repeat(199)}é`));
    expect(await (await senderTo(app.url)).send(plain)).toMatchObject({ head: "x".repeat(199) });
  });

  test("bodies are told apart", async () => {
    const app = await startApp((_, response, index) => void response.end(index === 2 ? "b" : "a"));
    const sender = await senderTo(app.url);
    const digests: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      const outcome = await sender.send(plain);
      digests.push("digest" in outcome && outcome.digest);
    }
    expect(digests[0]).toBe(digests[1]);
    expect(digests[2]).not.toBe(digests[1]);
  });

  test.each([
    ["3", 3000],
    ["0", 0],
    ["soon", undefined],
  ])("Retry-After: %s", async (value, ms) => {
    const app = await startApp((_, response) => void response.writeHead(503, { "retry-after": value }).end());
    const outcome = await (await senderTo(app.url)).send(plain);
    expect("retryAfterMs" in outcome ? outcome.retryAfterMs : undefined).toBe(ms);
  });
});

describe("trouble is data", () => {
  test("nobody listens", async () => {
    const sender = await senderTo(`http://127.0.0.1:${await freePort()}`);
    expect(await sender.send(plain)).toMatchObject({ problem: "refused" });
    expect(await sender.probe()).toMatchObject({ problem: "refused" });
  });

  test("the connection is closed", async () => {
    const sender = await senderTo(await startBytes((socket) => socket.once("data", () => socket.destroy())));
    expect(await sender.send(plain)).toMatchObject({ problem: "reset" });
  });

  test("the answer is no HTTP", async () => {
    const sender = await senderTo(
      await startBytes((socket) => socket.once("data", () => socket.end("SSH-2.0\r\n\r\n"))),
    );
    expect(await sender.send(plain)).toMatchObject({ problem: "protocol" });
  });

  test("the answer asks for another protocol", async () => {
    const words = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
    const sender = await senderTo(await startBytes((socket) => socket.once("data", () => socket.write(words))));
    expect(await sender.send(plain)).toMatchObject({ problem: "reset" });
  });

  test("http where https is spoken", async () => {
    const app = await startApp();
    const sender = await senderTo(app.url.replace("http:", "https:"));
    expect(await sender.send(plain)).toMatchObject({ problem: "tls" });
  });

  test("the answer breaks off", async () => {
    const words = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun";
    const sender = await senderTo(await startBytes((socket) => socket.once("data", () => socket.end(words))));
    expect(await sender.send(plain)).toMatchObject({ status: 200, head: "begun", isCut: true });
  });

  test("the sender is closed", async () => {
    const app = await startApp(() => undefined);
    const sender = await senderTo(app.url);
    const pending = sender.send(plain);
    await until(() => app.got.length === 1);
    sender.close();
    expect(await pending).toMatchObject({ problem: "stopped" });
    expect(await sender.send(plain)).toMatchObject({ problem: "stopped" });
  });
});

test("only the addresses that were checked are connected to", async () => {
  const app = await startApp();
  const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
  const target = await resolveTarget(`http://no-such-host.invalid:${app.port}/`, {
    option: "--to",
    unlock: "--anywhere",
    anywhere: false,
    lookup,
  });
  const sender = createSender({ target, concurrency: 1 });
  senders.push(sender);
  expect(await sender.probe()).not.toHaveProperty("problem");
  expect(await sender.send(plain)).toMatchObject({ status: 204 });
  expect(app.got[0]?.headers.host).toBe(`no-such-host.invalid:${app.port}`);
});

test("a connection that the target closed in the meantime costs nothing", async () => {
  let connections = 0;
  const answer = "HTTP/1.1 204 No Content\r\n\r\n";
  // Each connection takes one request, and is reset by the second.
  const url = await startBytes((socket) => {
    connections++;
    socket.once("data", () => {
      socket.write(answer);
      socket.once("data", () => socket.resetAndDestroy());
    });
  });
  const sender = await senderTo(url);
  expect(await sender.send(plain)).toMatchObject({ status: 204 });
  expect(await sender.send(plain)).toMatchObject({ status: 204 });
  expect(connections).toBe(2);
});

test("proxy variables count for nothing", async () => {
  const [app, proxy] = [await startApp(), await startApp()];
  const names = ["http_proxy", "HTTP_PROXY", "NODE_USE_ENV_PROXY"] as const;
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : proxy.url;
  try {
    await (await senderTo(app.url)).send(plain);
  } finally {
    for (const [index, name] of names.entries()) {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  expect([app.got.length, proxy.got.length]).toEqual([1, 0]);
});

describe("a name of the target", () => {
  const both = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  const lookUp = (addresses: typeof both, options: LookupOptions) =>
    new Promise((resolve) => {
      pinned(addresses)("anything.example", options, (error, address, family) => resolve(error ?? [address, family]));
    });

  test.each<readonly [LookupOptions, unknown]>([
    [{}, ["127.0.0.1", 4]],
    [{ family: 0 }, ["127.0.0.1", 4]],
    [{ family: 6 }, ["::1", 6]],
    [{ family: "IPv6" }, ["::1", 6]],
    [{ all: true }, [both, undefined]],
  ])("is resolved to what was checked, with %j", async (options, expected) => {
    expect(await lookUp(both, options)).toEqual(expected);
  });

  test("has no address of a family that was not found", async () => {
    expect(await lookUp(both.slice(0, 1), { family: 6 })).toMatchObject({ code: "ENOTFOUND" });
  });
});
