// Runs the commands on inputs that are almost valid. An input that fails is made small and saved in test/corpus/.
import { startWorker } from "../support/start-worker.ts";
import { inFolder } from "../support/temporary-folder.ts";
import type { Failure, Progress, WorkerOptions } from "./fuzz-worker.ts";
import { bundleProgram } from "./run-in-process.ts";
import { saveFailure } from "./save-failure.ts";

/** A run that takes longer than this, including the time to make its input small, hangs. */
const HANG_MS = 60_000;

interface FuzzOptions {
  readonly seed?: number;
  /** Stops after this many inputs. */
  readonly count?: number;
  readonly threads?: number;
}

interface Total {
  readonly seed: number;
  inputs: number;
  runs: number;
  seconds: number;
  readonly failures: Failure[];
}

/** Runs inputs on threads until there were `count`. Run `number` of a seed is always the same. */
function fuzz({ seed = 1, count = Number.POSITIVE_INFINITY, threads = 1 }: FuzzOptions): Promise<Total> {
  return inFolder(async (folder) => {
    const total: Total = { seed, inputs: 0, runs: 0, seconds: 0, failures: [] };
    const started = performance.now();
    const minutes = setInterval(() => printProgress(total), 60_000);
    try {
      const bundle = await bundleProgram(folder);
      const began = new Int32Array(new SharedArrayBuffer(8 * threads));
      const share = { bundle, seed, step: threads, count: count / threads };
      await Promise.all(
        Array.from({ length: threads }, (_, at) =>
          fuzzOnThread({ ...share, first: at, began: began.subarray(at, at + 1) }, total),
        ),
      );
    } finally {
      clearInterval(minutes);
    }
    total.seconds = Math.round((performance.now() - started) / 100) / 10;
    return total;
  });
}

/** Runs inputs on a thread. If a run hangs, starts another thread at the next run. */
async function fuzzOnThread(share: WorkerOptions, total: Total): Promise<void> {
  const { began } = share;
  let first: number | undefined = share.first;
  let left = share.count;
  while (first !== undefined) {
    const worker = startWorker(new URL("fuzz-worker.ts", import.meta.url).href, { ...share, first, count: left });
    let hung: number | undefined;
    let seen = -1;
    const watch = setInterval(() => {
      const current = Atomics.load(began, 0);
      if (current === seen) {
        hung = current;
        void worker.terminate();
      }
      seen = current;
    }, HANG_MS);
    let isDone = false;
    worker.on("message", ({ inputs, runs, failure, done }: Progress) => {
      isDone = done;
      total.inputs += inputs;
      total.runs += runs;
      left -= inputs;
      if (failure !== undefined) total.failures.push(failure);
    });
    await new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
    clearInterval(watch);
    // A thread ends by itself if its run waits forever.
    if (!isDone) hung ??= Atomics.load(began, 0);
    first = hung === undefined ? undefined : hung + share.step;
    if (hung !== undefined) {
      total.failures.push({ reason: "hang: it doesn't end", run: hung, argv: [], bytes: Buffer.alloc(0) });
    }
  }
}

function printProgress({ inputs, runs, failures }: Total): void {
  const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const counts = `${inputs.toLocaleString("en-US")} inputs, ${runs.toLocaleString("en-US")} runs`;
  process.stderr.write(`fuzz: ${counts}, ${failures.length} failures, ${megabytes} MB resident\n`);
}

/** Runs inputs, saves those that fail, and returns the failures as text. */
export async function fuzzCommands(options: FuzzOptions) {
  const { failures, ...total } = await fuzz(options);
  return {
    ...total,
    failures: failures.map(({ reason, run, argv, bytes }) => {
      const input = bytes.length === 0 ? "unknown input" : `test/corpus/${saveFailure(reason, Buffer.from(bytes))}`;
      return `run ${run}: twilio-events ${argv.join(" ")} < ${input}: ${reason}`;
    }),
  };
}
