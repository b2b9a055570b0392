import { isSystemError } from "../findings/select-events.ts";
import { type ByteRange, splitFile } from "../input/range-reader.ts";
import type { Source, SourceError } from "../input/sources.ts";

/** A part of the inputs that one thread reads. */
export interface InputPart {
  readonly input: Source | SourceError;
  /** Absent where it is the whole input. */
  readonly range?: ByteRange;
  /** Whether a thread can read it; standard input belongs to the main one. */
  readonly isForThread: boolean;
}

/** Splits inputs into parts, in their order: files of less than two ranges' size stay whole. See `splitFile`. */
export async function* splitInputs(
  inputs: readonly (Source | SourceError)[],
  rangeBytes: number,
  countsLines: boolean,
): AsyncGenerator<InputPart> {
  for (const input of inputs) {
    const size = "size" in input ? input.size : undefined;
    let last: ByteRange | undefined;
    if (size !== undefined && size >= rangeBytes * 2) {
      try {
        for await (const range of splitFile(input.name, rangeBytes, countsLines)) {
          last = range;
          yield { input, range, isForThread: true };
        }
      } catch (error) {
        if (!isSystemError(error)) throw error;
        // Who reads on from there meets the same trouble, and tells of it in its place.
        if (last)
          yield { input, range: { ...last, start: last.end, end: Number.POSITIVE_INFINITY }, isForThread: false };
      }
    }
    if (last === undefined) yield { input, isForThread: size !== undefined };
  }
}
