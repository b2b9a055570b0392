import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Source } from "../../src/input/sources.ts";
import { fileSource } from "../../src/input/sources.ts";
import { type InputPart, splitInputs } from "../../src/parallel/split.ts";
import { allSamples, fileOf } from "./inputs.ts";

const samples = fileOf("units.log", allSamples());
const { length: size } = readFileSync(samples);

async function cutUp(...inputs: Parameters<typeof splitInputs>[0]): Promise<readonly InputPart[]> {
  const parts: InputPart[] = [];
  for await (const part of splitInputs(inputs, 20_000, true)) parts.push(part);
  return parts;
}

describe("an input", () => {
  test("that is big is cut into ranges, one behind the other, for threads", async () => {
    const input = fileSource(samples, size);
    const parts = await cutUp(input);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.every((part) => part.isForThread && part.input === input)).toBe(true);
    expect(parts.map(({ range }) => range?.start)).toEqual([0, ...parts.slice(0, -1).map(({ range }) => range?.end)]);
    expect(parts.at(-1)?.range?.end).toBe(Number.POSITIVE_INFINITY);
  });

  test("that is small is read whole, by a thread", async () => {
    const input = fileSource(samples, 39_999);
    expect(await cutUp(input)).toEqual([{ input, isForThread: true }]);
  });

  test("whose size nobody knows is left to the main thread", async () => {
    const stdin: Source = { name: "-", size: undefined, open: () => Readable.from([]) };
    const missing = { name: "missing.log", problem: "no such file or folder" };
    expect(await cutUp(stdin, missing)).toEqual([
      { input: stdin, isForThread: false },
      { input: missing, isForThread: false },
    ]);
  });

  test("that has gone by now is left to who reads it, and tells so", async () => {
    const input = fileSource(`${samples}.gone`, size);
    expect(await cutUp(input)).toEqual([{ input, isForThread: true }]);
  });
});
