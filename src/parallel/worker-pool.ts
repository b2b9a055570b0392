import { basename, dirname, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { reasonOf } from "../errors.ts";
import type { FromThread, JobResult, JobSpec, PartEnd, ToThread } from "./protocol.ts";
import type { InputPart } from "./split.ts";

/** A part that a thread reads, will read or has read. */
export interface PendingPart {
  readonly id: number;
  readonly part: InputPart;
  /** What was known when it was added. */
  readonly known: readonly string[];
  /** The thread that has it. */
  thread: Thread | undefined;
  /** What was read and not merged yet. */
  readonly results: JobResult[];
  end: PartEnd | undefined;
  failure: string | undefined;
}

interface Thread {
  readonly worker: Worker;
  /** What it reads or will read, by its number. */
  readonly parts: Map<number, PendingPart>;
}

/** Threads that read parts in the order in which they are added. */
export interface WorkerPool {
  add(part: InputPart, known: readonly string[]): PendingPart;
  /** The next result of a part, which must be the first that is not dropped or done; undefined at its end. */
  next(pending: PendingPart): Promise<JobResult | undefined>;
  drop(pending: PendingPart): void;
  /** Ends the threads; who waits for a result gets none. */
  end(): void;
}

/** The parts of a thread: one at hand, one for when that is done. */
const MAX_PARTS_PER_THREAD = 2;

/**
 * Most of what an event leaves behind is garbage at once: with less room for it than Node gives, megabytes, a thread takes
 * less memory and hardly more time.
 */
const YOUNG_GENERATION_MB = 16;

/** The program of the threads as it was built: this module is in dist/, or in src/parallel/ beside it. */
const folder = dirname(import.meta.filename);
const builtProgram = resolve(folder, basename(folder) === "dist" ? "" : "../../dist", "worker.cjs");

/** Starts so many threads; `program` is for tests. */
export function createWorkerPool(jobs: number, spec: JobSpec, program = builtProgram): WorkerPool {
  const threads = new Set<Thread>();
  let waiting: PendingPart[] = [];
  let lastId = 0;
  let wake = (): void => undefined;
  let isOver = false;

  const post = (thread: Thread | undefined, message: ToThread): void => thread?.worker.postMessage(message);

  function startThread(): void {
    // It has no part in the streams or the options of the process.
    const worker = new Worker(program, {
      workerData: spec,
      stdin: false,
      stdout: true,
      stderr: true,
      execArgv: [],
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const thread: Thread = { worker, parts: new Map() };
    threads.add(thread);
    const fail = (reason: string): void => {
      if (!threads.delete(thread)) return;
      for (const pending of thread.parts.values()) pending.failure = reason;
      wake();
    };
    worker.on("message", (message: FromThread) => {
      if (threads.has(thread)) receive(thread, message);
    });
    worker.on("error", (error: unknown) => fail(reasonOf(error)));
    worker.on("exit", (code) => fail(`its thread ended with code ${code}`));
  }

  function receive({ parts }: Thread, message: FromThread): void {
    const pending = parts.get(message.part);
    if (pending === undefined) return;
    if (message.kind === "result") pending.results.push(message);
    else {
      pending.end = message;
      parts.delete(message.part);
      assign();
    }
    wake();
  }

  /** Gives the parts that wait to the threads, each to the one that has the least to do. */
  function assign(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const [thread] = [...threads].sort((one, other) => one.parts.size - other.parts.size);
      if (thread === undefined || thread.parts.size >= MAX_PARTS_PER_THREAD) return;
      waiting.shift();
      const { id, part, known } = next;
      thread.parts.set(id, next);
      next.thread = thread;
      post(thread, { kind: "read", part: id, input: part.input.name, range: part.range, known });
    }
  }

  function release(pending: PendingPart): void {
    pending.thread?.parts.delete(pending.id);
    pending.thread = undefined;
    assign();
  }

  for (let job = 0; job < jobs; job++) startThread();

  return {
    add(part, known) {
      const id = ++lastId;
      const pending = { id, part, known, thread: undefined, results: [], end: undefined, failure: undefined };
      waiting.push(pending);
      assign();
      return pending;
    },
    async next(pending) {
      for (;;) {
        const result = pending.results.shift();
        if (result !== undefined) {
          post(pending.thread, { kind: "merged", part: pending.id });
          return result;
        }
        if (pending.end !== undefined || isOver) {
          release(pending);
          return undefined;
        }
        const failure = pending.failure ?? (threads.size === 0 ? "no thread is left" : undefined);
        if (failure !== undefined) throw new Error(`reading ${nameOf(pending.part)}: ${failure}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    drop(pending) {
      waiting = waiting.filter((each) => each !== pending);
      if (pending.end === undefined) post(pending.thread, { kind: "drop", part: pending.id });
      release(pending);
    },
    end() {
      isOver = true;
      for (const { worker } of threads) void worker.terminate();
      threads.clear();
      wake();
    },
  };
}

/** What a fault is told of: `bytes 8388608 to 16777216 of events.jsonl`. */
function nameOf({ input, range }: InputPart): string {
  if (range === undefined) return input.name;
  const end = Number.isFinite(range.end) ? `${range.end}` : "the end";
  return `bytes ${range.start} to ${end} of ${input.name}`;
}
