// Trials of the listener's promises, each a function that counts and returns; the tests run few, `npm run torture` many.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, percentile, readRecord, startListener, TOKEN } from "./listener.js";

const PUBLIC_URL = "https://abc.example.com/";

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "twilio-events-trial-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the acknowledged numbers those that are not in the record. */
async function lostOf(acknowledged, file) {
  const { numbers, corrupt } = await readRecord(file);
  return { lost: acknowledged.filter((number) => !numbers.has(number)).length, corrupt };
}

/**
 * Kills the listener (kill -9) under load, at a random moment after it has acknowledged some events; all trials share one
 * record, which must be whole after reopening.
 */
export function killTrials({ trials, acksPerTrial = 500, random = Math.random }) {
  return inFolder(async (folder) => {
    const file = join(folder, "record.ndjson");
    const acknowledged = [];
    let first = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { child, port, exited } = await startListener(["--record", file, "-f", "ndjson"]);
      const killAt = Math.ceil(acksPerTrial * (0.5 + random()));
      const done = await load({ port, first, onAck: (count) => count === killAt && child.kill("SIGKILL") });
      await exited;
      acknowledged.push(...done.acknowledged);
      first += done.sent;
    }
    const { port, child, exited } = await startListener(["--record", file]);
    const last = await load({ port, first, count: 10 });
    child.kill("SIGTERM");
    await exited;
    const { lost, corrupt } = await lostOf([...acknowledged, ...last.acknowledged], file);
    return { trials, acknowledged: acknowledged.length + last.acknowledged.length, lost, corrupt };
  });
}

/** Ends the listener by a signal under load: exit 0, nothing lost, and how long the slowest took to end. */
export function stopTrials({ trials, acksPerTrial = 300 }) {
  return inFolder(async (folder) => {
    let acknowledged = 0;
    let lost = 0;
    let corrupt = 0;
    let slowestMs = 0;
    const codes = new Map();
    for (let trial = 0; trial < trials; trial++) {
      const file = join(folder, `${trial}.ndjson`);
      const { child, port, exited } = await startListener(["--record", file]);
      let stoppedAt = 0;
      const done = await load({
        port,
        onAck(count) {
          if (count !== acksPerTrial) return;
          stoppedAt = performance.now();
          child.kill(trial % 2 === 0 ? "SIGINT" : "SIGTERM");
        },
      });
      const { code } = await exited;
      slowestMs = Math.max(slowestMs, performance.now() - stoppedAt);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const found = await lostOf(done.acknowledged, file);
      acknowledged += done.acknowledged.length;
      lost += found.lost;
      corrupt += found.corrupt;
    }
    return { trials, acknowledged, lost, corrupt, codes: Object.fromEntries(codes), slowestMs: Math.round(slowestMs) };
  });
}

/** How long a second signal takes to end a listener that, after the first, waits for an app that never answers. */
export function secondSignal() {
  return inFolder(async (folder) => {
    const app = createServer(() => undefined);
    const appPort = await listenAt(app, 0);
    const args = ["--record", join(folder, "record.ndjson"), "--forward-to", `http://127.0.0.1:${appPort}/`];
    const { child, port, exited } = await startListener(args);
    const asked = new Promise((resolve) => app.once("request", resolve));
    await load({ port, connections: 1, count: 1 });
    await asked;
    child.kill("SIGINT");
    // It has heard the first signal once it takes no more connections.
    while ((await load({ port, connections: 1, count: 1 })).broken === 0);
    const from = performance.now();
    child.kill("SIGINT");
    const { code, signal } = await exited;
    const ms = Math.round(performance.now() - from);
    app.closeAllConnections();
    app.close();
    return { ms, code, signal };
  });
}

const listenAt = (server, port) =>
  new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server.address().port)));

/** The memory of a process in MB: what it takes now, and the most it took. */
async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

/**
 * A listener that hands on to an app which is down for so long, then comes up: how much memory grew meanwhile, and whether
 * each event arrived, those of one call in their order.
 */
export function outageTrial({ rate, downSeconds }) {
  return inFolder(async (folder) => {
    const app = createServer();
    const appPort = await listenAt(app, 0);
    await new Promise((resolve) => app.close(resolve));
    const record = join(folder, "record.ndjson");
    const args = ["--record", record, "--forward-to", `http://127.0.0.1:${appPort}/`, "-f", "ndjson"];
    const { child, port, exited } = await startListener(args);
    const warm = await load({ port, rate, seconds: Math.min(3, downSeconds / 2) });
    const before = await memoryOf(child.pid);
    const down = await load({ port, rate, seconds: downSeconds, first: warm.sent });
    const after = await memoryOf(child.pid);
    const acknowledged = [...warm.acknowledged, ...down.acknowledged];
    const left = new Set(acknowledged);
    const delivered = [];
    let repeats = 0;
    const up = createServer((message, response) => {
      let body = "";
      message.on("data", (chunk) => {
        body += chunk;
      });
      message.on("end", () => {
        for (const { id, data } of JSON.parse(body)) {
          const number = Number.parseInt(id.slice(2), 16);
          if (!left.delete(number)) repeats++;
          delivered.push({ number, call: data.sid });
        }
        response.end();
        if (left.size === 0) done();
      });
    });
    let done = () => undefined;
    const all = new Promise((resolve) => {
      done = resolve;
    });
    const from = performance.now();
    await listenAt(up, appPort);
    const limit = setTimeout(() => done(), 30_000 + acknowledged.length);
    await all;
    clearTimeout(limit);
    const deliveredMs = Math.round(performance.now() - from);
    child.kill("SIGTERM");
    const { code } = await exited;
    up.closeAllConnections();
    up.close();
    const { numbers } = await readRecord(record);
    return {
      rate,
      downSeconds,
      acknowledged: acknowledged.length,
      lost: left.size,
      disorder: disorderOf(delivered, [...numbers.keys()]),
      repeats,
      grownMB: after.now - before.now,
      deliveredMs,
      code,
    };
  });
}

/**
 * How many of the delivered events came behind one of their call that stands behind them in the record. They were sent over
 * many connections, so that only the record knows in which order they came.
 */
function disorderOf(delivered, recorded) {
  const places = new Map(recorded.map((number, place) => [number, place]));
  const latest = new Map();
  let disorder = 0;
  for (const { number, call } of delivered) {
    const place = places.get(number);
    if (place < (latest.get(call) ?? -1)) disorder++;
    latest.set(call, place);
  }
  return disorder;
}

/** A paced load, recorded, synced, signatures checked: how fast the answers were and how much memory it took. */
export function loadTrial({ rate, seconds, format = "ndjson" }) {
  return inFolder(async (folder) => {
    const file = join(folder, "record.ndjson");
    const args = ["--record", file, "-f", format, "--public-url", PUBLIC_URL, "--require-signature"];
    const { child, port, exited } = await startListener(args, { env: { TWILIO_AUTH_TOKEN: TOKEN } });
    const done = await load({ port, rate, seconds, publicUrl: PUBLIC_URL });
    const { peak } = await memoryOf(child.pid);
    child.kill("SIGTERM");
    const { code } = await exited;
    const { lost, corrupt } = await lostOf(done.acknowledged, file);
    return {
      rate,
      seconds,
      sent: done.sent,
      acknowledged: done.acknowledged.length,
      perSecond: Math.round((done.acknowledged.length * 1000) / done.elapsedMs),
      lost,
      corrupt,
      code,
      p50Ms: percentile(done.times, 0.5),
      p99Ms: percentile(done.times, 0.99),
      slowestMs: percentile(done.times, 1),
      peakMB: peak,
    };
  });
}
