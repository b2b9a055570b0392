// Sends malformed requests to the built program's listener, over raw sockets. After each batch, a valid request must be
// accepted and recorded.
import { readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type Listener, startListener } from "../load/listener.ts";
import { createRandom, type Random } from "../support/random.ts";
import { inFolder } from "../support/temporary-folder.ts";
import { MAX_INPUT_MS } from "./find-failure.ts";
import { createRequests, type MalformedRequest } from "./malformed-requests.ts";
import { createMutator } from "./mutate.ts";
import { bundleProgram, loadProgram } from "./run-in-process.ts";
import { sampleEvent } from "./sample-events.ts";
import { saveFailure } from "./save-failure.ts";
import { readSeeds } from "./seed-inputs.ts";

/** Connections of one batch. Each sends one to four requests. */
const CONNECTIONS = 64;
/** The statuses that are documented, or that Node.js returns before the program gets a request. */
const documented = new Set([100, 204, 400, 403, 404, 405, 408, 413, 415, 417, 421, 431, 503]);
/** A response that takes longer than this never comes. */
const STUCK_MS = 20_000;
const MAX_FAILURES = 20;

interface Subject extends Listener {
  readonly record: FileHandle;
  /** How much of the record was read. */
  read: number;
}

/** What is sent over one connection, and how the connection ends. */
interface Connection {
  readonly requests: number;
  readonly pieces: readonly Buffer[];
  readonly end: "answered" | "half" | "open" | "reset";
}

interface FuzzListenerOptions {
  readonly seed?: number;
  /** Stops after this many requests, or this many seconds. */
  readonly count?: number;
  readonly seconds?: number;
}

/** Sends batches of requests. Batch `number` of a seed is always the same. Saves batches that failed. */
export function fuzzListener({
  seed = 1,
  count = Number.POSITIVE_INFINITY,
  seconds = Number.POSITIVE_INFINITY,
}: FuzzListenerOptions) {
  return inFolder(async (folder) => {
    const statuses: Record<number, number> = {};
    const failures: string[] = [];
    let [requests, batches] = [0, 0];
    const started = performance.now();
    const passed = (): number => (performance.now() - started) / 1000;
    const mutator = createMutator(readSeeds(loadProgram(await bundleProgram(folder)).payloads));
    const makeRequest = createRequests(mutator);
    const file = join(folder, "record.ndjson");
    const listener = await startListener(["--record", file, "-f", "ndjson"]);
    const record = await open(file);
    const subject: Subject = { ...listener, record, read: 0 };
    for (; requests < count && passed() < seconds && failures.length < MAX_FAILURES; batches++) {
      const random = createRandom(seed, batches);
      const plans = Array.from({ length: CONNECTIONS }, () => planConnection(random, makeRequest));
      const reason = await findFailure(subject, plans, batches, statuses);
      requests += plans.reduce((sum, plan) => sum + plan.requests, 0);
      if (reason !== undefined) {
        const bytes = Buffer.concat(plans.flatMap(({ pieces }) => pieces));
        failures.push(`batch ${batches} (test/corpus/${saveFailure(`listen-${reason}`, bytes)}): ${reason}`);
      }
      if (listener.child.exitCode !== null) break;
    }
    await record.close();
    listener.child.kill("SIGINT");
    const { code, stderr } = await listener.exited;
    const uncaught = /this is a fault|^\s+at /m.exec(stderr);
    if (code !== 0 && code !== 1) failures.push(`exit ${code}: ${stderr.slice(-300)}`);
    else if (uncaught) failures.push(`thrown: ${stderr.slice(uncaught.index, uncaught.index + 300)}`);
    return { seed, requests, batches, seconds: Math.round(passed() * 10) / 10, statuses, failures };
  });
}

