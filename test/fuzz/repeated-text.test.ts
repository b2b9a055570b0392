import { describe, expect, test, vi } from "vitest";
import type { Io } from "../../src/io.ts";
import { repetitionTrials } from "./repeated-text.ts";

describe("repeated text", { timeout: 120_000 }, () => {
  // `npm run harden repetition` runs more texts and commands.
  test("takes no time that grows faster than its length", async () => {
    const { inputs, wrong } = await repetitionTrials({
      lines: ["validate -f ndjson"],
      units: ["a=", "CallSid=", "\n"],
    });
    expect(inputs).toBeGreaterThan(200);
    expect(wrong).toEqual([]);
  });

  /** A program whose time grows with a power of the input's length. */
  const taking = (power: number) => ({
    async main(_: readonly string[], { stdin }: Io): Promise<number> {
      let size = 0;
      for await (const chunk of stdin.chunks) size += chunk.length;
      vi.advanceTimersByTime(130 * (size / 40_000) ** power);
      return 0;
    },
  });

  test.each([
    [1, 0],
    [2, 1],
  ])("the trial detects time to the power of %i", async (power, count) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const trial = { lines: ["extract"], units: ["\\x22"], names: ["a line"], program: taking(power) };
    const { wrong } = await repetitionTrials(trial).finally(() => vi.useRealTimers());
    expect(wrong).toHaveLength(count);
  });
});
