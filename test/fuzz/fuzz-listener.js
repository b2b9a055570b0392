// Sends the listener requests that are nearly right, over raw sockets: `node test/fuzz/fuzz-listener.js --seconds 60`, or
// `--count N`, and with `--seed N` others. After each batch a good request has to be taken, and kept.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startListener } from "../load/listener.js";
import { createRandom } from "../support/random.js";
import { createRequests } from "./malformed-requests.js";
import { createMutator } from "./mutate.js";
import { bundleProgram, loadProgram, MOST_MS } from "./run-in-process.js";
import { goodEvent } from "./sample-events.js";
import { keep } from "./save-failure.js";
import { readCorpora } from "./seed-inputs.js";

/** So many connections are open at once, each with a few requests. */
const CONNECTIONS = 64;
/** What the documentation says that it answers, and what Node.js does by itself before the program hears of a request. */
const documented = new Set([100, 204, 400, 403, 404, 405, 408, 413, 415, 417, 421, 431, 503]);
/** Who has no answer after so many milliseconds gets none. */
const STUCK_MS = 20_000;

/**
 * Fuzzes a listener of the built program for so many seconds, or with so many requests at least. Batch `number` of a `seed`
 * is always the same one. Returns how many requests were sent in how many batches, how many answers came with which
 * status, and each fault: what it is, the batch, and its bytes.
 */
export async function fuzzListen({ seed = 1, from = 0, count = Infinity, seconds = Infinity }) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-fuzz-listen-"));
  const total = { seed, requests: 0, batches: 0, seconds: 0, answers: {}, faults: [] };
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  try {
    const mutator = createMutator(readCorpora(loadProgram(await bundleProgram(folder)).payloads));
    const makeRequest = createRequests(mutator);
    const file = join(folder, "record.ndjson");
    const listener = await startListener(["--record", file, "-f", "ndjson"]);
    const record = await open(file);
    const subject = { ...listener, record, read: 0 };
    for (let number = from; total.requests < count && passed() < seconds && total.faults.length < 20; number++) {
      const random = createRandom(seed, number);
      const plans = Array.from({ length: CONNECTIONS }, () => planOf(random, makeRequest));
      const what = await batchFault(subject, plans, number, total.answers);
      total.requests += plans.reduce((sum, { requests }) => sum + requests, 0);
      total.batches++;
      if (what !== undefined) {
        total.faults.push({ what, batch: number, bytes: Buffer.concat(plans.flatMap(({ pieces }) => pieces)) });
      }
      if (listener.child.exitCode !== null) break;
    }
    await record.close();
    listener.child.kill("SIGINT");
    const { code, stderr } = await listener.exited;
    const uncaught = /this is a fault|^\s+at /m.exec(stderr);
    if (code !== 0 && code !== 1) total.faults.push({ what: `exit ${code}: ${stderr.slice(-300)}`, batch: -1 });
    else if (uncaught)
      total.faults.push({ what: `thrown: ${stderr.slice(uncaught.index, uncaught.index + 300)}`, batch: -1 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  total.seconds = Math.round(passed() * 10) / 10;
  return total;
}

/** What goes over one connection: some requests one after the other, in pieces, and how it ends. */
function planOf(random, makeRequest) {
  const requests = 1 + random.below(4);
  const made = Array.from({ length: requests }, () => makeRequest(random));
  const bytes = Buffer.concat(made.map(({ bytes }) => bytes));
  const pieces = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.chance(0.5) ? bytes.length : 1 + random.below(random.chance(0.3) ? 40 : 1500);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  // Only who is sure of an answer can wait for it.
  const ends = made[0].isSound ? ["answered", "answered", "answered", "half"] : ["half", "half", "open", "reset"];
  return { requests, pieces, end: random.pick(ends) };
}

/** Sends the batch and a good request; returns what went wrong. */
async function batchFault(subject, plans, number, answers) {
  const { child, port } = subject;
  const cpu = cpuOf(child.pid);
  const sent = plans.map((plan) => send(port, plan));
  const ended = await inTime(Promise.all(sent.map(({ over }) => over)));
  const body = `[${goodEvent(number)}]`;
  const good = send(port, { pieces: [Buffer.from(goodRequest(body))], end: "open" });
  const answered = await inTime(good.answered);
  const ms = cpuOf(child.pid) - cpu;
  for (const { socket } of [...sent, good]) socket.destroy();
  if (child.exitCode !== null) return `exit ${child.exitCode}: the listener ended`;
  if (!ended) return "hang: a connection was neither answered nor closed";
  if (!answered || statusesIn(good.text())[0] !== 204) return `refused: a good request got ${good.text().slice(0, 60)}`;
  if (!(await isRecorded(subject, body))) return "lost: an acknowledged request is not in the record";
  if (ms > MOST_MS * 2) return `slow: ${ms} ms of CPU time for ${plans.length} connections`;
  for (const { text } of sent) {
    for (const status of statusesIn(text())) {
      answers[status] = (answers[status] ?? 0) + 1;
      if (!documented.has(status)) return `status: ${status}`;
    }
    if (/[^\r\n -~]/.test(text())) return "leak: an answer holds what was sent";
  }
  return undefined;
}

const goodRequest = (body) =>
  `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const statusesIn = (text) => [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

/** Sends the pieces, each in a packet of its own as far as the system allows. */
function send(port, { pieces, end }) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
  let text = "";
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    if (/^HTTP\/1\.1 (?!100)\d+ /m.test(text) && text.endsWith("\r\n\r\n")) answer(true);
  });
  // A server that has answered enough closes while more is sent.
  socket.on("error", () => undefined);
  socket.once("end", () => socket.end());
  socket.once("close", () => answer(false));
  (async () => {
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

/** Whether it came about in time; what did not is undefined. */
async function inTime(promise) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, STUCK_MS)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Whether what was added to the record since the last time holds a request with this body, byte for byte. */
async function isRecorded(subject, body) {
  const { size } = await subject.record.stat();
  const bytes = Buffer.alloc(size - subject.read);
  await subject.record.read(bytes, 0, bytes.length, subject.read);
  subject.read = size;
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  return lines.some((line) => JSON.parse(line).body === body);
}

/** The CPU milliseconds that the process has used, where the system tells; it counts them in hundredths of a second. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** The same, and keeps the batches that failed; tells each fault in words. */
export async function fuzzListenAndKeep(options) {
  const { faults, ...total } = await fuzzListen(options);
  const told = faults.map(({ what, batch, bytes }) => {
    const where = bytes === undefined ? "" : ` (test/corpus/${keep(`listen-${what}`, bytes)})`;
    return `batch ${batch}${where}: ${what}`;
  });
  return { ...total, faults: told };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = { type: "string" };
  const { values } = parseArgs({ options: { seed: option, from: option, count: option, seconds: option } });
  const wanted = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const { seed, requests, batches, seconds, answers, faults } = await fuzzListenAndKeep(wanted);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  const statuses = Object.entries(answers).map(([status, times]) => `${times} x ${status}`);
  process.stdout.write(
    `fuzz-listen: seed ${seed}, ${requests.toLocaleString("en-US")} requests in ${batches.toLocaleString("en-US")} batches, ${seconds} s, answers ${statuses.join(", ")}, ${faults.length} faults\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}
