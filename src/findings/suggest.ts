/** Beyond this many edits a suggestion confuses more than it helps. */
const MAX_EDITS = 4;

/** The name with the fewest edits from the given one; the first of several, undefined when all are too far. */
export function findNearest(name: string, names: Iterable<string>): string | undefined {
  return nearest(name, names, { max: MAX_EDITS, spell: (text) => text, hasSwaps: false });
}

/**
 * The candidate that was meant by a wrong name: the same but for case, else the nearest by edit distance when no
 * more than a third of the letters and three of them differ; undefined when none is near.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const max = Math.min(3, Math.floor(name.length / 3));
  return nearest(name, candidates, { max, spell: (text) => text.toLowerCase(), hasSwaps: true });
}

interface Closeness {
  /** Edits at most. */
  readonly max: number;
  /** How a name is compared. */
  spell(name: string): string;
  /** Whether two neighbors that are exchanged are one edit, not two. */
  readonly hasSwaps: boolean;
}

function nearest(name: string, candidates: Iterable<string>, { max, spell, hasSwaps }: Closeness): string | undefined {
  let best: string | undefined;
  let bound = max + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bound) continue;
    const edits = editDistance(spell(name), spell(candidate), bound, hasSwaps);
    if (edits < bound) [best, bound] = [candidate, edits];
  }
  return best;
}

/** Letters to insert, delete or change, and to exchange (optimal string alignment); at least `bound` once it is that. */
function editDistance(from: string, to: string, bound: number, hasSwaps: boolean): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (last[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = hasSwaps && i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = isSwap ? (beforeLast[j - 2] as number) + 1 : change;
      row.push(Math.min(change, swap, (last[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    // Two rows, as an exchange looks back over one.
    if (Math.min(...row) >= bound && Math.min(...last) >= bound) return bound;
    beforeLast = last;
    last = row;
  }
  return last[to.length] as number;
}
