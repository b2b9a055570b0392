// Drives the built program's listener as its own process: loads it, kills it, and counts what was acknowledged and lost.
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ownBin = fileURLToPath(new URL("../../bin/twilio-events.js", import.meta.url));

/** The token that loads are signed with. */
export const TOKEN = "12345";

/** Starts `listen` with the arguments; resolves when it is ready. `exited` tells how it ended. */
export async function startListener(args, { env = {}, flags = [], binary = process.execPath, bin = ownBin } = {}) {
  const child = spawn(binary, [...flags, bin, "listen", "--port", "0", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: "", TWILIO_AUTH_TOKEN: "", ...env },
  });
  let stderr = "";
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal, stderr })));
  const port = await new Promise((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      const ready = /Listening on http:\/\/[^:]+:(\d+)/.exec(stderr);
      if (ready && stderr.includes("configure")) resolve(Number(ready[1]));
    });
    exited.then(({ code }) => reject(new Error(`listen ended with ${code}: ${stderr}`)));
  });
  return { child, port, exited, stderr: () => stderr };
}

/** An event of about 1.2 kB, its id telling its number. */
export function eventOf(number, call = number % 200) {
  const id = `VW${number.toString(16).padStart(32, "0")}`;
  const sid = `CA${call.toString(16).padStart(32, "0")}`;
  return {
    specversion: "1.0",
    type: "com.twilio.voice.status-callback.call.ringing",
    source: `/2010-04-01/Accounts/AC${"0".repeat(32)}/Calls/${sid}.json`,
    id,
    dataschema: "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
    datacontenttype: "application/json",
    time: new Date(1_756_042_200_000 + number).toISOString(),
    data: {
      sid,
      requestDateCreated: "Sun, 24 Aug 2025 13:49:54 +0000",
      timestamp: new Date(1_756_042_200_000 + number).toISOString(),
      eventSid: id,
      request: {
        method: "POST",
        url: "https://example.com/voice/status",
        parameters: {
          CallSid: sid,
          CallStatus: "ringing",
          From: "+14155550100",
          To: "+14155550101",
          Direction: "outbound-api",
          SequenceNumber: String(number),
          CallbackSource: "call-progress-events",
          Padding: "x".repeat(200),
        },
      },
      response: {
        responseCode: 200,
        requestDuration: 140,
        contentType: "application/xml;charset=UTF-8",
        responseBody: "PFJlc3BvbnNlLz4=",
        dateCreated: "Sun, 24 Aug 2025 13:49:54 +0000",
      },
    },
  };
}

/** Sends one event, signed where a public URL is given; resolves with the status, rejects when there was no answer. */
export function sendEvent({ port, agent, event, publicUrl }) {
  const body = Buffer.from(JSON.stringify([event]));
  const hash = createHash("sha256").update(body).digest("hex");
  const path = publicUrl ? `/?bodySHA256=${hash}` : "/";
  const signature = publicUrl && createHmac("sha1", TOKEN).update(`${publicUrl}?bodySHA256=${hash}`).digest("base64");
  return new Promise((resolve, reject) => {
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": body.length,
      ...(signature && { "X-Twilio-Signature": signature }),
    };
    const sent = request({ host: "127.0.0.1", port, method: "POST", path, headers, agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * Loads the listener: as fast as `connections` go, or at `rate` events a second, until `seconds` have gone by, `count` were
 * sent or it ends. Returns the numbers that were acknowledged, the statuses, and each answer's time in milliseconds.
 */
export async function load({
  port,
  connections = 32,
  rate,
  seconds = Infinity,
  count = Infinity,
  first = 0,
  publicUrl,
  onAck,
}) {
  const agent = new Agent({ keepAlive: true, maxSockets: rate ? 256 : connections });
  const acknowledged = [];
  const statuses = new Map();
  const times = [];
  const started = performance.now();
  let sent = 0;
  let broken = 0;

  async function one(number) {
    const from = performance.now();
    try {
      const status = await sendEvent({ port, agent, event: eventOf(number), publicUrl });
      times.push(performance.now() - from);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status < 300) {
        acknowledged.push(number);
        onAck?.(acknowledged.length);
      }
    } catch {
      broken++;
    }
  }

  const isOver = () => sent >= count || performance.now() - started >= seconds * 1000;

  if (rate === undefined) {
    const worker = async () => {
      while (!isOver() && broken === 0) await one(first + sent++);
    };
    await Promise.all(Array.from({ length: connections }, worker));
  } else {
    const under = new Set();
    while (!isOver()) {
      const due = Math.min(count, Math.floor(((performance.now() - started) * rate) / 1000));
      while (sent < due) {
        const each = one(first + sent++).finally(() => under.delete(each));
        under.add(each);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(under);
  }
  agent.destroy();
  return { acknowledged, statuses, times, sent, broken, elapsedMs: performance.now() - started };
}

/** The numbers of the events in a record, how often each, and how many of its lines cannot be read. */
export async function readRecord(path) {
  const numbers = new Map();
  let corrupt = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    try {
      const { body } = JSON.parse(line);
      for (const { id } of JSON.parse(body)) {
        const number = Number.parseInt(id.slice(2), 16);
        numbers.set(number, (numbers.get(number) ?? 0) + 1);
      }
    } catch {
      corrupt++;
    }
  }
  return { numbers, corrupt };
}

/** The value below which that share of the numbers lies. */
export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
