import { basename, dirname, resolve } from "node:path";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { reasonOf } from "../errors.ts";

/** A worker thread, seen from the one that started it. */
export interface Thread<To> {
  post(message: To): void;
  /** Ends it wherever it is. */
  end(): void;
}

/** What is heard of a thread: its messages, and once that it failed or ended by itself. */
export interface Hearing<From> {
  message(message: From): void;
  failure(reason: string): void;
}

/** The program of the threads as it was built: this module is in dist/, or in src/parallel/ beside it. */
const folder = dirname(import.meta.filename);
const program = resolve(folder, basename(folder) === "dist" ? "" : "../../dist", "worker.cjs");

/**
 * Most of what an event leaves behind is garbage at once: with less room for it than Node gives, megabytes, a thread takes
 * less memory and hardly more time.
 */
const YOUNG_MB = 16;

/** Starts a thread with data that can be cloned. It has no part in the streams or the options of the process. */
export function startThread<To, From>(data: unknown, hearing: Hearing<From>, file = program): Thread<To> {
  const worker = new Worker(file, {
    workerData: data,
    stdin: false,
    stdout: true,
    stderr: true,
    execArgv: [],
    trackUnmanagedFds: false,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  let isOver = false;
  const fail = (reason: string): void => {
    if (!isOver) hearing.failure(reason);
    isOver = true;
  };
  worker.on("message", (message: From) => {
    if (!isOver) hearing.message(message);
  });
  worker.on("error", (error: unknown) => fail(reasonOf(error)));
  worker.on("exit", (code) => fail(`its thread ended with code ${code}`));
  return {
    post: (message) => worker.postMessage(message),
    end() {
      isOver = true;
      void worker.terminate();
    },
  };
}

/** Where a thread stands: what it was started with, and the way to the one that started it. */
export interface Inside<To, From> {
  readonly data: unknown;
  hear(listener: (message: To) => void): void;
  post(message: From, transferred: readonly ArrayBuffer[]): void;
}

/** The inside of the thread that this runs in; undefined in the main one. */
export function insideThread<To, From>(): Inside<To, From> | undefined {
  const port = parentPort;
  if (port === null) return undefined;
  return {
    data: workerData,
    hear: (listener) => void port.on("message", listener),
    post: (message, transferred) => port.postMessage(message, transferred),
  };
}
