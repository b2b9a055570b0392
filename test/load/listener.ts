// Starts the built program's listener as a process, and sends events to it.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import { program } from "../support/spawn.ts";

/** The auth token that signs the events. */
export const TOKEN = "12345";

interface ListenerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Listener {
  readonly child: ChildProcess;
  readonly port: number;
  readonly exited: Promise<ListenerEnd>;
}

export interface ListenerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The path of Node.js. */
  readonly binary?: string;
  /** The path of the program. */
  readonly bin?: string;
}

/** Starts `listen` and resolves when it is ready. */
export async function startListener(
  args: readonly string[],
  { env = {}, binary = process.execPath, bin = program }: ListenerOptions = {},
): Promise<Listener> {
  const child = spawn(binary, [bin, "listen", "--port", "0", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: "", TWILIO_AUTH_TOKEN: "", ...env },
  });
  let stderr = "";
  const exited = new Promise<ListenerEnd>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal, stderr }));
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      const ready = /Listening on http:\/\/[^:]+:(\d+)/.exec(stderr);
      if (ready && stderr.includes("configure")) resolve(Number(ready[1]));
    });
    void exited.then(({ code }) => reject(new Error(`listen ended with ${code}: ${stderr}`)));
  });
  return { child, port, exited };
}

/** Event `number`, of about 1.2 kB, of one of 200 calls. Its ID is the number. */
function eventOf(number: number): object {
  const call = number % 200;
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

interface Target {
  readonly port: number;
  /** The URL to sign. Without it, events are not signed. */
  readonly publicUrl?: string | undefined;
}

/** Sends an event. Resolves with the status, and rejects if there was no response. */
function sendEvent(event: object, agent: Agent, { port, publicUrl }: Target): Promise<number> {
  const body = Buffer.from(JSON.stringify([event]));
  const hash = createHash("sha256").update(body).digest("hex");
  const headers: Record<string, string | number> = {
    "Content-Type": "application/json",
    "Content-Length": body.length,
  };
  if (publicUrl !== undefined) {
    const signed = `${publicUrl}?bodySHA256=${hash}`;
    headers["X-Twilio-Signature"] = createHmac("sha1", TOKEN).update(signed).digest("base64");
  }
  const path = publicUrl === undefined ? "/" : `/?bodySHA256=${hash}`;
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method: "POST", path, headers, agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export interface LoadOptions extends Target {
  /** Connections that send as fast as they can, if there is no rate. */
  readonly connections?: number;
  /** Events per second. */
  readonly rate?: number;
  readonly seconds?: number;
  /** Maximum number of events. */
  readonly count?: number;
  /** The number of the first event. */
  readonly first?: number;
  /** Gets the number of acknowledged events after each. */
  readonly onAck?: (count: number) => void;
}

export interface Loaded {
  /** The numbers of the acknowledged events. */
  readonly acknowledged: readonly number[];
  /** The response times, in milliseconds. */
  readonly times: readonly number[];
  readonly sent: number;
  /** Requests without a response. */
  readonly broken: number;
  readonly elapsedMs: number;
}

/** Sends events until the time is over, enough were sent, or the listener ends. */
export async function load({
  connections = 32,
  rate,
  seconds = Number.POSITIVE_INFINITY,
  count = Number.POSITIVE_INFINITY,
  first = 0,
  onAck,
  ...target
}: LoadOptions): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: rate ? 256 : connections });
  const acknowledged: number[] = [];
  const times: number[] = [];
  const started = performance.now();
  let sent = 0;
  let broken = 0;

  async function one(number: number): Promise<void> {
    const from = performance.now();
    try {
      const status = await sendEvent(eventOf(number), agent, target);
      times.push(performance.now() - from);
      if (status >= 300) return;
      acknowledged.push(number);
      onAck?.(acknowledged.length);
    } catch {
      broken++;
    }
  }

  const isOver = (): boolean => sent >= count || performance.now() - started >= seconds * 1000;

  if (rate === undefined) {
    const work = async (): Promise<void> => {
      while (!isOver() && broken === 0) await one(first + sent++);
    };
    await Promise.all(Array.from({ length: connections }, work));
  } else {
    const open = new Set<Promise<void>>();
    while (!isOver()) {
      const due = Math.min(count, Math.floor(((performance.now() - started) * rate) / 1000));
      while (sent < due) {
        const each = one(first + sent++).finally(() => open.delete(each));
        open.add(each);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(open);
  }
  agent.destroy();
  return { acknowledged, times, sent, broken, elapsedMs: performance.now() - started };
}

/** Returns how often each event is in a record, and how many lines can't be read. */
export async function readRecord(
  path: string,
): Promise<{ readonly numbers: ReadonlyMap<number, number>; readonly corrupt: number }> {
  const numbers = new Map<number, number>();
  let corrupt = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    try {
      const events: readonly { id: string }[] = JSON.parse(JSON.parse(line).body);
      for (const { id } of events) {
        const number = Number.parseInt(id.slice(2), 16);
        numbers.set(number, (numbers.get(number) ?? 0) + 1);
      }
    } catch {
      corrupt++;
    }
  }
  return { numbers, corrupt };
}
