// Runs the built program as a process, and measures its memory and CPU time.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

/** The built program's start file. */
export const program = join(import.meta.dirname, "../../bin/twilio-events.js");
const usage = join(import.meta.dirname, "usage.cjs");

export interface StartOptions {
  /** Chunks for stdin. */
  readonly input?: Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
  /** A descriptor that gets stdout. */
  readonly stdout?: number;
  /** The caller reads `child.stdout`. */
  readonly isPaused?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak resident memory, in bytes. */
  readonly peak: number;
  readonly cpuMs: number;
}

/** Starts a command line of the built program. */
export function begin(
  argv: readonly string[],
  { input, stdout, isPaused = false }: StartOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child: ChildProcess = spawn(process.execPath, ["--require", usage, program, ...argv], {
    stdio: [input === undefined ? "ignore" : "pipe", stdout ?? "pipe", "pipe", "pipe", "pipe"],
  });
  const outputs = isPaused ? child.stdio.slice(2) : child.stdio.slice(1);
  const read = Promise.all(outputs.map((stream) => (stream instanceof Readable ? text(stream) : "")));
  // A process that ends before its input does closes the pipe.
  if (input !== undefined) {
    pipeline(Readable.from(input, { objectMode: false }), child.stdin as Writable).catch(() => undefined);
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", async (code, signal) => {
      const [said = "", stderr = "", peak, cpuMs] = isPaused ? ["", ...(await read)] : await read;
      resolve({ code, signal, stdout: said, stderr, peak: Number(peak), cpuMs: Number(cpuMs) });
    });
  });
  return { child, ended };
}

/** Runs a command line of the built program to its end. */
export const start = (argv: readonly string[], options?: StartOptions): Promise<Ended> => begin(argv, options).ended;
