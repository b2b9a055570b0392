import type { JobOrder } from "./protocol.ts";

/** How a command's work is spread over threads. */
export interface Spread {
  /** What the threads do; see `Task`. */
  readonly order: JobOrder;
  /** Whether they must know the numbers of lines: else they count from 1 in each range. */
  readonly countsLines: boolean;
  /** Takes what a thread made, in the order of the input; `linesBefore` is to be added to its lines. */
  merge(batch: never, linesBefore: number): void;
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
export const usualSizes: Sizes = { border: 100e6, range: 8 * 1024 * 1024 };
