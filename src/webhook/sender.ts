import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { connect, type LookupFunction } from "node:net";
import { type NoResponse, noResponse, toNoResponse } from "./network-error.ts";
import { type OutgoingRequest, pathOf } from "./outgoing-request.ts";
import { hostOf, type Target } from "./target.ts";

/** What the target answered. */
interface TargetResponse {
  readonly status: number;
  /** Milliseconds from the start until the answer was there. */
  readonly ms: number;
  /** The first 200 bytes of the answer's body as text. */
  readonly head: string;
  /** SHA-256 of what was read of the answer's body. */
  readonly digest: string;
  /** The body went on, in size or time, when no more of it was read. */
  readonly isCut: boolean;
  /** What Retry-After asks for, in milliseconds. */
  readonly retryAfterMs?: number;
}

export type SendResult = TargetResponse | NoResponse;

export interface Sender {
  /** Sends one request. Whatever the target does, it is told as data. */
  send(request: OutgoingRequest): Promise<SendResult>;
  /** Whether the target takes connections: nothing is sent. */
  probe(): Promise<{ readonly ms: number } | NoResponse>;
  /** Ends every connection; what was not answered yet is `stopped`. */
  close(): void;
}

export interface SenderOptions {
  readonly target: Target;
  /** For the whole exchange. */
  readonly timeoutMs?: number;
  /** Of the answer's body no more bytes are read. */
  readonly maxResponseBytes?: number;
  /** How many connections there are at most. */
  readonly concurrency: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024;
const HEAD_BYTES = 200;

/**
 * Sends requests to one target over connections that are kept. Redirects are not followed: they would carry signed
 * bodies to a place that nobody named. Proxy variables count for nothing, since the agents are our own; and only the
 * addresses that were checked are connected to, whatever the name resolves to by then.
 */
export function createSender(options: SenderOptions): Sender {
  const {
    target,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES,
    concurrency,
  } = options;
  const { request, Agent } = target.url.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const where = {
    host: hostOf(target.url),
    port: portOf(target.url),
    ...(target.addresses !== undefined && { lookup: pinned(target.addresses) }),
  };
  const pending = new Set<() => void>();
  let isClosed = false;

  function exchange(outgoing: OutgoingRequest, started: number, isAgain: boolean): Promise<SendResult> {
    return new Promise((resolve) => {
      const ms = (): number => msSince(started);
      const { method, body } = outgoing;
      const call = request({
        ...where,
        agent: isAgain ? false : agent,
        method,
        path: pathOf(target, outgoing),
        headers: headersFor(target, outgoing),
      });
      let answer: ((isCut: boolean) => TargetResponse) | undefined;
      const settle = (outcome: SendResult | Promise<SendResult>): void => {
        clearTimeout(timer);
        pending.delete(stop);
        resolve(outcome);
      };
      const cut = (outcome: SendResult): void => {
        settle(outcome);
        call.destroy();
      };
      const stop = (): void => cut(answer?.(true) ?? noResponse("stopped", ms()));
      const expire = (): void => cut(answer?.(true) ?? noResponse("timeout", ms(), `${timeoutMs / 1000} s`));
      const timer = setTimeout(expire, timeoutMs - ms());
      pending.add(stop);

      call.on("response", (response) => {
        const reader = createResponseReader(maxResponseBytes);
        const retryAfterMs = toRetryAfter(response.headers["retry-after"]);
        const ended = (isCut: boolean): TargetResponse => ({
          status: response.statusCode as number,
          ms: ms(),
          ...reader.result(),
          isCut,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        });
        answer = ended;
        response.on("data", (chunk: Buffer) => {
          if (!reader.add(chunk)) cut(ended(true));
        });
        response.on("end", () => settle(ended(false)));
        response.on("error", () => settle(ended(true)));
      });
      call.on("error", (error) => {
        // The target may close a kept connection just as it is used again: then it has not seen the request.
        if (call.reusedSocket && !isClosed && answer === undefined && isReset(error)) {
          settle(exchange(outgoing, started, true));
        } else settle(toNoResponse(error, ms()));
      });
      // An answer that asks for another protocol closes the connection and is no error to Node.
      call.on("close", () => settle(answer?.(true) ?? noResponse("reset", ms())));
      call.end(body);
    });
  }

  return {
    send: async (outgoing) => (isClosed ? noResponse("stopped", 0) : exchange(outgoing, performance.now(), false)),
    probe() {
      const started = performance.now();
      const ms = (): number => msSince(started);
      return new Promise((resolve) => {
        const socket = connect(where);
        const settle = (result: { readonly ms: number } | NoResponse): void => {
          clearTimeout(timer);
          pending.delete(stop);
          resolve(result);
          socket.destroy();
        };
        const stop = (): void => settle(noResponse("stopped", ms()));
        const timer = setTimeout(() => settle(noResponse("timeout", ms())), timeoutMs);
        pending.add(stop);
        socket.once("connect", () => settle({ ms: ms() }));
        socket.on("error", (error) => settle(toNoResponse(error, ms())));
      });
    },
    close() {
      isClosed = true;
      for (const stop of [...pending]) stop();
      agent.destroy();
    },
  };
}

const msSince = (start: number): number => Math.round(performance.now() - start);

const portOf = ({ protocol, port }: URL): number => Number(port || (protocol === "https:" ? 443 : 80));

/** Resolves every name to the addresses that were checked. */
export function pinned(addresses: Target["addresses"] & {}): LookupFunction {
  return (_, { all, family }, done) => {
    const fitting = addresses.filter((each) => !family || family === each.family || family === `IPv${each.family}`);
    const [first] = fitting;
    if (first === undefined) done(Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 0);
    else if (all) done(null, [...fitting]);
    else done(null, first.address, first.family);
  };
}

function headersFor(target: Target, { method, headers, body }: OutgoingRequest): Record<string, string | number> {
  return {
    accept: "*/*",
    ...headers,
    host: target.url.host,
    ...((method !== "GET" || body.length > 0) && { "content-length": body.length }),
    ...(target.authorization !== undefined && { authorization: target.authorization }),
  };
}

/** Keeps the beginning of an answer's body and its digest; `add` returns false once there is more than may be read. */
function createResponseReader(maxBytes: number): {
  add(chunk: Buffer): boolean;
  result(): Pick<TargetResponse, "head" | "digest">;
} {
  const hash = createHash("sha256");
  const head: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      const part = chunk.subarray(0, maxBytes - size);
      hash.update(part);
      if (size < HEAD_BYTES) head.push(part.subarray(0, HEAD_BYTES - size));
      size += chunk.length;
      return size <= maxBytes;
    },
    result: () => ({
      // As a stream, so that a character cut in two at the end is left out.
      head: new TextDecoder().decode(Buffer.concat(head), { stream: true }),
      digest: hash.copy().digest("hex"),
    }),
  };
}

/** Seconds, or a date (RFC 9110 section 10.2.3), as milliseconds from now. */
function toRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const isReset = (error: Error): boolean => "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
