import { expect, test } from "vitest";
import { journalTrials } from "./journal-trials.ts";

// `npm run harden journal` runs more.
const TRIALS = 4;

test("a killed process loses no acknowledged line", { timeout: 60_000 }, async () => {
  const { acknowledged, lost, repeated, corrupt } = await journalTrials({ trials: TRIALS });
  expect({ lost, repeated, corrupt }).toEqual({ lost: 0, repeated: 0, corrupt: 0 });
  expect(acknowledged).toBeGreaterThan(TRIALS);
});
