/** A source of random numbers that always gives the same ones for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number;
  /** An element of a list that has one. */
  pick<Value>(list: readonly Value[]): Value;
  /** Whether something with this probability (0 to 1) happens. */
  chance(share: number): boolean;
}

/** Random numbers from two whole numbers: the generator sfc32 of PractRand (public domain). */
export function createRandom(seed: number, number: number): Random {
  let a = seed | 0;
  let b = number | 0;
  let c = Math.floor(number / 2 ** 32) | 0;
  let counter = 1;
  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round++) next();
  const below = (count: number): number => Math.floor((next() / 2 ** 32) * count);
  return {
    below,
    pick<Value>(list: readonly Value[]): Value {
      if (list.length === 0) throw new Error("an empty list has no element");
      return list[below(list.length)] as Value;
    },
    chance: (share) => next() / 2 ** 32 < share,
  };
}
