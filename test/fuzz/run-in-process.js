// The program, bundled from its sources for plain Node.js and run in this process on made input, and what no run may do.
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { wrongIn } from "./invariants.js";

const root = join(import.meta.dirname, "../..");

/** Bundles the program, and the list of hostile texts, into the folder; returns the path. */
export async function bundleProgram(folder) {
  const outfile = join(folder, "program.cjs");
  await build({
    stdin: {
      contents: `export { main } from "./src/main.ts"; export * from "./test/output/hostile.ts"; export { eventTypes } from "./src/events/catalog.ts";`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "__filename", "import.meta.filename": "__filename" },
    logLevel: "warning",
  });
  return outfile;
}

/** The bundle's exports: `main`, the catalogue's `eventTypes`, and those of test/output/hostile.ts. */
export const loadProgram = (path) => createRequire(import.meta.url)(path);

/** Someone may see the time; no clock runs on while a run is judged. */
const now = () => new Date("2025-08-24T14:50:00Z");

/** A run that has not ended after so many milliseconds never will. */
const STUCK_MS = 10_000;

class Hang extends Error {}

/** @type {Readonly<Record<string, any>>} */
const usual = {};

const signing = { TWILIO_AUTH_TOKEN: "12345" };

/**
 * Runs a command line over the chunks as standard input, within this process. Bytes that it writes count as Latin-1.
 * Tells also how many milliseconds passed at most from one chunk to the next. `sees` hears what was written so far, and can press Ctrl-C.
 */
export async function run({ main }, argv, chunks, { columns, env = signing, sees, stuckMs = STUCK_MS } = usual) {
  const said = { stdout: "", stderr: "" };
  let slowestMs = 0;
  let given = performance.now();
  function lap() {
    const taken = performance.now() - given;
    given += taken;
    slowestMs = Math.max(slowestMs, taken);
  }
  async function* input() {
    given = performance.now();
    for (const chunk of chunks) {
      yield chunk;
      lap();
    }
  }
  let interrupt = () => undefined;
  const output = (name) => ({
    isTerminal: columns !== undefined,
    columns,
    write: async (text) => {
      said[name] += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
      await sees?.(said[name], () => interrupt());
    },
  });
  let timer;
  const stuck = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Hang("it waits for what never comes")), stuckMs);
  });
  const running = main(argv, {
    stdin: { isTerminal: false, chunks: input() },
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    now,
    onInterrupt: (stop) => {
      interrupt = stop;
      return () => {
        interrupt = () => undefined;
      };
    },
    pid: process.pid,
    isRunning: () => true,
  });
  const code = await Promise.race([running, stuck]).finally(() => clearTimeout(timer));
  lap();
  return { code, ...said, slowestMs };
}

/** So much CPU time one input may take, in milliseconds. */
export const MOST_MS = 250;
/** And so much may a stream of many, whatever each of them takes. */
const MOST_STREAM_MS = 1000;

/**
 * Runs a job over the chunks and returns what was wrong with that, in words that begin with its kind; undefined when
 * nothing was. `parts` are the inputs one by one where a chunk holds many. With `cut`, the output may not depend on where
 * the input is cut either.
 */
export async function faultOf(program, job, chunks, { cut, parts = chunks, stuckMs } = usual) {
  let result;
  try {
    result = await run(program, job.argv, chunks, { ...job, stuckMs });
    if (result.slowestMs > MOST_MS) {
      const slow = await slowness(program, job, chunks, parts);
      if (slow !== undefined) return slow;
    }
    const input = Buffer.concat(chunks);
    const fault = wrongIn(program, job, result, input);
    if (fault !== undefined) return fault;
    if (job.command === "extract") {
      const again = await run(program, job.argv, [Buffer.from(result.stdout)]);
      if (result.stdout !== "" && again.stdout !== result.stdout) return `unsteady: extracts other events from its own`;
    }
    if (cut !== undefined && job.columns === undefined) {
      const again = await run(program, job.argv, cut, job);
      if (again.stdout !== result.stdout || again.code !== result.code) return "cut: depends on where the input is cut";
    }
  } catch (error) {
    return error instanceof Hang ? `hang: ${error.message}` : `thrown: ${error?.stack ?? error}`;
  }
}

/** Where a stream took long: the input in it that does so by itself too, or all of it. */
async function slowness(program, job, chunks, parts) {
  const all = await leastCpu(program, job, chunks);
  if (all <= MOST_MS) return undefined;
  if (parts.length === 1 || all > MOST_STREAM_MS) return `slow: ${Math.round(all)} ms`;
  for (const part of parts) {
    const ms = await leastCpu(program, job, [part]);
    if (ms > MOST_MS) return `slow: ${Math.round(ms)} ms`;
  }
  return undefined;
}

/**
 * On a machine that does other things too, one slow run says little. The CPU time is that of all threads: what this one took
 * is no more than that, and no more than the time that passed.
 */
async function leastCpu(program, job, chunks) {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 5 && least > MOST_MS; trial++) {
    const start = process.cpuUsage();
    const began = performance.now();
    await run(program, job.argv, chunks, job);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000, performance.now() - began);
  }
  return least;
}
