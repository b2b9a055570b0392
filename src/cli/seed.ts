import { InvalidArgumentError } from "@commander-js/extra-typings";

/** The seed of numbers that look random. */
export function toSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError("It is not a whole number from 0 to 9007199254740991.");
  }
  return seed;
}
