import {
  type Filter,
  type FoundEvent,
  isSystemError,
  prefilterFor,
  type ReadStats,
  selecting,
} from "../findings/select-events.ts";
import type { ParseError } from "../input/json-record.ts";
import { type ByteRange, readRange } from "../input/range-reader.ts";
import { findFault, readSource } from "../input/read-source.ts";
import { problemOf, type Source, type SourceError } from "../input/sources.ts";
import { addStats, type ParallelJob, type Sizes } from "./protocol.ts";
import { splitInputs } from "./split.ts";
import { createWorkerPool, type PendingPart } from "./worker-pool.ts";

/** How a run over inputs is to be made. */
interface ParallelRun {
  readonly inputs: readonly (Source | SourceError)[];
  readonly filter: Filter;
  readonly tally: ReadStats;
  /** Sees what the main thread reads itself. */
  visit(item: FoundEvent | ParseError): void;
  readonly parallel: ParallelJob;
  readonly jobs: number;
  readonly sizes: Sizes;
  readonly signal: AbortSignal;
}

/** Parts that threads read, or have read and that are not merged yet, for each thread. */
const MAX_PENDING_PER_THREAD = 3;

/** How far an input has been read. */
interface InputProgress {
  readonly input: Source | SourceError | undefined;
  readonly before: Readonly<ReadStats>;
  offset: number;
  isReadable: boolean;
}

/**
 * Reads the inputs as `readEvents` does, in so many threads. Each range is read as if nothing of what stands before it
 * made a difference; where it turns out that it does, because the one before went on into it or found what it had to
 * know, the main thread reads that range again. Throws when a thread fails, naming the range.
 */
export async function* readInParallel(run: ParallelRun): AsyncGenerator<SourceError | undefined> {
  const { inputs, filter, tally, visit, parallel, jobs, sizes, signal } = run;
  const pool = createWorkerPool(jobs, parallel.spec, sizes.program);
  const parts = splitInputs(inputs, sizes.range, parallel.countsLines);
  const ahead: PendingPart[] = [];
  let isAll = false;
  let progress = startOf(undefined);

  function startOf(input: InputProgress["input"]): InputProgress {
    return { input, before: { ...tally }, offset: 0, isReadable: true };
  }

  /** The next part in the order of the inputs; those behind it are given to the pool. */
  async function nextPart(): Promise<PendingPart | undefined> {
    while (!isAll && !signal.aborted && ahead.length < jobs * MAX_PENDING_PER_THREAD) {
      const { value, done } = await parts.next();
      if (done) isAll = true;
      else ahead.push(pool.add(value, parallel.known()));
    }
    return signal.aborted ? undefined : ahead.shift();
  }

  /** The number of the line that comes next. */
  const line = (): number => 1 + tally.lines - progress.before.lines;

  /** Merges what a thread reads; returns the offset where it ended. */
  async function* mergeFrom(pending: PendingPart): AsyncGenerator<SourceError | undefined, number> {
    const { input, range } = pending.part;
    const linesBefore = line() - (range?.line ?? 1);
    for (let next = await pool.next(pending); next !== undefined; next = await pool.next(pending)) {
      addStats(tally, next.stats);
      parallel.merge(next.result as never, linesBefore);
      yield;
    }
    const { problem, reached = Number.POSITIVE_INFINITY } = pending.end ?? {};
    return problem === undefined ? reached : yield* unreadable({ name: input.name, problem });
  }

  /** Reads in this thread from where the part before ended; returns the offset where that ends. */
  async function* readHere(
    input: Source,
    range: ByteRange | undefined,
  ): AsyncGenerator<SourceError | undefined, number> {
    const select = selecting(filter, tally, visit);
    const sieve = prefilterFor(filter, tally);
    try {
      if (range !== undefined) {
        const rest = { start: progress.offset, end: range.end, line: line() };
        return yield* readRange(input.name, rest, tally, select, sieve);
      }
      yield* readSource(input, tally, select, { sieve });
      return Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return yield* unreadable({ name: input.name, problem: problemOf(error) });
    }
  }

  function* unreadable(input: SourceError): Generator<SourceError, number> {
    tally.unreadable++;
    progress.isReadable = false;
    yield input;
    return Number.POSITIVE_INFINITY;
  }

  async function* readPart(pending: PendingPart): AsyncGenerator<SourceError | undefined, number> {
    const { input, range, isForThread } = pending.part;
    if ("problem" in input) return yield* unreadable(input);
    if (range !== undefined && progress.offset >= range.end) return progress.offset;
    const isRight = (range?.start ?? 0) === progress.offset && pending.known.length === parallel.known().length;
    if (isForThread && isRight) return yield* mergeFrom(pending);
    pool.drop(pending);
    return yield* readHere(input, range);
  }

  /** A file in ranges has been read; see `findFault`. */
  async function reportFault(input: Source): Promise<void> {
    const { events, faults } = progress.before;
    if (!progress.isReadable || tally.events !== events || tally.faults !== faults) return;
    const fault = await findFault(input);
    if (!fault) return;
    tally.faults++;
    visit(fault);
  }

  signal.addEventListener("abort", pool.end);
  try {
    for (let pending = await nextPart(); pending !== undefined; pending = await nextPart()) {
      const { input, range } = pending.part;
      if (input !== progress.input) {
        progress = startOf(input);
        tally.inputs++;
      }
      progress.offset = yield* readPart(pending);
      pool.drop(pending);
      if (range?.end === Number.POSITIVE_INFINITY && "open" in input && !signal.aborted) await reportFault(input);
    }
    yield;
  } finally {
    signal.removeEventListener("abort", pool.end);
    pool.end();
    await parts.return(undefined);
  }
}
