const MAX_TRIALS = 3000;
const MAX_MS = 20_000;

/**
 * Finds the smallest bytes in the chunks for which `fails` still holds: first tries each chunk alone, then leaves out
 * parts of ever smaller size.
 */
export async function minimize(
  chunks: readonly Buffer[],
  fails: (chunks: readonly Buffer[]) => Promise<boolean>,
): Promise<Buffer> {
  let trials = 0;
  const until = performance.now() + MAX_MS;
  const failsAlone = async (bytes: Buffer): Promise<boolean> =>
    bytes.length > 0 && trials++ < MAX_TRIALS && performance.now() < until && (await fails([bytes]));
  for (const chunk of chunks) if (await failsAlone(chunk)) return shorten(chunk, failsAlone);
  const all = Buffer.concat(chunks);
  return (await failsAlone(all)) ? shorten(all, failsAlone) : all;
}

async function shorten(bytes: Buffer, fails: (bytes: Buffer) => Promise<boolean>): Promise<Buffer> {
  let kept = bytes;
  for (let size = kept.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < kept.length; ) {
      const shorter = Buffer.concat([kept.subarray(0, from), kept.subarray(from + size)]);
      if (await fails(shorter)) kept = shorter;
      else from += size;
    }
  }
  return kept;
}
