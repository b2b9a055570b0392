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

/** The real process's streams, environment, clock and signals. */
export function systemIo(): Io {
  return {
    stdin: { isTerminal: process.stdin.isTTY === true, chunks: process.stdin },
    stdout: systemOutput(process.stdout),
    stderr: systemOutput(process.stderr),
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
        return error instanceof Error && "code" in error && error.code === "EPERM";
      }
    },
  };
}

function systemOutput(stream: NodeJS.WriteStream): Output {
  let failure: OutputError | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    failure ??= toOutputError(error);
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
    write: (text) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        if (text.length === 0) return resolve();
        stream.write(text, (error) => {
          if (error) reject(toOutputError(error));
          else resolve();
        });
      }),
  };
}

/** A closed pipe is the reader's choice; anything else (a full disk) loses output. */
function toOutputError(error: NodeJS.ErrnoException): OutputError {
  const closed = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
  const reason = error.code === "ENOSPC" ? "no space left on the device" : error.message;
  return new OutputError(`the output cannot be written: ${reason}`, closed);
}
