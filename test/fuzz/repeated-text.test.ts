import { describe, expect, test } from "vitest";
import type { Io } from "../../src/io.ts";
import { repetitionTrials } from "./repeated-text.js";

describe("the same again and again", { timeout: 240_000 }, () => {
  /** Each of them took seconds once, at one place or another. */
  const units = ["a", "a=", "CallSid=", "type", "specversion: ", "\r", "\n", " ", "{", "<a:b/>", "//", ":", "'"];

  test.each(["validate -f ndjson", "decode", "redact"])(
    "takes no time that grows faster than it does: %s",
    async (line) => {
      const { inputs, wrong } = await repetitionTrials({ lines: [line], units });
      expect(inputs).toBeGreaterThan(800);
      expect(wrong).toEqual([]);
    },
  );

  /** Takes the time of the input's length to the power, and ends. */
  const taking = (power: number) => ({
    async main(_: readonly string[], { stdin }: Io): Promise<number> {
      let size = 0;
      for await (const chunk of stdin.chunks) size += chunk.length;
      const until = performance.now() + 130 * (size / 40_000) ** power;
      while (performance.now() < until);
      return 0;
    },
  });

  test.each([
    [1, 0],
    [2, 1],
  ])("the trial knows time to the power of %i", async (power, count) => {
    const trial = { lines: ["extract"], units: ["\\x22"], program: taking(power), names: ["a line"] };
    expect((await repetitionTrials(trial)).wrong).toHaveLength(count);
  });
});
