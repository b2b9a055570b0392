// Decides whether a run failed: a wrong result, a result that depends on chunks, an exception, a hang, or too much time.
import { type Job, wrongIn } from "./invariants.ts";
import { Hang, type Program, type RunOptions, run } from "./run-in-process.ts";

/** Maximum CPU time for one input, in milliseconds. */
export const MAX_INPUT_MS = 250;
/** Maximum CPU time for a stream of inputs, in milliseconds. */
const MAX_STREAM_MS = 1000;

export interface FailureOptions extends Pick<RunOptions, "stuckMs"> {
  /** The same input in other chunks. The output must be the same. */
  readonly cut?: readonly Buffer[] | undefined;
  /** The inputs one by one, if a chunk contains many. */
  readonly parts?: readonly Buffer[];
}

/** Runs a job and returns its failure, as text that begins with the kind. Undefined if it did all right. */
export async function findFailure(
  program: Program,
  job: Job,
  chunks: readonly Buffer[],
  { cut, parts = chunks, stuckMs }: FailureOptions = {},
): Promise<string | undefined> {
  const { argv, columns } = job;
  try {
    const result = await run(program, argv, chunks, { columns, stuckMs });
    if (result.slowestMs > MAX_INPUT_MS) {
      const slow = await findSlow(program, job, chunks, parts);
      if (slow !== undefined) return slow;
    }
    const wrong = wrongIn(program, job, result, Buffer.concat(chunks));
    if (wrong !== undefined) return wrong;
    if (job.command === "extract" && result.stdout !== "") {
      const again = await run(program, argv, [Buffer.from(result.stdout)]);
      if (again.stdout !== result.stdout) return "unsteady: extracts other events from its own output";
    }
    if (cut !== undefined && columns === undefined) {
      const again = await run(program, argv, cut);
      if (again.stdout !== result.stdout || again.code !== result.code)
        return "cut: depends on the chunks of the input";
    }
    return undefined;
  } catch (error) {
    if (error instanceof Hang) return `hang: ${error.message}`;
    return `thrown: ${error instanceof Error ? error.stack : error}`;
  }
}

/** Names the input of a slow stream that is slow alone too, or the stream. */
async function findSlow(
  program: Program,
  job: Job,
  chunks: readonly Buffer[],
  parts: readonly Buffer[],
): Promise<string | undefined> {
  const all = await leastCpuMs(program, job, chunks);
  if (all <= MAX_INPUT_MS) return undefined;
  if (parts.length === 1 || all > MAX_STREAM_MS) return `slow: ${Math.round(all)} ms`;
  for (const part of parts) {
    const ms = await leastCpuMs(program, job, [part]);
    if (ms > MAX_INPUT_MS) return `slow: ${Math.round(ms)} ms`;
  }
  return undefined;
}

/**
 * The fastest of up to five runs, because a busy machine makes some slow. The process's CPU time includes other threads, so
 * this thread used at most that, and at most the time that passed.
 */
async function leastCpuMs(program: Program, { argv, columns }: Job, chunks: readonly Buffer[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 5 && least > MAX_INPUT_MS; trial++) {
    const start = process.cpuUsage();
    const began = performance.now();
    await run(program, argv, chunks, { columns });
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000, performance.now() - began);
  }
  return least;
}
