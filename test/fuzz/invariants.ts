// The properties that each run must have, whatever it reads.
import { parseXml } from "@rgrove/parse-xml";
import type { Program, Result } from "./run-in-process.ts";
import { isInsideValue, missingEvents, sampleEventsIn } from "./sample-events.ts";

/** A command line of the fuzzer. */
export interface Job {
  readonly command: string;
  readonly format: string;
  readonly argv: readonly string[];
  /** The exit codes for an input that can be read. */
  readonly codes: readonly number[];
  /** The width of the terminal. Without it, the output goes to a pipe. */
  readonly columns: number | undefined;
  /** How often it runs, compared to the others. */
  readonly weight: number;
  /** Whether it reports all events. */
  readonly isComplete: boolean;
}

type Known = Pick<Program, "eventTypes" | "leak" | "ownColors">;

/** Returns what is wrong with the result of a job, as text that begins with the kind. */
export function wrongIn(program: Known, job: Job, result: Result, input: Buffer): string | undefined {
  const { code, stdout, stderr } = result;
  if (!job.codes.includes(code)) return `exit ${code}: ${stderr.split("\n", 1)[0]}`;
  const leaked = plain.test(stderr) ? undefined : program.leak(stderr);
  if (leaked !== undefined) return `leak: U+${leaked} was printed on stderr`;
  if (job.command === "migrate" && job.format === "") {
    // The output for gzip is uncompressed.
    const isPacked = input[0] === 0x1f && input[1] === 0x8b;
    return code === 2 || isPacked ? undefined : wrongRewriting(program, stdout, input);
  }
  if (code === 2 && !stderr.includes("1 input not read")) return `exit 2: ${stderr.split("\n", 1)[0]}`;
  return wrongText(program, job, stdout) ?? wrongForm(job, stdout) ?? wrongContent(job, stdout, input);
}

/** Text without any character that could leak. */
const plain = /^[\n -~]*$/;

function wrongText(
  { leak, ownColors }: Known,
  { command, format, argv, columns }: Job,
  stdout: string,
): string | undefined {
  const isColored = argv.includes("always") || (columns !== undefined && !argv.includes("never"));
  const colored = isColored ? `|${ownColors.source}` : "";
  // Response bodies keep their tabs.
  const tabs = command === "decode" && (format === "pretty" || format === "markdown") ? "\\t" : "";
  const leaked = plain.test(stdout) ? undefined : leak(stdout, new RegExp(`[\\n${tabs}]${colored}`, "g"));
  if (leaked !== undefined) return `leak: U+${leaked} was printed`;
  if (stdout === "") return undefined;
  if (!stdout.endsWith("\n")) return "end: no newline at the end";
  return stdout === "\n" || stdout.endsWith("\n\n") ? "end: not one newline at the end" : undefined;
}

/** A line of `compact` for stdin, and of `migrate --diff`. */
const finding = /^-:\d+:\d+ {2}(?:error|warning|info) {2}[a-z0-9-]+ {2}\S/;
const change = /^-:\d+:\d+ {2}/;
/** A workflow command of GitHub. */
const annotation = /^::(?:error|warning|notice) title=[\w-]+::/;

type FindWrong = (stdout: string) => string | undefined;

const eachLine =
  (isRight: (line: string) => boolean): FindWrong =>
  (stdout) =>
    stdout.split("\n").find((line) => line !== "" && !isRight(line));

/** For each format: returns a line, or the reason, that is not in the format. */
const forms: Readonly<Record<string, FindWrong>> = {
  ndjson: eachLine(isJson),
  json: (stdout) => (isJson(stdout) ? undefined : "all of it"),
  github: eachLine((line) => annotation.test(line)),
  sarif: wrongSarif,
  junit: wrongJunit,
};

function wrongForm({ command, format, argv }: Job, stdout: string): string | undefined {
  if (format === "compact") {
    const form = command === "migrate" && argv.includes("--diff") ? change : finding;
    const forged = eachLine((line) => form.test(line))(stdout);
    return forged && `forged: a line that is no finding: ${forged.slice(0, 80)}`;
  }
  if (command === "report") return wrongPage(stdout);
  const isLines = command === "extract" || command === "redact";
  if (stdout === "" && (isLines || command === "migrate")) return undefined;
  const wrong = forms[isLines ? "ndjson" : format]?.(stdout);
  const kind = isLines || format === "ndjson" ? "json" : format;
  return wrong && `${kind}: does not parse: ${wrong.slice(0, 80)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  }[];
}

function wrongSarif(stdout: string): string | undefined {
  if (!isJson(stdout)) return "no JSON";
  const [run] = (JSON.parse(stdout) as Sarif).runs;
  if (run === undefined) return "no runs";
  const { results, tool } = run;
  const { rules } = tool.driver;
  return results.find(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id !== ruleId)?.ruleId;
}

function wrongJunit(stdout: string): string | undefined {
  try {
    return parseXml(stdout).root?.name === "testsuites" ? undefined : "another root";
  } catch (error) {
    return String(error);
  }
}

/** The elements of a page. No text of an event becomes one. */
const elements = new Set(
  (
    "!DOCTYPE a b body button circle code dd details div dl dt figcaption figure footer g h1 h2 h3 head header html input " +
    "label li line main meta noscript ol option p path pre rect script section select span style summary svg table tbody " +
    "td text th thead title tr"
  ).split(" "),
);

function wrongPage(stdout: string): string | undefined {
  if (!stdout.startsWith("<!DOCTYPE html>\n") || !stdout.endsWith("</body>\n</html>\n")) return "html: cut off";
  let scripts = 0;
  for (const [, name = ""] of stdout.matchAll(/<\/?([!?\w][\w:.-]*)/g)) {
    if (!elements.has(name)) return `html: <${name}> is none of ours`;
    if (name === "script") scripts++;
  }
  return scripts === 2 ? undefined : `html: ${scripts / 2} scripts`;
}

function wrongContent({ command, argv, format, isComplete }: Job, stdout: string, input: Buffer): string | undefined {
  const hides = command === "redact" || argv.some((word) => word.startsWith("--redact"));
  // Some findings name a number as an example of the format.
  const [number] = (hides && /1415555\d{4}/.exec(stdout.replaceAll("as +14155550100", ""))) || [];
  if (number !== undefined) return `person: ${number} was shown`;
  if (!isComplete) return undefined;
  const lost = missingEvents(command, format, argv, stdout, () => sampleEventsIn(input)).find(
    (event) => !isInsideValue(input, event),
  );
  return lost && `hidden: the sample event of line ${lost.line}`;
}

/** Whether only the deprecated types changed, and all of them. */
function wrongRewriting({ eventTypes }: Known, stdout: string, input: Buffer): string | undefined {
  let expected = input.toString("latin1");
  let still = stdout;
  for (const { type, replacement } of eventTypes) {
    if (replacement === undefined) continue;
    expected = expected.replaceAll(type, replacement);
    still = still.replaceAll(type, replacement);
  }
  return expected === still ? undefined : "changed: a byte that is no deprecated type";
}
