// Pipes large inputs into the built program and measures its memory.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { start } from "../support/spawn.ts";

const MB = 1_000_000;
const MAX_MEMORY_MB = 200;

const call = readFileSync(join(import.meta.dirname, "../../samples/calls/answered.ndjson"), "utf8");
const callBytes = Buffer.byteLength(call);
const [event] = call.split("\n", 1);
const EVENTS_PER_CALL = 6;

/** Calls of this many bytes in all, each with its own SIDs. */
export function* makeCalls(bytes: number): Generator<Buffer> {
  for (let number = 0; number * callBytes < bytes; number++) {
    const digits = number.toString(16).padStart(8, "0");
    yield Buffer.from(call.replaceAll(/(CA|VW)[0-9a-f]{8}/g, `$1${digits}`));
  }
}

/** The same calls in one array, on one line. */
function* makeArray(bytes: number): Generator<Buffer> {
  let before = "[";
  for (const each of makeCalls(bytes)) {
    yield Buffer.from(`${before}${each.toString().trimEnd().replaceAll("\n", ",")}`);
    before = ",";
  }
  yield Buffer.from("]\n");
}

/** An event with a string of this many bytes, between two events of ordinary size. */
function* makeLongLine(bytes: number): Generator<Buffer> {
  yield Buffer.from(`${event}\n{"specversion":"1.0","type":"com.twilio.voice.media.fetched","id":"`);
  for (let made = 0; made < bytes; made += MB) yield Buffer.alloc(MB, "a");
  yield Buffer.from(`"}\n${event}\n`);
}

const gzip = (input: Iterable<Buffer>): AsyncIterable<Buffer> =>
  Readable.from(input, { objectMode: false }).pipe(createGzip({ level: 1 }));

interface MemoryCase {
  readonly command: string;
  readonly input: (bytes: number) => Iterable<Buffer> | AsyncIterable<Buffer>;
  readonly megabytes: number;
  /** Whether the input is one line that is too long, between two events. */
  readonly isLongLine?: boolean;
}

const validate = "validate -f compact";

const cases: readonly MemoryCase[] = [
  ...[validate, "validate -f ndjson", "extract"].map((command) => ({ command, input: makeCalls, megabytes: 100 })),
  { command: validate, input: (bytes) => gzip(makeCalls(bytes)), megabytes: 100 },
  { command: validate, input: makeArray, megabytes: 100 },
  ...[17, 64].map((megabytes) => ({ command: validate, input: makeLongLine, megabytes, isLongLine: true })),
];

/** The memory of all inputs, and what was wrong. */
export async function memoryTrials() {
  const wrong: string[] = [];
  let peakMB = 0;
  for (const each of cases) {
    const { command, input, megabytes } = each;
    const ended = await start(command.split(" "), { input: input(megabytes * MB) });
    peakMB = Math.max(peakMB, Math.round(ended.peak / MB));
    const problem = findProblem(ended, each);
    if (problem !== undefined) wrong.push(`${command}, ${input.name}, ${megabytes} MB: ${problem}`);
  }
  return { inputs: cases.length, peakMB, wrong };
}

function findProblem(
  { code, stdout, stderr, peak }: Awaited<ReturnType<typeof start>>,
  { command, megabytes, isLongLine = false }: MemoryCase,
): string | undefined {
  const events = (Math.ceil((megabytes * MB) / callBytes) * EVENTS_PER_CALL).toLocaleString("en-US");
  const count = isLongLine ? ": 2 events found, 1 text that could not be read.\n" : `: ${events} events found.\n`;
  if (code !== (isLongLine ? 1 : 0)) return `exit ${code}: ${stderr.slice(-200)}`;
  if (!stderr.includes(count)) return `other events than ${count}: ${stderr.slice(-200)}`;
  if (isLongLine && !/^-:2:\d+ +error +json-syntax +.+\n$/.test(stdout))
    return `other findings: ${stdout.slice(0, 200)}`;
  if (!isLongLine && command === validate && stdout !== "") return `findings: ${stdout.slice(0, 200)}`;
  return peak < MAX_MEMORY_MB * MB ? undefined : `${Math.round(peak / MB)} MB`;
}
