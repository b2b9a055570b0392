import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/setup.ts",
    env: { TZ: "UTC", TERM: "xterm-256color" },
  },
});
