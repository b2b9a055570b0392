import type { Filter, FoundEvent, ReadStats } from "../findings/select-events.ts";
import type { ParseError } from "../input/json-record.ts";
import type { ByteRange } from "../input/range-reader.ts";

/** What a command makes of events in a thread, to be merged in the main one. */
export interface Job {
  /** Begins with a range or an input; `known` is what the main thread knew of those before: see `Spread`. */
  begin(known: readonly string[]): JobReading;
  /** About how many bytes are ready. */
  size(): number;
  /** What is ready, as data that can be cloned, and of it what can be handed over without a copy. */
  take(): { readonly batch: unknown; readonly transferred: readonly ArrayBuffer[] };
}

/** What is to be read for a task, and who sees it. */
interface JobReading {
  readonly filter: Filter;
  visit(item: FoundEvent | ParseError): void;
}

/** The name of a task, which worker.ts knows it by, and options that can be cloned. */
export interface JobOrder {
  readonly name: string;
  readonly options: unknown;
}

/** What a thread is told, about a work by its number. */
export type ToThread =
  | {
      readonly kind: "read";
      readonly work: number;
      readonly input: string;
      readonly range: ByteRange | undefined;
      readonly known: readonly string[];
    }
  /** One of its batches was merged. */
  | { readonly kind: "merged"; readonly work: number }
  /** It is not wanted any more. */
  | { readonly kind: "drop"; readonly work: number };

/** What a thread tells of a work: batches in their order, each with what was read for it, and at last its end. */
export type FromThread =
  | { readonly kind: "batch"; readonly work: number; readonly batch: unknown; readonly tally: ReadStats }
  /** `reached` is where a range ended; `problem` why the file could not be read on. */
  | { readonly kind: "end"; readonly work: number; readonly reached: number; readonly problem: string | undefined };

/** So many batches of a work may wait to be merged before its thread waits too. */
export const MAX_WAITING = 4;
