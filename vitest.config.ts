import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/setup.ts",
    env: { TZ: "UTC", TERM: "xterm-256color" },
    // A machine with two cores uses both. Where time matters, tests count CPU time, so they may wait for it.
    maxWorkers: "100%",
    testTimeout: 60_000,
  },
});
