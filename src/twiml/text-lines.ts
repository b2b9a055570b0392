/** A place in a text: line and column from 1, columns in UTF-16 units, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  placeOf(offset: number): Place;
  /** The offset of a place; a column past the end of its line gives the end of the text at most. */
  offsetOf(place: Place): number;
}

/** Translates between offsets and places of one text. A line ends with LF, CR LF or CR (XML 1.0, section 2.11). */
export function linesOf(text: string): Lines {
  let known: readonly number[] | undefined;
  // Most texts have no finding, so none asks where its lines start.
  const starts = () => {
    known ??= [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (end) => end.index + end[0].length)];
    return known;
  };
  return {
    placeOf(offset) {
      const line = lastNotAbove(starts(), offset);
      return { line: line + 1, column: offset - (starts()[line] as number) + 1 };
    },
    offsetOf({ line, column }) {
      return Math.min((starts()[line - 1] ?? text.length) + column - 1, text.length);
    },
  };
}

/** The index of the last of these ascending numbers that is not above the limit; 0 when all are. */
export function lastNotAbove(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] as number) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
