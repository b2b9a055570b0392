import { defineConfig } from "vitest/config";

/** How mutants.js runs the tests that UNIT_TESTS names: one after another, and no property for long. */
export default defineConfig({
  test: {
    include: (process.env.UNIT_TESTS ?? "").split(" "),
    env: { TZ: "UTC" },
    setupFiles: "test/mutation/stop-early.ts",
    maxWorkers: 1,
    // On a busy machine what is only slow fails no test; a mutant that hangs is stopped from outside.
    testTimeout: 60_000,
  },
});
