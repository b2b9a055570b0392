// Plans the runs of the fuzzer: each one's command line and input.
import type { Random } from "../support/random.ts";
import { jobs } from "./command-lines.ts";
import type { Job } from "./invariants.ts";
import type { Mutator } from "./mutate.ts";
import { sampleEvent } from "./sample-events.ts";

/** Inputs of one run. They are lines of one stream, with sample events between them. */
const INPUTS_PER_RUN = 200;
/** The share of inputs that have a run of their own, because the start of an input decides how it is read. */
const ALONE_INPUTS = 0.03;
const ALONE_RUNS = (ALONE_INPUTS * INPUTS_PER_RUN) / (1 - ALONE_INPUTS + ALONE_INPUTS * INPUTS_PER_RUN);
/** The share of inputs with a sample event before them. */
const SAMPLE_EVENTS = 0.15;
/** The share of runs that are repeated with other chunks. */
const CUT_RUNS = 0.03;
/** Minimum bytes of a chunk, as a pipe has. */
const MIN_CHUNK_BYTES = 65_536;
const CUT_BYTES = 61;

/** Each job as often as its weight. A job that ends early doesn't read a stream. */
const weighed = jobs.flatMap((job) => Array<Job>(job.weight).fill(job));
const jobsOf = { one: weighed, many: weighed.filter(({ isComplete }) => isComplete) };

interface RunPlan {
  readonly job: Job;
  /** The inputs and the sample events. */
  readonly parts: readonly Buffer[];
  /** The input as it is given to the program. */
  readonly chunks: readonly Buffer[];
  /** The same in other chunks, if the run is repeated with these. */
  readonly cut: readonly Buffer[] | undefined;
  /** Number of inputs. */
  readonly made: number;
}

/** Plans a run. */
export function planRun(random: Random, make: Mutator["make"]): RunPlan {
  const isAlone = random.chance(ALONE_RUNS);
  const job = random.pick(isAlone ? jobsOf.one : jobsOf.many);
  // `migrate` refuses a whole stream because of one NUL byte.
  const toPart = job.command === "migrate" ? withoutNul : (bytes: Buffer): Buffer => bytes;
  const parts = isAlone ? [make(random)] : makeStream(random, make).map(toPart);
  const chunks = isAlone || random.chance(0.1) ? parts : joinParts(parts);
  // Some text is recognized by the first chunk, and damaged gzip is read further in small chunks.
  const isOnePiece = ["decode", "verify", "migrate"].includes(job.command) || parts[0]?.[0] === 0x1f || hasKey(job);
  const cut = isOnePiece || !random.chance(CUT_RUNS) ? undefined : cutInPieces(Buffer.concat(parts));
  return { job, parts, chunks, cut, made: isAlone ? 1 : INPUTS_PER_RUN };
}

/** Whether each run makes its own pseudonyms, so that no two outputs are the same. */
const hasKey = ({ command, argv }: Job): boolean =>
  command === "redact" || command === "report" || argv.some((word) => word.startsWith("--redact"));

/** Inputs on lines of their own, and sample events between them. One is first, so that the stream is read as text. */
function makeStream(random: Random, make: Mutator["make"]): readonly Buffer[] {
  let number = 0;
  const event = (): Buffer => Buffer.from(`${sampleEvent(number++)}\n`);
  const parts = [event()];
  for (let left = INPUTS_PER_RUN; left > 0; left--) {
    parts.push(Buffer.concat([make(random), newline]));
    if (random.chance(SAMPLE_EVENTS)) parts.push(event());
  }
  return parts;
}

const newline = Buffer.from("\n");

const withoutNul = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte || 0x20));

/** Joins the parts to chunks as a pipe has them. */
function joinParts(parts: readonly Buffer[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let some: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    some.push(part);
    size += part.length;
    if (size < MIN_CHUNK_BYTES) continue;
    chunks.push(Buffer.concat(some));
    some = [];
    size = 0;
  }
  return [...chunks, Buffer.concat(some)];
}

/** The same bytes in small pieces. */
export const cutInPieces = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / CUT_BYTES) }, (_, at) =>
    bytes.subarray(at * CUT_BYTES, (at + 1) * CUT_BYTES),
  );
