// Trials of what `listen` promises under load.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { inFolder } from "../support/temporary-folder.ts";
import { load, readRecord, startListener, TOKEN } from "./listener.ts";

const PUBLIC_URL = "https://abc.example.com/";

/** Counts the acknowledged events that aren't in the record. */
async function findLost(acknowledged: readonly number[], file: string) {
  const { numbers, corrupt } = await readRecord(file);
  return { lost: acknowledged.filter((number) => !numbers.has(number)).length, corrupt };
}

/**
 * In each trial, the listener gets SIGKILL under load, after a random number of acknowledgements. All trials use one
 * record.
 */
export function killTrials({ trials, acksPerTrial }: { readonly trials: number; readonly acksPerTrial: number }) {
  return inFolder(async (folder) => {
    const file = join(folder, "record.ndjson");
    const acknowledged: number[] = [];
    let first = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { child, port, exited } = await startListener(["--record", file, "-f", "ndjson"]);
      const killAt = Math.ceil(acksPerTrial * (0.5 + Math.random()));
      const done = await load({ port, first, onAck: (count) => count === killAt && child.kill("SIGKILL") });
      await exited;
      acknowledged.push(...done.acknowledged);
      first += done.sent;
    }
    const { port, child, exited } = await startListener(["--record", file]);
    const last = await load({ port, first, count: 10 });
    child.kill("SIGTERM");
    await exited;
    acknowledged.push(...last.acknowledged);
    return { trials, acknowledged: acknowledged.length, ...(await findLost(acknowledged, file)) };
  });
}

/** In each trial, the listener gets SIGINT or SIGTERM under load. */
export function stopTrials({ trials }: { readonly trials: number }) {
  return inFolder(async (folder) => {
    const total = { trials, acknowledged: 0, lost: 0, corrupt: 0, cleanExits: 0, slowestMs: 0 };
    for (let trial = 0; trial < trials; trial++) {
      const file = join(folder, `${trial}.ndjson`);
      const { child, port, exited } = await startListener(["--record", file]);
      let stoppedAt = 0;
      const { acknowledged } = await load({
        port,
        onAck(count) {
          if (count !== 300) return;
          stoppedAt = performance.now();
          child.kill(trial % 2 === 0 ? "SIGINT" : "SIGTERM");
        },
      });
      const { code } = await exited;
      total.slowestMs = Math.max(total.slowestMs, Math.round(performance.now() - stoppedAt));
      if (code === 0) total.cleanExits++;
      const { lost, corrupt } = await findLost(acknowledged, file);
      total.acknowledged += acknowledged.length;
      total.lost += lost;
      total.corrupt += corrupt;
    }
    return total;
  });
}

/** Measures how long a second signal takes to end a listener that waits for an app without a response. */
export function secondSignal() {
  return inFolder(async (folder) => {
    const app = createServer(() => undefined);
    const appPort = await listenAt(app, 0);
    const args = ["--record", join(folder, "record.ndjson"), "--forward-to", `http://127.0.0.1:${appPort}/`];
    const { child, port, exited } = await startListener(args);
    const forwarded = new Promise((resolve) => app.once("request", resolve));
    await load({ port, connections: 1, count: 1 });
    await forwarded;
    child.kill("SIGINT");
    // After the first signal, the listener accepts no more connections.
    while ((await load({ port, connections: 1, count: 1 })).broken === 0);
    const from = performance.now();
    child.kill("SIGINT");
    const { signal } = await exited;
    const tookMs = Math.round(performance.now() - from);
    app.closeAllConnections();
    app.close();
    return { tookMs, signal };
  });
}

/** Starts the server and resolves with its port. */
export const listenAt = (server: Server, port: number): Promise<number> =>
  new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** The memory of a process in MB, now and at its peak. NaN where the system doesn't tell. */
export async function memoryOf(pid: number | undefined): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name: string): number =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024);
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

/** Sends signed events at a steady rate, which the listener verifies and records. */
export function loadTrial({ rate, seconds }: { readonly rate: number; readonly seconds: number }) {
  return inFolder(async (folder) => {
    const file = join(folder, "record.ndjson");
    const args = ["--record", file, "-f", "ndjson", "--public-url", PUBLIC_URL, "--require-signature"];
    const { child, port, exited } = await startListener(args, { env: { TWILIO_AUTH_TOKEN: TOKEN } });
    const done = await load({ port, rate, seconds, publicUrl: PUBLIC_URL });
    const { peak } = await memoryOf(child.pid);
    child.kill("SIGTERM");
    const { code } = await exited;
    return {
      rate,
      seconds,
      sent: done.sent,
      acknowledged: done.acknowledged.length,
      perSecond: Math.round((done.acknowledged.length * 1000) / done.elapsedMs),
      ...(await findLost(done.acknowledged, file)),
      code,
      p50Ms: percentile(done.times, 0.5),
      p99Ms: percentile(done.times, 0.99),
      slowestMs: percentile(done.times, 1),
      peakMB: peak,
    };
  });
}

/** The value below which that share of the numbers is. */
function percentile(numbers: readonly number[], share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
