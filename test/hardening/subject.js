// The program, bundled from its sources for plain Node.js and run in this process on made input, and what no run may do.
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** Bundles the program, and the list of hostile texts, into the folder; returns the path. */
export async function bundleProgram(folder) {
  const outfile = join(folder, "program.cjs");
  await build({
    stdin: {
      contents: `export { main } from "./src/main.ts"; export * from "./test/output/hostile.ts";`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "__filename" },
    logLevel: "warning",
  });
  return outfile;
}

/** The bundle's exports: `main`, and those of test/output/hostile.ts. */
export const loadProgram = (path) => createRequire(import.meta.url)(path);

/** The exit codes of a run over an input that can be read, by what it may find. */
const judging = [0, 1, 3];
const general = ["pretty", "compact", "json", "ndjson"];

/** The commands that read: in which formats, with which options beside, ending how. Add a command here. */
export const commands = {
  validate: {
    codes: judging,
    formats: general,
    options: ["", "-v", "--fail-on info", "--max-warnings 0", "--limit 2", "--type *.call.* --since 3d"],
  },
  decode: { codes: judging, formats: general, options: ["", "--fail-on never", "--limit 2"] },
  timeline: {
    codes: judging,
    formats: [...general, "markdown --no-redact", "mermaid"],
    options: [
      "",
      "--all",
      "-v --sort findings",
      "--sort duration --tz Asia/Kolkata",
      "--follow --all",
      "--status busy",
    ],
  },
  extract: { codes: [0, 3], formats: [""], options: ["", "--limit 2"] },
  verify: { codes: [0, 3, 4], formats: general, options: ["", "--url https://ivr.example.com/twilio/events"] },
  replay: {
    codes: [0, 3],
    formats: ["pretty", "json"],
    options: ["--dry-run --to http://127.0.0.1:1/", "--dry-run --batch 3 --shuffle --to http://127.0.0.1:1/"],
  },
};

/** How it is shown: to a pipe, and at terminals. */
const screens = [
  { options: "" },
  { options: "--ascii" },
  { options: "--color always --width 60", columns: 60 },
  { options: "--color never", columns: 100 },
  { options: "--ascii --width 40", columns: 40 },
];

/** Every way to run the commands: each command in each format with each of its options, on each screen in turn. */
export const jobs = Object.entries(commands).flatMap(([command, { codes, formats, options }]) =>
  formats.flatMap((format) =>
    options.map((own, at) => {
      const { options: shown, columns } = command === "extract" ? { options: "" } : screens[at % screens.length];
      const words = `${command} ${format && `-f ${format}`} ${shown} ${own}`;
      return { command, format, argv: words.split(" ").filter((word) => word !== ""), codes, columns };
    }),
  ),
);

/** Someone may see the time; no clock runs on while a run is judged. */
const now = () => new Date("2025-08-24T14:50:00Z");

/** A run that has not ended after so many milliseconds never will. */
const STUCK_MS = 10_000;

class Hang extends Error {}

/** @type {Readonly<Record<string, any>>} */
const usual = {};

const signing = { TWILIO_AUTH_TOKEN: "12345" };

/**
 * Runs a command line over the chunks as standard input, within this process. Tells also how many milliseconds passed
 * at most from one chunk to the next. `sees` hears what was written so far, and can press Ctrl-C.
 */
export async function run({ main }, argv, chunks, { columns, env = signing, sees, stuckMs = STUCK_MS } = usual) {
  const said = { stdout: "", stderr: "" };
  let slowestMs = 0;
  let given = performance.now();
  function lap() {
    const taken = performance.now() - given;
    given += taken;
    slowestMs = Math.max(slowestMs, taken);
  }
  async function* input() {
    given = performance.now();
    for (const chunk of chunks) {
      yield chunk;
      lap();
    }
  }
  let interrupt = () => undefined;
  const output = (name) => ({
    isTerminal: columns !== undefined,
    columns,
    write: async (text) => {
      said[name] += text;
      await sees?.(said[name], () => interrupt());
    },
  });
  let timer;
  const stuck = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Hang("it waits for what never comes")), stuckMs);
  });
  const running = main(argv, {
    stdin: { isTerminal: false, chunks: input() },
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    now,
    onInterrupt: (stop) => {
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
  return { code, ...said, slowestMs };
}

/** So much CPU time one input may take, in milliseconds. */
export const MOST_MS = 250;

/**
 * Runs a job over the chunks and returns what was wrong with that, in words that begin with its kind; undefined when
 * nothing was. With `cut`, the output may not depend on where the input is cut either.
 */
export async function faultOf(program, job, chunks, { cut, stuckMs } = usual) {
  let result;
  try {
    result = await run(program, job.argv, chunks, { ...job, stuckMs });
    if (result.slowestMs > MOST_MS) {
      const ms = await leastCpu(program, job, chunks);
      // The CPU time of a stream is that of all its inputs.
      if (ms > MOST_MS * Math.min(chunks.length, 4)) return `slow: ${Math.round(ms)} ms`;
    }
    const fault = wrongIn(program, job, result);
    if (fault !== undefined) return fault;
    if (job.command === "extract") {
      const again = await run(program, job.argv, [Buffer.from(result.stdout)]);
      if (result.stdout !== "" && again.stdout !== result.stdout) return `unsteady: extracts other events from its own`;
    }
    if (cut !== undefined && job.columns === undefined) {
      const again = await run(program, job.argv, cut, job);
      if (again.stdout !== result.stdout || again.code !== result.code) return "cut: depends on where the input is cut";
    }
  } catch (error) {
    return error instanceof Hang ? `hang: ${error.message}` : `thrown: ${error?.stack ?? error}`;
  }
}

/** On a machine that does other things too, one slow run says little. */
async function leastCpu(program, job, chunks) {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 5 && least > MOST_MS; trial++) {
    const start = process.cpuUsage();
    await run(program, job.argv, chunks, job);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function wrongIn({ leak, ownColors }, { command, format, argv, codes, columns }, { code, stdout, stderr }) {
  if (!codes.includes(code)) return `exit ${code}: ${stderr.split("\n", 1)[0]}`;
  const isColored = argv.includes("always") || (columns !== undefined && !argv.includes("never"));
  const colored = isColored ? `|${ownColors.source}` : "";
  // What is indented in a body, TwiML or text, keeps its tabs.
  const tabs = command === "decode" && format === "pretty" ? "\\t" : "";
  const leaked = leak(stdout, new RegExp(`[\\n${tabs}]${colored}`, "g")) ?? leak(stderr);
  if (leaked !== undefined) return `leak: U+${leaked} was printed`;
  if (/(?:^|\n)\n*$/.test(stdout) && stdout !== "" && !/[^\n]\n$/.test(stdout))
    return "end: not one newline at the end";
  if (/[^\n]$/.test(stdout)) return "end: no newline at the end";
  if (format === "json") return isJson(stdout) ? undefined : "json: the output does not parse";
  if (format === "ndjson" || command === "extract") {
    const broken = stdout.split("\n").find((line) => line !== "" && !isJson(line));
    return broken && `json: a line does not parse: ${broken.slice(0, 80)}`;
  }
  if (format !== "compact") return undefined;
  const forged = stdout.split("\n").find((line) => line !== "" && !finding.test(line));
  return forged && `forged: a line that is no finding: ${forged.slice(0, 80)}`;
}

/** A finding as `compact` writes it, of standard input. */
const finding = /^-:\d+:\d+ {2}(?:error|warning|info) {2}[a-z0-9-]+ {2}\S/;

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
