// A few characters again and again, at each place of an input: no such text may take time that grows faster than it does.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { places } from "./embed-text.js";
import { bundleProgram, loadProgram, run } from "./run-in-process.js";
import { goodEvent } from "./sample-events.js";
import { tokens } from "./tokens.js";

/** What the parts of regular expressions fit: one of them after the other is what backtracks. */
const pieces = [
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

/** The places of events, and whole lines. */
const allPlaces = {
  ...places,
  "a line": (text) => `${text}\n`,
  "a line with a form": (text) => `CallSid=CA ${text}\n`,
  "a line with an event's words": (text) => `${text} com.twilio. specversion "" \\" \\x22 ${text}\n`,
  "a line with an event": (text) => `${text}${goodEvent(1)}${text}\n`,
  "an event that breaks": (text) => `{"type":"com.twilio.x","specversion":${text}\n`,
  "a line of docker's log": (text) => `${JSON.stringify({ log: `${text}\n`, stream: "stdout" })}\n`,
};

/** @type {Readonly<Record<string, any>>} */
const usual = {};

/** A text that takes no more milliseconds than this is quick enough, however they grow. */
const QUICK_MS = 100;
/** Four times the text may take so many times as long: sixteen is what a square makes of it. */
const MOST_GROWTH = 9;

/**
 * Runs the command lines over texts of so many characters, at each place, one of the tokens each. Returns how many inputs
 * there were, the milliseconds of the slowest one, and in words those that take time that grows faster than they do. The
 * program is bundled of its sources unless it is given.
 */
export async function repetitionTrials({
  size = 40_000,
  lines = [
    "validate -f ndjson",
    "validate",
    "decode",
    "timeline",
    "extract",
    "redact",
    "verify",
    "report -o -",
    "migrate",
  ],
  units = [...new Set([...tokens, ...pieces])],
  names = Object.keys(allPlaces),
  program,
} = usual) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-repetition-"));
  const total = { inputs: 0, slowestMs: 0, wrong: [] };
  try {
    const subject = program ?? loadProgram(await bundleProgram(folder));
    for (const line of lines) {
      const argv = line.split(" ");
      for (const place of names) {
        const input = allPlaces[place];
        for (const unit of units) {
          const ms = await fastest(subject, argv, input, unit, size);
          total.inputs++;
          total.slowestMs = Math.max(total.slowestMs, ms);
          if (ms <= QUICK_MS) continue;
          const growth = await growthOf(subject, argv, input, unit, size);
          if (growth > MOST_GROWTH) {
            const words = `${growth.toFixed(0)} times the time for 4 times the text, ${ms.toFixed(0)} ms`;
            total.wrong.push(`${line}: ${JSON.stringify(unit)} at ${place}: ${words}`);
          }
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return total;
}

/** How many times as long a text takes as a quarter of it: the least of three trials, until one is as it should be. */
async function growthOf(program, argv, input, unit, size) {
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 3 && least > MOST_GROWTH; trial++) {
    const quarter = await fastest(program, argv, input, unit, size / 4);
    least = Math.min(least, (await fastest(program, argv, input, unit, size)) / quarter);
  }
  return least;
}

/** The milliseconds of the fastest of three runs, or of the first quick one: a busy machine makes some of them slow. */
async function fastest(program, argv, input, unit, size) {
  const chunks = [Buffer.from(input(unit.repeat(Math.ceil(size / unit.length))))];
  let least = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 3 && least > QUICK_MS; trial++) {
    const start = performance.now();
    await run(program, argv, chunks, { stuckMs: 600_000 });
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
