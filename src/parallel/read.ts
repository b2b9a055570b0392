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
import type { Sizes, Spread } from "./parallel-options.ts";
import { unitsOf } from "./split.ts";
import { createWorkerPool, type Work } from "./worker-pool.ts";

/** How a run over inputs is to be made. */
interface Run {
  readonly inputs: readonly (Source | SourceError)[];
  readonly filter: Filter;
  readonly tally: ReadStats;
  /** Sees what the main thread reads itself. */
  visit(item: FoundEvent | ParseError): void;
  readonly spread: Spread;
  readonly jobs: number;
  readonly sizes: Sizes;
  readonly signal: AbortSignal;
}

/** Works that are given out, or done and not merged yet, for each thread. */
const AHEAD = 3;

/**
 * Reads the inputs as `readEvents` does, in so many threads. Each range is read as if nothing of what stands before it
 * made a difference; where it turns out that it does, because the one before went on into it or found what it had to
 * know, the main thread reads that range again. Throws when a thread fails, naming the range.
 */
export async function* readInParallel(run: Run): AsyncGenerator<SourceError | undefined> {
  const { inputs, tally, spread, jobs, sizes, signal } = run;
  const crew = createWorkerPool(jobs, spread.order, sizes.program);
  const units = unitsOf(inputs, sizes.range, spread.countsLines);
  const works: Work[] = [];
  let isAll = false;
  let place = startOf(undefined, tally);

  /** The next work in the order of the inputs; those behind it are given out. */
  async function nextWork(): Promise<Work | undefined> {
    while (!isAll && !signal.aborted && works.length < jobs * AHEAD) {
      const { value, done } = await units.next();
      if (done) isAll = true;
      else works.push(crew.give(value, spread.known()));
    }
    return signal.aborted ? undefined : works.shift();
  }

  /** The number of the line that comes next. */
  const line = (): number => 1 + tally.lines - place.before.lines;

  /** Merges what a thread reads; returns the offset where it ended. */
  async function* mergeFrom(work: Work): AsyncGenerator<SourceError | undefined, number> {
    const linesBefore = line() - (work.unit.range?.line ?? 1);
    for (let next = await crew.next(work); next !== undefined; next = await crew.next(work)) {
      addTo(tally, next.tally);
      spread.merge(next.batch as never, linesBefore);
      yield;
    }
    const { problem, reached = Number.POSITIVE_INFINITY } = work.end ?? {};
    return problem === undefined ? reached : yield* unreadable({ name: work.unit.input.name, problem });
  }

  /** Reads in this thread from where the one before ended; returns the offset where that ends. */
  async function* readHere(
    input: Source,
    range: ByteRange | undefined,
  ): AsyncGenerator<SourceError | undefined, number> {
    const select = selecting(run.filter, tally, run.visit);
    const sieve = prefilterFor(run.filter, tally);
    try {
      if (range !== undefined) {
        const rest = { start: place.offset, end: range.end, line: line() };
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
    place.isRead = false;
    yield input;
    return Number.POSITIVE_INFINITY;
  }

  async function* readUnit(work: Work): AsyncGenerator<SourceError | undefined, number> {
    const { input, range, isForThread } = work.unit;
    if ("problem" in input) return yield* unreadable(input);
    if (range !== undefined && place.offset >= range.end) return place.offset;
    const isRight = (range?.start ?? 0) === place.offset && work.known === spread.known().length;
    if (isForThread && isRight) return yield* mergeFrom(work);
    crew.drop(work);
    return yield* readHere(input, range);
  }

  /** A file in ranges has been read; see `findFault`. */
  async function lookForFault(input: Source): Promise<void> {
    const { events, faults } = place.before;
    if (!place.isRead || tally.events !== events || tally.faults !== faults) return;
    const broken = await findFault(input);
    if (!broken) return;
    tally.faults++;
    run.visit(broken);
  }

  signal.addEventListener("abort", crew.end);
  try {
    for (let work = await nextWork(); work !== undefined; work = await nextWork()) {
      const { input, range } = work.unit;
      if (input !== place.input) {
        place = startOf(input, tally);
        tally.inputs++;
      }
      place.offset = yield* readUnit(work);
      crew.drop(work);
      if (range?.end === Number.POSITIVE_INFINITY && "open" in input && !signal.aborted) await lookForFault(input);
    }
    yield;
  } finally {
    signal.removeEventListener("abort", crew.end);
    crew.end();
    await units.return(undefined);
  }
}

/** How far an input has been read. */
interface Place {
  readonly input: Source | SourceError | undefined;
  readonly before: Readonly<ReadStats>;
  offset: number;
  isRead: boolean;
}

const startOf = (input: Place["input"], tally: ReadStats): Place => ({
  input,
  before: { ...tally },
  offset: 0,
  isRead: true,
});

function addTo(tally: ReadStats, more: ReadStats): void {
  for (const key of Object.keys(more) as (keyof ReadStats)[]) tally[key] += more[key];
}
