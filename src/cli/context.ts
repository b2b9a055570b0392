import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ExitCode } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Job, Sizes } from "../parallel/protocol.ts";

/** What a command is made with: the world, and a way to say how it ended. */
export interface Context {
  readonly io: Io;
  exit(code: ExitCode): void;
  /** From which size on files are read in threads; the usual ones unless told. */
  readonly sizes?: Sizes | undefined;
  /** Declares the whole program with all of its commands, and runs none of them. */
  declareProgram(): Promise<CommandUnknownOpts>;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(context: Context) => CommandUnknownOpts>;
  /** The part of the command that worker threads do. Its options were cloned on the way to the thread. */
  readonly job?: () => Promise<(options: never) => Promise<Job>>;
}
