import { defineConfig } from "vitest/config";

/** Runs the tests in UNIT_TESTS one after another, with short properties. */
export default defineConfig({
  test: {
    include: (process.env.UNIT_TESTS ?? "").split(" "),
    env: { TZ: "UTC" },
    setupFiles: "test/mutation/stop-early.ts",
    maxWorkers: 1,
    // Slow tests don't fail on a busy machine. Stryker stops a mutant that hangs.
    testTimeout: 60_000,
  },
});
