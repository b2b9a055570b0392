import type { Filter, FoundEvent, ReadStats } from "../findings/select-events.ts";
import type { ParseError } from "../input/json-record.ts";
import type { ByteRange } from "../input/range-reader.ts";

/** The part of a command that worker threads do: it makes results of events, which the main thread merges. */
export interface Job {
  /** Begins with a part of the inputs; `known` is what the main thread knew of the parts before: see `ParallelJob`. */
  begin(known: readonly string[]): JobReading;
  /** About how many bytes are ready. */
  size(): number;
  /** What is ready, as data that can be cloned, and of it what can be handed over without a copy. */
  take(): { readonly result: unknown; readonly transferred: readonly ArrayBuffer[] };
}

/** What is to be read for a job, and who sees it. */
interface JobReading {
  readonly filter: Filter;
  visit(item: FoundEvent | ParseError): void;
}

/** The name of the command whose job it is, and options that can be cloned. */
export interface JobSpec {
  readonly name: string;
  readonly options: unknown;
}

/** How a command reads in several threads. */
export interface ParallelJob {
  readonly spec: JobSpec;
  /** Whether the threads must know the numbers of lines: else they count from 1 in each range. */
  readonly countsLines: boolean;
  /** Adds what a thread made, in the order of the input; `linesBefore` is to be added to its lines. */
  merge(result: never, linesBefore: number): void;
  /**
   * What has been learned so far that changes what is made of later events; it only grows. What a thread read with less
   * of it than came before is read again.
   */
  known(): readonly string[];
}

/** From which size on, in bytes, threads are started, and how big the ranges are. */
export interface Sizes {
  readonly border: number;
  readonly range: number;
  /** The program of the threads; the built one unless told. */
  readonly program?: string;
}

/** A thread costs some tens of milliseconds and megabytes: what is smaller is read before it pays. */
export const DEFAULT_SIZES: Sizes = { border: 100e6, range: 8 * 1024 * 1024 };

/** A message to a thread, about a part of the inputs by its number. */
export type ToThread =
  | {
      readonly kind: "read";
      readonly part: number;
      readonly input: string;
      readonly range: ByteRange | undefined;
      readonly known: readonly string[];
    }
  /** One of its results was merged. */
  | { readonly kind: "merged"; readonly part: number }
  /** It is not wanted any more. */
  | { readonly kind: "drop"; readonly part: number };

/** A part of what a job makes of a part of the inputs, with what was read for it. */
export interface JobResult {
  readonly kind: "result";
  readonly part: number;
  readonly result: unknown;
  readonly stats: ReadStats;
}

/** The end of a part: `reached` is where a range ended, `problem` why the file could not be read on. */
export interface PartEnd {
  readonly kind: "end";
  readonly part: number;
  readonly reached: number;
  readonly problem: string | undefined;
}

/** A message from a thread: the results of a part in their order, and at last its end. */
export type FromThread = JobResult | PartEnd;

/** So many results of a part may wait to be merged before its thread waits too. */
export const MAX_UNMERGED = 4;

/** Adds to `stats` what was read besides. */
export function addStats(stats: ReadStats, more: ReadStats): void {
  for (const key of Object.keys(more) as (keyof ReadStats)[]) stats[key] += more[key];
}
