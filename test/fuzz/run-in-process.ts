// Runs the program, bundled for plain Node.js, in this process.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Io, Output } from "../../src/io.ts";
import { bundle } from "../support/bundle.ts";

export interface Program extends Pick<typeof import("./program.ts"), "eventTypes" | "leak" | "ownColors" | "payloads"> {
  /** Runs a command line and resolves with the exit code. */
  readonly main: (argv: readonly string[], io: Io) => Promise<number>;
}

/** Bundles the program into the folder and returns the path. */
export const bundleProgram = (folder: string): Promise<string> =>
  bundle("test/fuzz/program.ts", join(folder, "program.cjs"));

/** Loads a bundled program. */
export const loadProgram = (path: string): Program => createRequire(import.meta.url)(path);

/** The clock of every run. It stands still, because some outputs show the time. */
const now = (): Date => new Date("2025-08-24T14:50:00Z");

/** A run that takes longer than this never ends. */
const DEFAULT_STUCK_MS = 10_000;

/** The reason that a run didn't end. */
export class Hang extends Error {}

export interface RunOptions {
  /** The width of the terminal. Without it, the output goes to a pipe. */
  readonly columns?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets all text written to a stream so far, and can press Ctrl-C. */
  readonly sees?: ((text: string, interrupt: () => void) => unknown) | undefined;
  readonly stuckMs?: number | undefined;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The longest time from one chunk of the input to the next, in milliseconds. */
  readonly slowestMs: number;
}

const signing = { TWILIO_AUTH_TOKEN: "12345" };

/** Runs a command line with the chunks as stdin. Bytes that it writes are read as Latin-1. */
export async function run(
  { main }: Pick<Program, "main">,
  argv: readonly string[],
  chunks: readonly Buffer[],
  { columns, env = signing, sees, stuckMs = DEFAULT_STUCK_MS }: RunOptions = {},
): Promise<Result> {
  const written = { stdout: "", stderr: "" };
  let slowestMs = 0;
  let given = performance.now();
  function lap(): void {
    const taken = performance.now() - given;
    given += taken;
    slowestMs = Math.max(slowestMs, taken);
  }
  async function* input(): AsyncGenerator<Buffer> {
    given = performance.now();
    for (const chunk of chunks) {
      yield chunk;
      lap();
    }
  }
  let interrupt = (): void => undefined;
  const output = (name: "stdout" | "stderr"): Output => ({
    isTerminal: columns !== undefined,
    columns,
    async write(text) {
      written[name] += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
      await sees?.(written[name], () => interrupt());
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hang("it doesn't end")), stuckMs);
  });
  const running = main(argv, {
    stdin: { isTerminal: false, chunks: input() },
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    now,
    onInterrupt(stop) {
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
  return { code, ...written, slowestMs };
}