function planConnection(random: Random, makeRequest: (random: Random) => MalformedRequest): Connection {
  const requests = 1 + random.below(4);
  const made = Array.from({ length: requests }, () => makeRequest(random));
  const bytes = Buffer.concat(made.map((request) => request.bytes));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.chance(0.5) ? bytes.length : 1 + random.below(random.chance(0.3) ? 40 : 1500);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  // Wait only for responses that must come.
  const ends = made[0]?.isSound
    ? (["answered", "answered", "answered", "half"] as const)
    : (["half", "half", "open", "reset"] as const);
  return { requests, pieces, end: random.pick<Connection["end"]>(ends) };
}

/** Sends a batch and a valid request. Returns what failed. */
async function findFailure(
  subject: Subject,
  plans: readonly Connection[],
  number: number,
  statuses: Record<number, number>,
): Promise<string | undefined> {
  const { child, port } = subject;
  const cpu = cpuMsOf(child.pid);
  const sent = plans.map((plan) => send(port, plan));
  const ended = await inTime(Promise.all(sent.map(({ over }) => over)));
  const body = `[${sampleEvent(number)}]`;
  const valid = send(port, { pieces: [Buffer.from(validRequest(body))], end: "open" });
  const answered = await inTime(valid.answered);
  const ms = cpuMsOf(child.pid) - cpu;
  for (const { socket } of [...sent, valid]) socket.destroy();
  if (child.exitCode !== null) return `exit ${child.exitCode}: the listener ended`;
  if (!ended) return "hang: a connection got no response and wasn't closed";
  if (!answered || statusesIn(valid.text())[0] !== 204) {
    return `refused: a valid request got ${valid.text().slice(0, 60)}`;
  }
  if (!(await isRecorded(subject, body))) return "lost: an acknowledged request is not in the record";
  if (ms > MAX_INPUT_MS * 2) return `slow: ${ms} ms of CPU time for ${plans.length} connections`;
  for (const { text } of sent) {
    for (const status of statusesIn(text())) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (!documented.has(status)) return `status: ${status}`;
    }
    if (/[^\r\n -~]/.test(text())) return "leak: a response contains text of a request";
  }
  return undefined;
}

const validRequest = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const statusesIn = (text: string): readonly number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

interface Sent {
  readonly socket: Socket;
  /** Resolves when nothing more is expected, except for a connection that stays open. */
  readonly over: Promise<unknown> | undefined;
  readonly answered: Promise<boolean>;
  readonly text: () => string;
}

/** Sends the pieces, each in a packet of its own if the system allows it. */
function send(port: number, { pieces, end }: Pick<Connection, "pieces" | "end">): Sent {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
  let text = "";
  const closed = new Promise<unknown>((resolve) => socket.once("close", resolve));
  const answered = new Promise<boolean>((resolve) => {
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (/^HTTP\/1\.1 (?!100)\d+ /m.test(text) && text.endsWith("\r\n\r\n")) resolve(true);
    });
    socket.once("close", () => resolve(false));
  });
  // A server that rejects a request closes the connection while more is sent.
  socket.on("error", () => undefined);
  socket.once("end", () => socket.end());
  void (async () => {
    for (const piece of pieces) {
      if (socket.destroyed) return;
      await new Promise((resolve) => socket.write(piece, resolve));
    }
    if (end === "half") socket.end();
    else if (end === "reset") socket.resetAndDestroy();
  })();
  const over = { half: closed, reset: closed, answered, open: undefined }[end];
  return { socket, over, answered, text: () => text };
}

/** The promise's value, or undefined if it takes too long. */
async function inTime<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), STUCK_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Whether the new lines of the record contain a request with exactly this body. */
async function isRecorded(subject: Subject, body: string): Promise<boolean> {
  const { size } = await subject.record.stat();
  const bytes = Buffer.alloc(size - subject.read);
  await subject.record.read(bytes, 0, bytes.length, subject.read);
  subject.read = size;
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  return lines.some((line) => JSON.parse(line).body === body);
}

/** The CPU time of a process in milliseconds, to 10 ms. 0 where the system doesn't tell. */
function cpuMsOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
