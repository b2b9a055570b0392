import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach } from "vitest";

/** A request as an app on this machine gets it. */
export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** An app on this machine that keeps what it gets. */
export interface App {
  readonly url: string;
  readonly port: number;
  readonly got: readonly Got[];
  close(): Promise<void>;
}

type Handler = (got: Got, response: ServerResponse, index: number) => void | Promise<void>;

const open = new Set<Server>();
afterEach(async () => {
  await Promise.all([...open].map(close));
});

/** Starts an app that answers as the handler does; 204 without one. */
export async function startApp(
  handler: Handler = (_, response) => void response.writeHead(204).end(),
  port = 0,
): Promise<App> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return;
    }
    const { method = "", url = "", headers, rawHeaders } = request;
    const one = { method, url, headers, rawHeaders, body: Buffer.concat(parts) };
    got.push(one);
    await handler(one, response, got.length - 1);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  open.add(server);
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${bound}`, port: bound, got, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  if (!open.delete(server)) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const app = await startApp();
  await app.close();
  return app.port;
}

/** Waits until the condition holds; fails after ten seconds. */
export async function until(holds: () => boolean, what = "the condition"): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come about`);
    await pause(2);
  }
}
