// Kills processes that keep a record, at random moments, and counts what was acknowledged and is not there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** As events are; and so large that a kill often comes in the midst of a write, which leaves a torn line. */
const loads = [
  { writers: 32, bytes: 1000, most: 2000 },
  { writers: 32, bytes: 1000, most: 100 },
  { writers: 4, bytes: 7_000_000, most: 8 },
];

/** So many processes keep one record after another: each finds what the one before it left. */
const TRIALS_A_RECORD = 5;

/** Bundles the record's source for plain Node.js, into the folder; returns the path. */
export async function bundleJournal(folder) {
  const outfile = join(folder, "journal.mjs");
  await build({
    stdin: {
      contents: `export * from "./src/webhook/journal.ts"; export { toRecordLine } from "./src/webhook/request.ts";`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
  return outfile;
}

/** Starts a process that keeps the record; gives the process and the lines it says. */
export function startAppending({ bundle, path, first = 0, writers = 0, bytes = 0 }) {
  const script = join(root, "test/load/append-lines.js");
  const child = spawn(process.execPath, [script, bundle, path, first, writers, bytes].map(String), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  // Killed, it reads no more.
  child.stdin.on("error", () => undefined);
  return { child, lines: createInterface({ input: child.stdout }) };
}

/**
 * Runs so many trials: a process with concurrent writers is killed (SIGKILL) after a random number of acknowledgements and
 * a random part of a batch. Returns how many lines were acknowledged, how many of these are lost, how many lines stand there
 * twice, how many but the last are no records, and how often the last was torn.
 */
export async function killTrials({ trials, random = Math.random }) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-kill-"));
  const total = { trials, acknowledged: 0, lost: 0, repeated: 0, corrupt: 0, torn: 0 };
  try {
    const bundle = await bundleJournal(folder);
    let path = "";
    let acknowledged = new Set();
    for (let trial = 0; trial < trials; trial += 1) {
      if (trial % TRIALS_A_RECORD === 0) {
        if (path !== "") rmSync(path);
        path = join(folder, `${trial}.ndjson`);
        acknowledged = new Set();
      }
      const before = acknowledged.size;
      const load = loads[trial % loads.length];
      await killOne({ bundle, path, first: trial * 1_000_000, load, acknowledged, random });
      total.acknowledged += acknowledged.size - before;
      // As the kill left it.
      count(readFileSync(path, "utf8"), acknowledged, total);
    }
    return total;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killOne({ bundle, path, first, load, acknowledged, random }) {
  const { child, lines } = startAppending({ bundle, path, first, ...load });
  const ended = once(child, "exit");
  const enough = acknowledged.size + 1 + Math.floor(random() * load.most);
  let isDying = false;
  let opening;
  lines.on("line", async (text) => {
    opening ??= text;
    if (text === "open") return;
    acknowledged.add(Number(text));
    if (isDying || acknowledged.size < enough) return;
    isDying = true;
    // Else the kill always came upon the end of a batch.
    await pause(random() * 10);
    child.kill("SIGKILL");
  });
  const [, signal] = await ended;
  if (!lines.closed) await once(lines, "close");
  if (signal !== "SIGKILL") throw new Error(`it ended by itself: ${opening}`);
}

function count(text, acknowledged, total) {
  const lines = text.split("\n");
  if (lines.pop() !== "") total.torn += 1;
  const found = new Set();
  for (const line of lines) {
    const number = numberIn(line);
    if (number === undefined) total.corrupt += 1;
    else if (found.has(number)) total.repeated += 1;
    else found.add(number);
  }
  for (const number of acknowledged) if (!found.has(number)) total.lost += 1;
}

function numberIn(line) {
  try {
    return JSON.parse(JSON.parse(line).body).number;
  } catch {
    return undefined;
  }
}
