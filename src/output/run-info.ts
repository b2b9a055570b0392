import type { Raw } from "./escape.ts";
import type { LocatedFinding } from "./located-finding.ts";

/** What formats that other tools read tell of the run itself. */
export interface RunInfo {
  readonly tool: { readonly name: string; readonly version: string };
  /** Every rule that may be found broken; `help` is a few sentences, code in it between backticks. */
  readonly rules: readonly RuleAbout[];
  /** The file that the input is; undefined for standard input and what stood on the command line. */
  fileOf(input: Raw): FileAbout | undefined;
}

interface RuleAbout {
  readonly name: string;
  readonly severity: LocatedFinding["severity"];
  readonly says: string;
  readonly help: string;
}

/** A file, with slashes between its folders: from the root of the repository on, or absolute where it is outside of it. */
interface FileAbout {
  readonly path: Raw;
  readonly isInside: boolean;
}

/** A run of which nothing is known: each input is a file of that name, and the rules have no words. */
export const aboutNothing: RunInfo = {
  tool: { name: "twilio-events", version: "" },
  rules: [],
  fileOf: (path) => ({ path, isInside: true }),
};
