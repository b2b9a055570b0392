// Tries inputs in which a few characters repeat. No such text may take time that grows faster than its length.
import { inFolder } from "../support/temporary-folder.ts";
import { type EmbedText, places } from "./embed-text.ts";
import { bundleProgram, loadProgram, type Program, run } from "./run-in-process.ts";
import { sampleEvent } from "./sample-events.ts";
import { tokens } from "./tokens.ts";

/** Texts that parts of regular expressions match. Repeated, they make a bad expression backtrack. */
const pieces: readonly string[] = [
  ..."aA0=&%+.-_/\\:;,?#@!'\"`<>()[]{}|~^$* \t\r\n",
  ...[
    "\u00e9",
    "\u2028",
    "\u0301",
    "\u202e",
    "\ud83d\ude00",
    "\ufffd",
    "a=",
    "a=b&",
    "%41",
    '\\"',
    "\\x22",
    "\\\\",
    '{"',
  ],
  ...[
    '["',
    "[{",
    "{}",
    "a:",
    "a: ",
    "://",
    "http://a",
    "a.",
    "a-",
    "a/",
    "a@",
    "a b ",
    "1 ",
    "+1",
    "-1",
    "4155550100 ",
  ],
  ...["eyJ", "eyJa.", "CallSid=", "CallSid=CA", "CA0", "type", "specversion", "specversion: ", "data", "map[", "b'{"],
  ...[
    "<a>",
    "<a ",
    "<!--",
    "&amp;",
    '<a b="c">',
    "sip:",
    "sip:a",
    "token=",
    'password="',
    "T00:",
    "stdout ",
    "a::1",
    "1.1.",
  ],
  ...[
    "POST / HTTP/1.1",
    "\u001b[",
    "H4sI",
    "W3s",
    "2025-08-24T13:50:43Z stdout F ",
    "<title>Error</title>",
    "HTTP/1.1\r",
  ],
];

/** The places of an event, and lines. */
const allPlaces: Readonly<Record<string, EmbedText>> = {
  ...places,
  "a line": (text) => `${text}\n`,
  "a line with a form": (text) => `CallSid=CA ${text}\n`,
  "a line with an event's words": (text) => `${text} com.twilio. specversion "" \\" \\x22 ${text}\n`,
  "a line with an event": (text) => `${text}${sampleEvent(1)}${text}\n`,
  "an event that breaks": (text) => `{"type":"com.twilio.x","specversion":${text}\n`,
  "a line of docker's log": (text) => `${JSON.stringify({ log: `${text}\n`, stream: "stdout" })}\n`,
};

const allLines = [
  "validate -f ndjson",
  "validate",
  "decode",
  "timeline",
  "extract",
  "redact",
  "verify",
  "report -o -",
  "migrate",
];

/** Time below this is fine, however it grows. */
const QUICK_MS = 100;
/** Maximum factor of the time for four times the text. Quadratic time has 16. */
const MAX_GROWTH = 9;

export interface RepetitionOptions {
  /** Characters of each text. */
  readonly size?: number;
  readonly lines?: readonly string[];
  readonly units?: readonly string[];
  readonly names?: readonly string[];
  readonly program?: Pick<Program, "main">;
}

/**
 * Runs the command lines over texts that repeat each unit, in each place. Returns the number of inputs, the time of the
 * slowest, and a description of each whose time grows faster than its length.
 */
export function repetitionTrials({
  size = 40_000,
  lines = allLines,
  units = [...new Set([...tokens, ...pieces])],
  names = Object.keys(allPlaces),
  program,
}: RepetitionOptions = {}) {
  return inFolder(async (folder) => {
    const total = { inputs: 0, slowestMs: 0, wrong: [] as string[] };
    const subject = program ?? loadProgram(await bundleProgram(folder));
    for (const line of lines) {
      for (const place of names) {
        for (const unit of units) {
          const embed = allPlaces[place];
          if (embed === undefined) throw new Error(`unknown place ${place}`);
          const measure = (length: number) => fastest(subject, line.split(" "), textOf(embed, unit, length));
          const ms = await measure(size);
          total.inputs++;
          total.slowestMs = Math.max(total.slowestMs, ms);
          if (ms <= QUICK_MS) continue;
          const growth = await growthOf(measure, size);
          if (growth <= MAX_GROWTH) continue;
          const times = `${growth.toFixed(0)} times the time for 4 times the text, ${ms.toFixed(0)} ms`;
          total.wrong.push(`${line}: ${JSON.stringify(unit)} in ${place}: ${times}`);
        }
      }
    }
    return total;
  });
}

const textOf = (embed: EmbedText, unit: string, length: number): Buffer =>
  Buffer.from(embed(unit.repeat(Math.ceil(length / unit.length))));

/** The factor from the time of a quarter of the text to the time of all: the least of up to three trials. */
async function growthOf(measure: (length: number) => Promise<number>, size: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 3 && least > MAX_GROWTH; trial++) {
    const quarter = await measure(size / 4);
    least = Math.min(least, (await measure(size)) / quarter);
  }
  return least;
}

/** The fastest of up to three runs, in milliseconds, because a busy machine makes some slow. */
async function fastest(program: Pick<Program, "main">, argv: readonly string[], input: Buffer): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 3 && least > QUICK_MS; trial++) {
    const start = performance.now();
    await run(program, argv, [input], { stuckMs: 600_000 });
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
