// The thread of the fuzzer.
import { parentPort, workerData } from "node:worker_threads";
import { createRandom } from "../support/random.ts";
import { findFailure } from "./find-failure.ts";
import { minimize } from "./minimize.ts";
import { createMutator } from "./mutate.ts";
import { cutInPieces, planRun } from "./plan-run.ts";
import { loadProgram } from "./run-in-process.ts";
import { readSeeds } from "./seed-inputs.ts";

export interface WorkerOptions {
  /** The path of the bundled program. */
  readonly bundle: string;
  readonly seed: number;
  /** The number of the first run, and the distance to the next. */
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** Shared memory with the number of the current run. */
  readonly began: Int32Array;
}

export interface Failure {
  readonly reason: string;
  readonly run: number;
  readonly argv: readonly string[];
  /** The input, made small. */
  readonly bytes: Uint8Array;
}

export interface Progress {
  readonly inputs: number;
  readonly runs: number;
  readonly failure: Failure | undefined;
  readonly done: boolean;
}

/** The thread stops after this many different failures. */
const MAX_FAILURES = 20;

await work(workerData);

async function work({ bundle, seed, first, step, count, began }: WorkerOptions): Promise<void> {
  const program = loadProgram(bundle);
  const { make } = createMutator(readSeeds(program.payloads));
  const known = new Set<string>();
  let stray: unknown;
  // `main` doesn't see a promise that nobody awaits.
  for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, (error) => (stray = error));
  // The program throws for each text that isn't JSON, and nobody reads these stacks.
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  let left = count;
  let inputs = 0;
  let runs = 0;
  const report = (failure?: Failure, done = false): void => {
    parentPort?.postMessage({ inputs, runs, failure, done } satisfies Progress);
    left -= inputs;
    inputs = 0;
    runs = 0;
  };
  for (let number = first; inputs < left && known.size < MAX_FAILURES; number += step) {
    Atomics.store(began, 0, number);
    const { job, parts, chunks, cut, made } = planRun(createRandom(seed, number), make);
    let reason = await findFailure(program, job, chunks, { cut, parts });
    if (reason === undefined && stray !== undefined) reason = `stray: ${stray instanceof Error ? stray.stack : stray}`;
    stray = undefined;
    inputs += made;
    runs++;
    if (reason === undefined) {
      if (runs % 100 === 0) report();
      continue;
    }
    const key = `${job.command} ${job.format} ${reason.replace(/\d+/g, "#").split("\n", 3).join(" ")}`;
    if (known.has(key)) continue;
    known.add(key);
    const kind = `${reason.split(":", 1)[0]}:`;
    const fails = async (some: readonly Buffer[]): Promise<boolean> => {
      const options = { cut: cut && cutInPieces(Buffer.concat(some)), stuckMs: 500 };
      return (await findFailure(program, job, some, options))?.startsWith(kind) ?? false;
    };
    const bytes = await minimize(parts, fails);
    Error.stackTraceLimit = depth;
    const again = await findFailure(program, job, [bytes], { cut: cut && cutInPieces(bytes) });
    Error.stackTraceLimit = 0;
    report({ reason: again ?? reason, run: number, argv: job.argv, bytes });
  }
  report(undefined, true);
}
