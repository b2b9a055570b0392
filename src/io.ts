import { fstatSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { OutputError } from "./errors.ts";

/** One of the two streams that a person or a program reads. */
export interface Output {
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  /** Writes the text or the bytes and resolves when more may follow; rejects with OutputError when it cannot be written. */
  write(text: string | Uint8Array): Promise<void>;
}

/** All that the program has of the world around it; nothing else touches `process`. */
export interface Io {
  readonly stdin: { readonly isTerminal: boolean; readonly chunks: AsyncIterable<Buffer> };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /**
   * Calls `stop` at the first interrupt (Ctrl-C), and where asked at a request to end (SIGTERM, SIGHUP) too; a second one
   * ends the program at once. Returns what takes that back.
   */
  onInterrupt(stop: () => void, also?: "termination"): () => void;
  /** The number of this process. */
  readonly pid: number;
  /** Whether a process of this number runs. */
  isRunning(pid: number): boolean;
}

/** What lets the process end. */
interface Closing {
  /** After Ctrl-C, or once nobody reads the result, a pipe that is still open would keep the program waiting. */
  close(): void;
}

/**
 * The real process's streams, environment, clock and signals. Node makes a stream when it is first asked for, which takes
 * milliseconds: nobody asks for one that is not needed.
 */
export function systemIo(): Io & Closing {
  let usesStdin = false;
  function stdin(): typeof process.stdin {
    usesStdin = true;
    return process.stdin;
  }
  return {
    stdin: {
      get isTerminal() {
        return stdin().isTTY === true;
      },
      chunks: { [Symbol.asyncIterator]: () => stdin()[Symbol.asyncIterator]() },
    },
    stdout: systemOutput(1, () => process.stdout),
    stderr: systemOutput(2, () => process.stderr),
    close() {
      if (usesStdin) process.stdin.destroy();
    },
    env: process.env,
    now: () => new Date(),
    onInterrupt(stop, also) {
      const signals = also ? (["SIGINT", "SIGTERM", "SIGHUP"] as const) : (["SIGINT"] as const);
      const release = (): void => {
        for (const signal of signals) process.off(signal, first);
      };
      // With its handler gone, the next signal does what it does by itself.
      const first = (): void => {
        release();
        stop();
      };
      for (const signal of signals) process.on(signal, first);
      return release;
    },
    pid: process.pid,
    isRunning(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
  };
}

/** So much goes to a pipe without its stream: an empty one takes that much at once on every system. */
const DIRECT_BYTES = 16 * 1024;

/** Node's stream for a descriptor, which for a terminal tells so. */
type Stream = Writable & Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/** The output on a descriptor. Node's stream for it is opened for a terminal, and once there is more than little to write. */
export function systemOutput(descriptor: number, open: () => Stream): Output {
  let failure: OutputError | undefined;
  let opened: Stream | undefined;
  let directBytes: number | undefined;
  function stream(): Stream {
    opened ??= open().on("error", (error: NodeJS.ErrnoException) => {
      failure ??= toOutputError(error);
    });
    return opened;
  }
  function direct(): number {
    directBytes ??= opened ? 0 : takesDirectly(descriptor);
    return directBytes;
  }
  /** Writes what the descriptor takes at once; returns what is left. */
  function writeDirectly(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    while (rest.length > 0 && rest.length <= direct()) {
      try {
        const written = writeSync(descriptor, rest);
        directBytes = direct() - written;
        rest = rest.subarray(written);
      } catch (error) {
        // A pipe that is full, and whose writes return at once because a process that shares it wants them to.
        const failed = error as NodeJS.ErrnoException;
        if (failed.code !== "EAGAIN") throw toOutputError(failed);
        directBytes = 0;
      }
    }
    return rest;
  }
  return {
    get isTerminal() {
      return direct() === 0 && stream().isTTY === true;
    },
    get columns() {
      return direct() === 0 ? stream().columns : undefined;
    },
    async write(text) {
      if (failure) throw failure;
      const rest = opened ? text : writeDirectly(Buffer.from(text));
      if (rest.length === 0) return;
      await new Promise<void>((resolve, reject) => {
        stream().write(rest, (error) => {
          if (error) reject(toOutputError(error));
          else resolve();
        });
      });
    },
  };
}

/** How many bytes may be written to the descriptor without waiting for who reads it: to a file any, to a terminal none. */
function takesDirectly(descriptor: number): number {
  try {
    const found = fstatSync(descriptor);
    if (found.isFile()) return Number.POSITIVE_INFINITY;
    return found.isFIFO() || found.isSocket() ? DIRECT_BYTES : 0;
  } catch {
    return 0;
  }
}

/** A closed pipe is the reader's choice; anything else (a full disk) loses output. */
function toOutputError({ code, message }: NodeJS.ErrnoException): OutputError {
  const closed = code === "EPIPE" || code === "ERR_STREAM_DESTROYED";
  const reason = code === "ENOSPC" ? "no space left on the device" : message;
  return new OutputError(`the output cannot be written: ${reason}`, closed);
}
