import { ExitCode } from "../errors.ts";

const help = {
  Done: {
    says: "done, with nothing at or above --fail-on",
    help: "Warnings may have been found: --fail-on warning makes them count. A pipe whose reader went away ends so too.",
  },
  Findings: {
    says: "findings at or above --fail-on, or more warnings than --max-warnings",
    help: "What was found is in the output. Mend it, weigh a rule differently with --rule NAME=SEVERITY, or set --fail-on never.",
  },
  Usage: {
    says: "a mistake in the command line, or an input that cannot be read",
    help: "The line on standard error names it and the way out. It wins over 1: what could be read was judged all the same.",
  },
  NoEvents: {
    says: "everything was read and no event was found",
    help: "The last lines on standard error say what was read instead. Where an empty input is fine, --allow-empty makes it 0.",
  },
  Signature: {
    says: "a signature was asked for and did not hold",
    help: "verify, and listen with --require-signature, end so. The finding names the cause where it was found by trying.",
  },
  Bug: {
    says: "a fault in twilio-events itself",
    help: "Run the same line with --debug for the stack, and report it with the input that brought it about.",
  },
  Output: {
    says: "the output could not be written, as on a full disk",
    help: "What was written so far is cut off. Make room, or write elsewhere with -o.",
  },
  Interrupted: {
    says: "interrupted, after the summary of what was read so far",
    help: "The summary tells how far it came; what was printed before is whole.",
  },
} as const satisfies Record<keyof typeof ExitCode, { readonly says: string; readonly help: string }>;

/** What each exit code means and what to do, in the order of the codes. */
export const exitCodes = (Object.keys(help) as (keyof typeof help)[]).map((name) => ({
  code: ExitCode[name],
  ...help[name],
}));
