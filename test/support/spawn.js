// Runs the built program as its own process, and measures what it takes.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

const root = join(import.meta.dirname, "../..");
const program = join(root, "bin/twilio-events.js");
/** @type {Readonly<Record<string, any>>} */
const anyOptions = {};

const usage = join(import.meta.dirname, "usage.cjs");

/**
 * Starts a command line of the built program. `input` are the chunks that are piped in; `stdout` is another descriptor to
 * write to; `spawned` are options of `spawn`. `ended` resolves with how it ended, what it said, the most memory that was
 * resident in bytes, and its CPU time in milliseconds; `child.stdout` is read at once unless `waits`.
 */
export function begin(argv, { input, stdout = "pipe", waits = false, ...spawned } = anyOptions) {
  /** @type {import("node:child_process").ChildProcess} */
  const child = spawn(process.execPath, ["--require", usage, program, ...argv], {
    ...spawned,
    stdio: [input === undefined ? "ignore" : "pipe", stdout, "pipe", "pipe", "pipe"],
  });
  const [, out, ...others] = child.stdio;
  const said = Promise.all([out === null || waits ? "" : text(out), ...others.map((stream) => text(stream))]);
  // Who ends before the input does closes its pipe.
  if (input !== undefined) pipeline(Readable.from(input, { objectMode: false }), child.stdin).catch(() => undefined);
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", async (code, signal) => {
      const [stdout, stderr, peak, cpuMs] = await said;
      resolve({ code, signal, stdout, stderr, peak: Number(peak), cpuMs: Number(cpuMs) });
    });
  });
  return { child, ended };
}

/** Runs a command line of the built program to its end; see `begin`. */
export const start = (argv, how) => begin(argv, how).ended;
