import { crc32 } from "node:zlib";
import { InvalidArgumentError } from "@commander-js/extra-typings";

/** Numbers that look random; the same seed and stream give the same ones on every machine. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** The list in another order: each order is equally likely, its own too. */
  shuffle<T>(list: readonly T[]): T[];
  /** Two letters and 32 hex digits: twilio.com/docs/glossary/what-is-a-sid. */
  sid(prefix: string): string;
}

/**
 * The generator sfc32 of PractRand (Chris Doty-Humphrey, public domain), seeded as there. Its 128 bits of state keep
 * streams, and so the SIDs of two calls, apart; a generator of 32 bits would meet itself after some 100,000 calls.
 * `seed` is a whole number from 0 to 2^53 - 1, `index` one below 2^32; together with the name they make a stream.
 */
export function createRandom(seed: number, name: string, index: number): Random {
  let a = seed >>> 0;
  let b = index >>> 0;
  let c = crc32(name);
  let counter = 1 + Math.floor(seed / 2 ** 32);

  function next(): number {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  }
  for (let round = 0; round < 15; round++) next();

  const between = (least: number, most: number): number => least + Math.floor((next() / 2 ** 32) * (most - least + 1));

  return {
    between,
    pick: (list) => list[between(0, list.length - 1)] ?? list[0],
    shuffle(list) {
      const left = [...list];
      const shuffled: typeof left = [];
      while (left.length > 0) shuffled.push(...left.splice(between(0, left.length - 1), 1));
      return shuffled;
    },
    sid: (prefix) => prefix + hex(next()) + hex(next()) + hex(next()) + hex(next()),
  };
}

function hex(number: number): string {
  return number.toString(16).padStart(8, "0");
}

/** The seed of numbers that look random. */
export function toSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError("It is not a whole number from 0 to 9007199254740991.");
  }
  return seed;
}
