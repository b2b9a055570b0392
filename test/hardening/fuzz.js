// Runs the commands on inputs that are nearly right: `node test/hardening/fuzz.js --seconds 60`, or `--count N`, and with
// `--seed N` others. What goes wrong is made small, kept in test/corpus/ and told; see test/hardening/corpus.test.ts.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { readCorpora } from "./corpora.js";
import { createMutator, createRandom } from "./mutate.js";
import { reduce } from "./reduce.js";
import { bundleProgram, faultOf, jobs, loadProgram } from "./subject.js";

const file = fileURLToPath(import.meta.url);
const corpus = join(import.meta.dirname, "../corpus");

/** So many inputs go through one run as lines of one stream; every other run takes one input by itself. */
const INPUTS_A_RUN = 24;
/** A run that takes longer than so many milliseconds hangs. */
const HANG_MS = 20_000;
/** After so many different faults it is time to mend some. */
const MOST_FAULTS = 20;

/**
 * Fuzzes for so many seconds, or until so many inputs were tried, on so many threads. Run `number` of a `seed` is always
 * the same one. Returns how many inputs were tried in how many runs, and each fault that was found: what it is, the
 * command line, and the bytes, made small.
 */
export async function fuzz({ seed = 1, from = 0, count = Infinity, seconds = Infinity, threads = 1 }) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-fuzz-"));
  const total = { seed, inputs: 0, runs: 0, seconds: 0, faults: [] };
  const started = performance.now();
  try {
    const bundle = await bundleProgram(folder);
    const share = { bundle, seed, step: threads, count: count / threads, until: Date.now() + seconds * 1000 };
    const all = Array.from({ length: threads }, (_, at) => fuzzOn({ ...share, first: from + at }, total));
    await Promise.all(all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  total.seconds = Math.round((performance.now() - started) / 100) / 10;
  return total;
}

/** Fuzzes on a thread, and on another one from the next run on where a run does not end. */
async function fuzzOn(share, total) {
  const began = new Int32Array(new SharedArrayBuffer(8));
  let first = share.first;
  let left = share.count;
  while (first !== undefined) {
    const worker = new Worker(file, { workerData: { ...share, first, count: left, began } });
    let hung;
    let seen = -1;
    const watch = setInterval(() => {
      const current = Atomics.load(began, 0);
      if (current !== seen) seen = current;
      else {
        hung = current;
        worker.terminate();
      }
    }, HANG_MS);
    let isDone = false;
    worker.on("message", ({ inputs, runs, fault, done }) => {
      isDone = done;
      total.inputs += inputs;
      total.runs += runs;
      left -= inputs;
      if (fault !== undefined) total.faults.push(fault);
    });
    await new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
    clearInterval(watch);
    // A thread whose run waits for what never comes ends by itself.
    if (!isDone) hung ??= Atomics.load(began, 0);
    first = hung === undefined ? undefined : hung + share.step;
    if (hung !== undefined)
      total.faults.push({ what: "hang: it did not end", run: hung, argv: [], bytes: Buffer.alloc(0) });
  }
}

/** What a thread does. */
async function work({ bundle, seed, first, step, count, until, began }) {
  const program = loadProgram(bundle);
  const { make } = createMutator(readCorpora(program.payloads));
  const known = new Set();
  let stray;
  // A promise that nobody awaits is lost to `main`.
  for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, (error) => (stray = error));
  let inputs = 0;
  let runs = 0;
  const tell = (fault, done = false) => {
    parentPort.postMessage({ inputs, runs, fault, done });
    count -= inputs;
    inputs = 0;
    runs = 0;
  };
  for (let number = first; inputs < count && Date.now() < until && known.size < MOST_FAULTS; number += step) {
    Atomics.store(began, 0, number);
    const random = createRandom(seed, number);
    const { job, chunks, cut } = runOf(random, make);
    const what = (await faultOf(program, job, chunks, { cut })) ?? (stray && `stray: ${stray.stack ?? stray}`);
    stray = undefined;
    inputs += chunks.length;
    runs++;
    if (what === undefined) {
      if (runs === 1000) tell();
      continue;
    }
    const key = `${job.command} ${job.format} ${what.replace(/\d+/g, "#").split("\n", 3).join(" ")}`;
    if (known.has(key)) continue;
    known.add(key);
    const kind = what.split(":", 1)[0];
    const isWrong = async (parts) => {
      const how = { cut: cut && piecesOf(parts[0]), stuckMs: 500 };
      return (await faultOf(program, job, parts, how))?.startsWith(`${kind}:`) ?? false;
    };
    const bytes = await reduce(chunks, isWrong);
    tell({ what, run: number, argv: job.argv, bytes });
  }
  tell(undefined, true);
}

/** What a run is made of: the job, and its input whole or one by one, and cut elsewhere. */
function runOf(random, make) {
  const job = random.pick(jobs);
  const single = random.chance(0.5);
  const made = Array.from({ length: single ? 1 : INPUTS_A_RUN }, () => make(random));
  const chunks = single ? made : made.map((bytes) => Buffer.concat([bytes, Buffer.from("\n")]));
  // What begins as another kind of text is told by the first chunk, and damaged gzip unpacks further in small pieces.
  const isWhole = ["decode", "verify"].includes(job.command) || made[0]?.[0] === 0x1f;
  return isWhole || !random.chance(0.1) ? { job, chunks } : { job, chunks, cut: piecesOf(Buffer.concat(chunks)) };
}

/** The same bytes in pieces that end anywhere. */
function piecesOf(bytes) {
  const size = 61;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

/** The same, and keeps the inputs that failed where the tests find them, unless `dry`; tells each fault in words. */
export async function fuzzAndKeep({ dry = false, ...options }) {
  const { faults, ...total } = await fuzz(options);
  const told = faults.map(({ what, run, argv, bytes }) => {
    const where = dry || bytes.length === 0 ? `${bytes.length} bytes` : `test/corpus/${keep(what, bytes)}`;
    return `run ${run}: twilio-events ${argv.join(" ")} < ${where}: ${what}`;
  });
  return { ...total, faults: told };
}

function keep(what, bytes) {
  mkdirSync(corpus, { recursive: true });
  const name = `${what.split(/[: ]/, 1)[0]}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`;
  writeFileSync(join(corpus, name), bytes);
  return name;
}

if (isMainThread && process.argv[1] === file) {
  const option = { type: "string" };
  const { values } = parseArgs({
    options: { seed: option, from: option, count: option, seconds: option, threads: option, dry: { type: "boolean" } },
  });
  const { dry, ...numbers } = values;
  const wanted = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  const { seed, inputs, runs, seconds, faults } = await fuzzAndKeep({ ...wanted, dry });
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  const grouped = (number) => Math.round(number).toLocaleString("en-US");
  process.stdout.write(
    `fuzz: seed ${seed}, ${grouped(inputs)} inputs in ${grouped(runs)} runs, ${seconds} s (${grouped(inputs / seconds)} a second), ${faults.length} faults\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
} else if (!isMainThread && workerData?.bundle !== undefined) {
  await work(workerData);
}
