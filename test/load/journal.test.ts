import { expect, test } from "vitest";
import { killTrials } from "./journal-trials.js";

/** Enough to meet each kind of moment; a long run takes thousands. */
const TRIALS = 20;

test("kill -9 at any moment loses no line that was acknowledged", { timeout: 60_000 }, async () => {
  const { acknowledged, lost, repeated, corrupt } = await killTrials({ trials: TRIALS });
  expect({ lost, repeated, corrupt }).toEqual({ lost: 0, repeated: 0, corrupt: 0 });
  expect(acknowledged).toBeGreaterThan(TRIALS * 100);
});
