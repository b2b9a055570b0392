// Runs the commands on inputs that are nearly right: `node test/fuzz/fuzz-commands.js --seconds 60`, or `--count N`, and with
// `--seed N` others. What goes wrong is made small, kept in test/corpus/ and told; see test/fuzz/corpus.test.ts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createRandom } from "../support/random.js";
import { jobs } from "./command-lines.js";
import { reduce } from "./minimize.js";
import { createMutator } from "./mutate.js";
import { bundleProgram, faultOf, loadProgram } from "./run-in-process.js";
import { goodEvent } from "./sample-events.js";
import { keep } from "./save-failure.js";
import { readCorpora } from "./seed-inputs.js";

const file = fileURLToPath(import.meta.url);

/** So many inputs go through one run as lines of one stream, with good events between them. */
const INPUTS_A_RUN = 200;
/** So many of the inputs have a run of their own: what begins an input decides how it is read. */
const ALONE = 0.03;
/** And so many of the runs are therefore made for one input. */
const ALONE_RUNS = (ALONE * INPUTS_A_RUN) / (1 - ALONE + ALONE * INPUTS_A_RUN);
/** So often a good event stands before an input. */
const GOOD = 0.15;
/** So many of the runs are done again with the input cut elsewhere, which takes as long as many runs. */
const CUT = 0.03;
/** A stream comes in pieces of so many bytes at least, or else input by input. */
const PIECE = 65_536;
/** A run that takes longer than so many milliseconds, with what makes its input small, hangs. */
const HANG_MS = 60_000;
/** After so many different faults it is time to mend some. */
const MOST_FAULTS = 20;

/**
 * Fuzzes for so many seconds, or until so many inputs were tried, on so many threads. Run `number` of a `seed` is always
 * the same one. Returns how many inputs were tried in how many runs, and each fault that was found: what it is, the
 * command line, and the bytes, made small. `progress` hears of both every minute.
 */
export async function fuzz({
  seed = 1,
  from = 0,
  count = Infinity,
  seconds = Infinity,
  threads = 1,
  progress = undefined,
}) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-fuzz-"));
  const total = { seed, inputs: 0, runs: 0, seconds: 0, faults: [] };
  const started = performance.now();
  const minutes = progress && setInterval(() => progress(total), 60_000);
  try {
    const bundle = await bundleProgram(folder);
    const share = { bundle, seed, step: threads, count: count / threads, until: Date.now() + seconds * 1000 };
    const all = Array.from({ length: threads }, (_, at) => fuzzOn({ ...share, first: from + at }, total));
    await Promise.all(all);
  } finally {
    clearInterval(minutes);
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
  // What is no JSON is an exception within the program, and nobody reads its stack.
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
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
    const { job, parts, chunks, cut, made } = runOf(createRandom(seed, number), make);
    const what = (await faultOf(program, job, chunks, { cut, parts })) ?? (stray && `stray: ${stray.stack ?? stray}`);
    stray = undefined;
    inputs += made;
    runs++;
    if (what === undefined) {
      if (runs % 100 === 0) tell();
      continue;
    }
    const key = `${job.command} ${job.format} ${what.replace(/\d+/g, "#").split("\n", 3).join(" ")}`;
    if (known.has(key)) continue;
    known.add(key);
    const kind = what.split(":", 1)[0];
    const isWrong = async (some) => {
      const how = { cut: cut && piecesOf(some[0]), stuckMs: 500 };
      return (await faultOf(program, job, some, how))?.startsWith(`${kind}:`) ?? false;
    };
    const bytes = await reduce(parts, isWrong);
    Error.stackTraceLimit = depth;
    const again = await faultOf(program, job, [bytes], { cut: cut && piecesOf(bytes) });
    Error.stackTraceLimit = 0;
    tell({ what: again ?? what, run: number, argv: job.argv, bytes });
  }
  tell(undefined, true);
}

/** The jobs, each as often as it weighs. What ends early would not read a stream. */
const weighed = jobs.flatMap((job) => Array(job.weight).fill(job));
const jobsOf = { one: weighed, many: weighed.filter(({ isWhole }) => isWhole) };

/**
 * What a run is made of: the job, how many inputs were `made` for it, its input in `parts`, one for each of them and each
 * good event, and in the `chunks` that the job gets, and sometimes cut elsewhere.
 */
function runOf(random, make) {
  const isAlone = random.chance(ALONE_RUNS);
  const job = random.pick(isAlone ? jobsOf.one : jobsOf.many);
  const parts = isAlone ? [make(random)] : streamOf(random, make).map(job.command === "migrate" ? withoutZeros : same);
  const chunks = isAlone || random.chance(0.1) ? parts : joined(parts);
  // What begins as another kind of text is told by the first chunk, and damaged gzip unpacks further in small pieces.
  const isOnePiece = ["decode", "verify", "migrate"].includes(job.command) || parts[0]?.[0] === 0x1f || isKeyed(job);
  const cut = isOnePiece || !random.chance(CUT) ? undefined : piecesOf(Buffer.concat(parts));
  return { job, parts, chunks, cut, made: isAlone ? 1 : INPUTS_A_RUN };
}

/** Whether each run makes pseudonyms of its own, so that no two print the same. */
const isKeyed = ({ command, argv }) =>
  command === "redact" || command === "report" || argv.some((word) => /^--redact/.test(word));

/** Made inputs, each on lines of its own, and good events between them; one stands first, so that it is read as text. */
function streamOf(random, make) {
  let goods = 0;
  const good = () => Buffer.from(`${goodEvent(goods++)}\n`);
  const parts = [good()];
  for (let left = INPUTS_A_RUN; left > 0; left--) {
    parts.push(Buffer.concat([make(random), newline]));
    if (random.chance(GOOD)) parts.push(good());
  }
  return parts;
}

const newline = Buffer.from("\n");

/** A text in which a byte is zero is not rewritten: a stream of many inputs would be refused for one of them. */
const withoutZeros = (bytes) => bytes.map((byte) => byte || 0x20);
const same = (bytes) => bytes;

/** The parts in chunks as a pipe brings them. */
function joined(parts) {
  const chunks = [];
  let some = [];
  let size = 0;
  for (const part of parts) {
    some.push(part);
    size += part.length;
    if (size < PIECE) continue;
    chunks.push(Buffer.concat(some));
    some = [];
    size = 0;
  }
  return [...chunks, Buffer.concat(some)];
}

/** The same bytes in pieces that end anywhere. */
function piecesOf(bytes) {
  const size = 61;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

const grouped = (number) => Math.round(number).toLocaleString("en-US");

/** What is told every minute of a long run. */
export function tellProgress({ inputs, runs, faults }) {
  const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stderr.write(
    `fuzz: ${grouped(inputs)} inputs in ${grouped(runs)} runs so far, ${faults.length} faults, ${megabytes} MB resident\n`,
  );
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

if (isMainThread && process.argv[1] === file) {
  const option = { type: "string" };
  const { values } = parseArgs({
    options: { seed: option, from: option, count: option, seconds: option, threads: option, dry: { type: "boolean" } },
  });
  const { dry, ...numbers } = values;
  const wanted = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  const { seed, inputs, runs, seconds, faults } = await fuzzAndKeep({ ...wanted, dry, progress: tellProgress });
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.stdout.write(
    `fuzz: seed ${seed}, ${grouped(inputs)} inputs in ${grouped(runs)} runs, ${seconds} s (${grouped(inputs / seconds)} a second), ${faults.length} faults\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
} else if (!isMainThread && workerData?.bundle !== undefined) {
  await work(workerData);
}
