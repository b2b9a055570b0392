// Kills processes that keep a record, at random moments, and counts the acknowledged lines that aren't in it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { bundle } from "../support/bundle.ts";
import { inFolder } from "../support/temporary-folder.ts";

interface Load {
  readonly writers: number;
  readonly bytes: number;
  /** Maximum acknowledgements before the kill. */
  readonly acknowledgements: number;
}

/** Lines as long as events, and lines so long that a kill often interrupts a write, which leaves a truncated line. */
const loads: readonly [Load, ...Load[]] = [
  { writers: 32, bytes: 1000, acknowledgements: 2000 },
  { writers: 32, bytes: 1000, acknowledgements: 100 },
  { writers: 4, bytes: 7_000_000, acknowledgements: 8 },
];

/** Processes that keep one record, one after another. */
const TRIALS_PER_RECORD = 5;

/** Bundles the process that keeps a record, for plain Node.js. Returns its path. */
export const bundleAppender = (folder: string): Promise<string> =>
  bundle("test/load/append-lines.ts", join(folder, "append-lines.cjs"));

interface AppenderOptions {
  /** The path of the bundle. */
  readonly bundle: string;
  /** The path of the record. */
  readonly path: string;
  readonly first?: number;
  readonly writers?: number;
  readonly bytes?: number;
}

/** Starts a process that keeps the record. Returns it and the lines that it prints. */
export function startAppending({ bundle: script, path, first = 0, writers = 0, bytes = 0 }: AppenderOptions): {
  readonly child: ChildProcess;
  readonly lines: Interface;
} {
  const child: ChildProcess = spawn(process.execPath, [script, path, ...[first, writers, bytes].map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  // A killed process doesn't read its input.
  child.stdin?.on("error", () => undefined);
  return { child, lines: createInterface({ input: child.stdout as Readable }) };
}

interface Total {
  readonly trials: number;
  acknowledged: number;
  /** Acknowledged lines that aren't in the record. */
  lost: number;
  /** Lines that are in the record more than once. */
  repeated: number;
  /** Lines other than the last that aren't records. */
  corrupt: number;
  /** How often the last line was truncated. */
  truncated: number;
}

/** In each trial, a process with concurrent writers gets SIGKILL after a random number of acknowledgements. */
export function journalTrials({ trials }: { readonly trials: number }): Promise<Total> {
  return inFolder(async (folder) => {
    const total: Total = { trials, acknowledged: 0, lost: 0, repeated: 0, corrupt: 0, truncated: 0 };
    const script = await bundleAppender(folder);
    let path = "";
    let acknowledged = new Set<number>();
    for (let trial = 0; trial < trials; trial++) {
      if (trial % TRIALS_PER_RECORD === 0) {
        if (path !== "") rmSync(path);
        path = join(folder, `${trial}.ndjson`);
        acknowledged = new Set();
      }
      const before = acknowledged.size;
      const load = loads[trial % loads.length] ?? loads[0];
      await killOne({ bundle: script, path, first: trial * 1_000_000, ...load }, load, acknowledged);
      total.acknowledged += acknowledged.size - before;
      count(readFileSync(path, "utf8"), acknowledged, total);
    }
    return total;
  });
}

async function killOne(options: AppenderOptions, load: Load, acknowledged: Set<number>): Promise<void> {
  const { child, lines } = startAppending(options);
  const ended = once(child, "exit");
  const enough = acknowledged.size + 1 + Math.floor(Math.random() * load.acknowledgements);
  let isDying = false;
  let opening: string | undefined;
  lines.on("line", async (text) => {
    opening ??= text;
    if (text === "open") return;
    acknowledged.add(Number(text));
    if (isDying || acknowledged.size < enough) return;
    isDying = true;
    // Without a pause, the kill would always come at the end of a batch.
    await pause(Math.random() * 10);
    child.kill("SIGKILL");
  });
  const closed = once(lines, "close");
  const [, signal] = await ended;
  await closed;
  if (signal !== "SIGKILL") throw new Error(`the process ended by itself: ${opening}`);
}

function count(text: string, acknowledged: ReadonlySet<number>, total: Total): void {
  const lines = text.split("\n");
  if (lines.pop() !== "") total.truncated++;
  const found = new Set<number>();
  for (const line of lines) {
    const number = numberIn(line);
    if (number === undefined) total.corrupt++;
    else if (found.has(number)) total.repeated++;
    else found.add(number);
  }
  for (const number of acknowledged) if (!found.has(number)) total.lost++;
}

function numberIn(line: string): number | undefined {
  try {
    return JSON.parse(JSON.parse(line).body).number;
  } catch {
    return undefined;
  }
}
