import { configDefaults, defineConfig } from "vitest/config";
import { failOnSkipped } from "./test/support/fail-on-skipped.ts";

const browserTests = "test/browser/**/*.test.ts";

/** With `--mode browser`, only the tests that need a browser run. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === "browser" ? browserTests : "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(mode === "browser" ? [] : [browserTests])],
    globalSetup: "test/setup.ts",
    env: { TZ: "UTC", TERM: "xterm-256color" },
    // A machine with two cores uses both. Where time matters, tests count CPU time, so they may wait for it.
    maxWorkers: "100%",
    testTimeout: 60_000,
    reporters: ["default", ...(process.env.GITHUB_ACTIONS ? ["github-actions"] : []), failOnSkipped],
  },
}));
