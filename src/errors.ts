/** Exit codes, one meaning each; README's table is checked against this one. */
export const ExitCode = {
  Done: 0,
  Findings: 1,
  Usage: 2,
  NoEvents: 3,
  Signature: 4,
  Bug: 70,
  Output: 74,
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line asks for something that cannot be: one line and the way out, exit 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The result cannot be written: `closed` when the reader went away (quiet, exit 0), else the disk is to blame (exit 74). */
export class OutputError extends Error {
  override readonly name = "OutputError";
  readonly closed: boolean;

  constructor(message: string, closed: boolean) {
    super(message);
    this.closed = closed;
  }
}

/** What went wrong, in the words of whoever threw it. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
