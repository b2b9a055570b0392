import { availableParallelism } from "node:os";
import { ExitCode } from "../errors.ts";
import {
  type Filter,
  type FoundEvent,
  noReadStats,
  type ReadStats,
  readEvents,
  type Taken,
} from "../findings/select-events.ts";
import type { ParseError, ScanResult } from "../input/json-record.ts";
import type { Source, SourceError } from "../input/sources.ts";
import type { Io } from "../io.ts";
import { count, formatBytes, grouped } from "../output/count-text.ts";
import { escapeText, safe } from "../output/escape.ts";
import { DEFAULT_SIZES, type ParallelJob, type Sizes } from "../parallel/protocol.ts";
import { createProgress } from "./progress.ts";

/** A command's run over its inputs. */
export interface EventReading<Own extends Taken = never> {
  readonly tally: ReadStats;
  /** Hands what is read to `visit`, until the inputs end or the user interrupts, and yields after each chunk. Says what
   * cannot be read. With `tickMs` it yields too when nothing has come for so long. */
  chunks(visit: (item: FoundEvent | ParseError | Own) => void, tickMs?: number): AsyncGenerator<undefined>;
  /** The same for who waits between two events: yields what a chunk held. */
  batches(): AsyncGenerator<readonly (FoundEvent | ParseError | Own)[]>;
  /** One sentence on what was read and what of it held events. */
  coverage(): string;
  /** Whether the user has ended it before all was read. */
  isCutShort(): boolean;
  /** The exit code that the reading alone asks for: interrupted, an unreadable input, no event; else 0. */
  exitCode(allowEmpty: boolean): ExitCode;
  /** Says on stderr what was read, unless the result did, and when nothing was found why, and what to do. */
  report(isCovered?: boolean): Promise<void>;
}

/** How a command reads that does more than to look at events. */
export interface ReadingOptions<Own extends Taken> {
  /** What it makes of pieces of text itself; see `readEvents`. */
  readonly take?: (piece: ScanResult, tally: ReadStats) => readonly Own[] | undefined;
  /** Ends the reading. Who gives it hears interrupts himself, and shows his own progress. */
  readonly signal?: AbortSignal;
  /** How big files are spread over threads, so many unless the user told another number. */
  readonly parallel?: ParallelJob;
  readonly jobs?: number | undefined;
  readonly sizes?: Sizes | undefined;
}

