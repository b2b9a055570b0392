import type { Random } from "../support/random.ts";
import type { Mutator } from "./mutate.ts";

const methods = [...Array(12).fill("POST"), "GET", "PUT", "OPTIONS", "HEAD", "CONNECT", "POOST"];
const targets = [...Array(8).fill("/"), "/?bodySHA256=0", "/hooks?a=%20&b", "*", "http://127.0.0.1/", "//", "/%zz"];
const types = [
  ...Array(8).fill("application/json"),
  "application/cloudevents+json; charset=utf-8",
  "application/cloudevents-batch+json",
  "application/x-www-form-urlencoded; charset=UTF-8",
  "text/plain",
  "multipart/form-data; boundary=x",
  ";;,=",
];
const others = [
  "X-Twilio-Signature: AAAA=",
  "I-Twilio-Idempotency-Token: t",
  "Expect: 100-continue",
  "Expect: 200-maybe",
  "Connection: close",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "Origin: https://evil.example.com",
  "Sec-Fetch-Site: cross-site",
  "Content-Encoding: gzip",
  "Host: evil.example.com",
  "Content-Length: 3",
  "Transfer-Encoding: gzip, chunked",
  "Cookie: a=b",
  "X-A: \u0001",
  `X-A: ${"a".repeat(20_000)}`,
  Array(120).fill("X-A: b").join("\r\n"),
];

/** An HTTP request that is almost valid. */
export interface MalformedRequest {
  readonly bytes: Buffer;
  /** Whether the server must respond to it. */
  readonly isSound: boolean;
}

/**
 * Creates a function that makes requests. Most are valid HTTP with one of the mutator's inputs as the body. Some have
 * header lines that contradict each other, and in some bytes are changed.
 */
export function createRequests({ make, change }: Mutator): (random: Random) => MalformedRequest {
  return (random) => {
    const body = random.chance(0.7)
      ? make(random)
      : Buffer.from(random.pick(["[]", "", "a=b", "CallSid=CA1&CallStatus=x"]));
    const kind = random.below(10);
    const lines = [
      `${random.pick(kind < 5 ? ["POST"] : methods)} ${random.pick(kind < 5 ? ["/"] : targets)} HTTP/1.1`,
      "Host: 127.0.0.1",
      `Content-Type: ${random.pick(types)}`,
    ];
    if (kind >= 5) lines.push(...Array.from({ length: random.below(3) }, () => random.pick(others)));
    const isChunked = random.chance(0.2);
    const length = kind === 9 ? random.below(2 * body.length + 2) : body.length;
    lines.push(isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`);
    const sent = isChunked ? inChunks(body, random) : body;
    const request = Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), sent]);
    const isChanged = random.chance(0.4);
    return { bytes: isChanged ? change(request, random) : request, isSound: kind < 5 && !isChanged };
  };
}

function inChunks(body: Buffer, random: Random): Buffer {
  const size = 1 + random.below(Math.max(body.length, 1));
  const pieces: Buffer[] = [];
  for (let from = 0; from < body.length; from += size) {
    const piece = body.subarray(from, from + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return Buffer.concat([...pieces, Buffer.from("0\r\n\r\n")]);
}
