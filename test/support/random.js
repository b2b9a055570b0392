/** Numbers that look random, from two whole numbers: the generator sfc32 of PractRand (public domain). */
export function createRandom(seed, number) {
  let a = seed | 0;
  let b = number | 0;
  let c = Math.floor(number / 2 ** 32) | 0;
  let counter = 1;
  function next() {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round++) next();
  const below = (count) => Math.floor((next() / 2 ** 32) * count);
  return { below, pick: (list) => list[below(list.length)], chance: (share) => next() / 2 ** 32 < share };
}
