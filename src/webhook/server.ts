import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { UsageError } from "../errors.ts";
import { findRejection, type GuardOptions, type Rejection, tooLarge } from "./request-guard.ts";
import { keptHeaders, type WebhookRequest } from "./webhook-request.ts";

/** How a request is answered. */
export interface WebhookResponse {
  readonly status: number;
  /** Seconds after which the sender may try again. */
  readonly retryAfter?: number;
}

/** A request that was turned away; `request` holds what came of it, where its body was read. */
export interface RejectedRequest extends Rejection {
  readonly request: WebhookRequest;
  /** Whether its bytes are worth keeping. */
  readonly isKept: boolean;
  /** The length of the whole body where only the beginning is held. */
  readonly length?: number;
}

export interface ReceiverOptions extends GuardOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  now(): number;
  /** Takes a whole request and says how it is answered; never rejects. */
  handle(request: WebhookRequest): Promise<WebhookResponse>;
  /** Hears of a request that the door keeps out; the answer is sent when it resolves. Never rejects. */
  handleRejected(refused: RejectedRequest): Promise<void>;
}

/** A server that takes webhooks. */
export interface Receiver {
  /** As in "http://127.0.0.1:4319". */
  readonly origin: string;
  /** Rejects when the server fails by itself; resolves once it is closed. */
  readonly ended: Promise<void>;
  /** Takes no more, answers what is under way within `drainMs`, then cuts what is left. */
  close(drainMs: number): Promise<void>;
}

// A webhook's sender is fast: whoever is slower than these, in milliseconds, holds a connection for its own sake.
const HEADERS_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5000;
const CHECK_INTERVAL_MS = 1000;

const MAX_CONNECTIONS = 512;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

/** So much of a body that is too large is kept. */
const MAX_KEPT_BYTES = 64 * 1024;

/** So long, in milliseconds, a refused body that is kept may take to come. */
const MAX_REJECTED_WAIT_MS = 1000;

/** What Twilio may have sent is kept when it is refused; what only others send is not. */
const isKept = ({ status }: Rejection): boolean => status === 413 || status === 415;

/** So much of a refused body is read and dropped, so that its sender comes to read the answer. */
const MAX_DROPPED_BYTES = 1024 * 1024;

/** Opens the server; a port that cannot be had is a UsageError. */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host, port } = options;
  /** Every connection, the one first that has been without a whole request the longest; true while one is being answered. */
  const connections = new Map<Socket, boolean>();
  let closing = false;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, method = "", url = "", rawHeaders } = message;
    const head = { receivedAt: options.now(), method, url, headers: keptHeaders(rawHeaders) };
    const refusal = findRejection({ method, url, rawHeaders }, options);
    const read =
      refusal === undefined
        ? await readBody(message, options.maxBody)
        : await readBody(message, isKept(refusal) ? MAX_KEPT_BYTES : 0, isKept(refusal) ? MAX_REJECTED_WAIT_MS : 0);
    if (read === undefined) return;
    if (connections.has(socket)) connections.set(socket, true);
    if (closing) return send(response, { status: 503, retryAfter: 1 }, true);
    if (refusal === undefined && read.isWhole) {
      const given = await options.handle({ ...head, body: read.body });
      send(response, given, closing);
    } else {
      const full: Rejection = refusal ?? { status: 413, reason: tooLarge(read.length, options.maxBody) };
      const kept = read.body.subarray(0, MAX_KEPT_BYTES);
      const length = Math.max(read.length, Number(message.headers["content-length"] ?? 0) || 0);
      await options.handleRejected({
        ...full,
        isKept: isKept(full),
        request: { ...head, body: kept },
        ...(length > kept.length && { length }),
      });
      if (full.status === 405) response.setHeader("Allow", [...options.methods].join(", "));
      if (!read.hasEnded) response.once("finish", () => message.destroy());
      send(response, full, true);
    }
    // A connection that has served is as good as new.
    if (connections.delete(socket)) connections.set(socket, false);
  }

  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The door counts them itself, and says so.
      requireHostHeader: false,
    },
    (message, response) => {
      response.on("error", () => undefined);
      answer(message, response).catch(fail);
    },
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.on("clientError", refuseBroken);
  server.on("connection", (socket: Socket) => {
    connections.set(socket, false);
    socket.once("close", () => connections.delete(socket));
    if (connections.size > MAX_CONNECTIONS) cutSlowest();
  });

  /** Room for one more: slow senders must not keep a fast one out. */
  function cutSlowest(): void {
    for (const [socket, isServed] of connections) {
      if (isServed) continue;
      connections.delete(socket);
      socket.destroy();
      return;
    }
  }

  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    fail = reject;
    server.once("close", resolve);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new UsageError(listenProblem(error, host, port))));
    server.listen({ host, port }, resolve);
  });
  server.on("error", fail);

  return {
    origin: originOf(server.address() as AddressInfo),
    ended,
    async close(drainMs) {
      if (closing) return;
      closing = true;
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      // Whoever has sent only a part of a request is not waited for.
      for (const [socket, isServed] of connections) if (!isServed) socket.destroy();
      await new Promise<void>((resolve) => server.once("close", resolve));
      clearTimeout(timer);
    },
  };
}

interface Body {
  readonly body: Buffer;
  /** How many bytes have come. */
  readonly length: number;
  /** There is no more of it, here or to come. */
  readonly isWhole: boolean;
  readonly hasEnded: boolean;
}

/** Reads up to `limit` bytes, and some more to be dropped, for so long; undefined when the sender goes away. */
function readBody(message: IncomingMessage, limit: number, waitMs?: number): Promise<Body | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    if (waitMs !== undefined) setTimeout(() => done(message.readableEnded), waitMs).unref();
    const done = (hasEnded: boolean): void =>
      resolve({ body: Buffer.concat(chunks), length, hasEnded, isWhole: hasEnded && length <= limit });
    message.on("data", (chunk: Buffer) => {
      const room = limit - length;
      length += chunk.length;
      if (room > 0) chunks.push(room < chunk.length ? chunk.subarray(0, room) : chunk);
      if (length > limit + MAX_DROPPED_BYTES) {
        message.pause();
        done(false);
      }
    });
    message.once("end", () => done(true));
    message.once("error", () => resolve(undefined));
    message.once("close", () => resolve(undefined));
  });
}

function send(response: ServerResponse, { status, retryAfter }: WebhookResponse, isLast: boolean): void {
  if (response.destroyed || response.headersSent) return;
  const headers: Record<string, string> = {};
  if (status !== 204 && status !== 304) headers["Content-Length"] = "0";
  if (retryAfter !== undefined) headers["Retry-After"] = String(retryAfter);
  if (isLast) headers.Connection = "close";
  response.writeHead(status, headers).end();
}

const brokenStatus: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers what is no HTTP request. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = brokenStatus[String(error.code)] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function originOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): string {
  const where = `${host}:${port}`;
  if (error.code === "EADDRINUSE")
    return `port ${port} is in use; give another with --port, or --port 0 for any that is free`;
  if (error.code === "EACCES") return `no permission to listen at ${where}; give a port from 1024 on with --port`;
  if (["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"].includes(String(error.code))) {
    return `--host ${host}: this machine has no such address; 127.0.0.1 is the default`;
  }
  return `cannot listen at ${where}: ${error.message}`;
}
