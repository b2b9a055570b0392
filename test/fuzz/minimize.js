// Makes an input small that goes wrong.

/** So often an input is tried at most, and for so many milliseconds. */
const MOST_TRIALS = 3000;
const MOST_MS = 20_000;

/**
 * The smallest bytes that can be found in the chunks for which `isWrong` still holds; it is asked about lists of chunks.
 * One chunk alone is tried first, then parts of ever smaller size are left out.
 */
export async function reduce(chunks, isWrong) {
  let trials = 0;
  const until = performance.now() + MOST_MS;
  const mayTry = () => trials++ < MOST_TRIALS && performance.now() < until;
  const holds = async (bytes) => mayTry() && bytes.length > 0 && (await isWrong([bytes]));
  for (const chunk of chunks) if (await holds(chunk)) return without(chunk, holds);
  const all = Buffer.concat(chunks);
  return (await holds(all)) ? without(all, holds) : all;
}

async function without(bytes, holds) {
  let kept = bytes;
  for (let size = kept.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < kept.length; ) {
      const shorter = Buffer.concat([kept.subarray(0, from), kept.subarray(from + size)]);
      if (await holds(shorter)) kept = shorter;
      else from += size;
    }
  }
  return kept;
}