/** Starts to read the inputs. Progress shows on stderr, at a terminal, when a run takes more than a second. */
export function startReading<Own extends Taken = never>(
  io: Io,
  sources: readonly (Source | SourceError)[],
  filter: Filter,
  { take, signal, parallel, jobs = availableParallelism(), sizes }: ReadingOptions<Own> = {},
): EventReading<Own> {
  const tally = noReadStats();
  const size = sources.reduce<number | undefined>((sum, source) => {
    const own = "size" in source ? source.size : 0;
    return sum === undefined || own === undefined ? undefined : sum + own;
  }, 0);
  let interrupted = false;

  /** What a pipe brings is not known before; a limit is soon reached, and who follows a pipe is in no hurry. */
  function isWorthThreads(): boolean {
    const files = sources.reduce((sum, source) => sum + (("size" in source ? source.size : undefined) ?? 0), 0);
    return files >= (sizes ?? DEFAULT_SIZES).border;
  }

  async function* chunks(
    visit: (item: FoundEvent | ParseError | Own) => void,
    tickMs?: number,
  ): AsyncGenerator<undefined> {
    const showsProgress = signal === undefined && !io.stdout.isTerminal;
    const progress = showsProgress ? createProgress(io, () => progressText(tally, size)) : undefined;
    let stop: (() => void) | undefined;
    const interrupt = (): void => {
      interrupted = true;
      stop?.();
    };
    signal?.addEventListener("abort", interrupt);
    if (signal?.aborted) interrupt();
    const release = signal === undefined ? io.onInterrupt(interrupt) : undefined;
    const ending = new AbortController();
    const isParallel =
      parallel !== undefined && jobs > 1 && filter.limit === undefined && tickMs === undefined && isWorthThreads();
    const reader = isParallel
      ? (await import("../parallel/read.ts")).readInParallel({
          inputs: sources,
          filter,
          tally,
          visit,
          parallel,
          jobs,
          sizes: sizes ?? DEFAULT_SIZES,
          signal: ending.signal,
        })
      : readEvents(sources, filter, tally, visit, take && ((piece) => take(piece, tally)));
    let waiting: ReturnType<typeof reader.next> | undefined;
    try {
      while (!interrupted) {
        // A promise a chunk: racing against one that lives as long as the run would keep every chunk alive.
        const coming = waiting ?? reader.next();
        waiting = coming;
        let timer: NodeJS.Timeout | undefined;
        const next = await new Promise<Awaited<typeof coming> | "tick" | undefined>((resolve, reject) => {
          stop = () => resolve(undefined);
          coming.then(resolve, reject);
          if (tickMs !== undefined) timer = setTimeout(() => resolve("tick"), tickMs);
        });
        clearTimeout(timer);
        if (next === "tick") {
          yield;
          continue;
        }
        waiting = undefined;
        if (!next || next.done) break;
        const { value } = next;
        if (value !== undefined)
          await io.stderr.write(safe`twilio-events: ${escapeText(value.name)}: ${escapeText(value.problem)}\n`);
        yield;
        await progress?.show();
      }
    } finally {
      ending.abort();
      // Not awaited: a pipe that nobody writes to would never let go.
      if (isParallel) void reader.return(undefined);
      release?.();
      signal?.removeEventListener("abort", interrupt);
      await progress?.clear();
    }
  }

  async function* batches(): AsyncGenerator<readonly (FoundEvent | ParseError | Own)[]> {
    let batch: (FoundEvent | ParseError | Own)[] = [];
    for await (const _ of chunks((item) => batch.push(item))) {
      const full = batch;
      batch = [];
      yield full;
    }
  }

  return {
    tally,
    chunks,
    batches,
    coverage: () => coverage(tally, interrupted),
    isCutShort: () => interrupted,
    exitCode(allowEmpty) {
      if (interrupted) return ExitCode.Interrupted;
      if (tally.unreadable > 0) return ExitCode.Usage;
      return tally.passed === 0 && !allowEmpty ? ExitCode.NoEvents : ExitCode.Done;
    },
    async report(isCovered = false) {
      if (!isCovered) await io.stderr.write(safe`${escapeText(coverage(tally, interrupted))}\n`);
      if (tally.passed === 0 && tally.inputs > tally.unreadable) {
        await io.stderr.write(safe`twilio-events: ${escapeText(advice(tally))}\n`);
      }
    },
  };
}

function progressText(tally: ReadStats, size: number | undefined): string {
  const share = size === undefined || size === 0 ? "" : ` (${Math.min(100, Math.floor((tally.bytes / size) * 100))} %)`;
  return `${formatBytes(tally.bytes)} read${share}, ${grouped(tally.events)} events`;
}

function coverage(tally: ReadStats, interrupted: boolean): string {
  const { inputs, lines, bytes, events, passed, barren, faults, nulBytes, unreadable } = tally;
  const parts = [`${count(events, safe`event`)} found`];
  if (passed !== events) parts.push(`${grouped(events - passed)} of them left out by the filters`);
  if (barren > 0) parts.push(`${count(barren, safe`record`)} without an event`);
  if (faults > 0) parts.push(`${count(faults, safe`text`)} that could not be read`);
  if (nulBytes > 0) parts.push(`${grouped(nulBytes)} NUL bytes passed over (a file that lost power?)`);
  if (unreadable > 0) parts.push(`${count(unreadable, safe`input`)} not read`);
  const read = `${interrupted ? "Interrupted. " : ""}Read ${count(lines, safe`line`)} (${formatBytes(bytes)}) of ${count(inputs, safe`input`)}`;
  return `${read}: ${parts.join(", ")}.`;
}

function advice(tally: ReadStats): string {
  if (tally.events > 0)
    return "no event passed the filters; see them all without --call, --type, --status, --since, --until";
  if (tally.bytes === 0) return "the input is empty; pipe a log in, or name a file or folder";
  if (tally.records === 0 && tally.faults === 0) {
    return `no event found: no line of ${grouped(tally.lines)} holds JSON; log the webhook's body as JSON, one event a line`;
  }
  if (tally.records === 0) return "no event found: what looks like one is not JSON, see the findings";
  return (
    `no event found: no JSON record of ${grouped(tally.records)} looks like a Twilio event ` +
    '(a "type" that begins com.twilio., or "specversion"); is it the right file?'
  );
}
