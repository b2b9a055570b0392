// How much of the code the tests run: `node test/hardening/coverage.js` looks at the modules that untrusted bytes pass, with
// their own tests, and `--all` at everything, with all of them. Less than is promised is exit code 1.
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { modules } from "./modules.js";

/** What is asked of everything, in percent. */
const MOST = { statements: 95, branches: 95, functions: 95, lines: 95 };

const { all } = parseArgs({ options: { all: { type: "boolean" } } }).values;
const parts = Object.values(modules);
const every = Object.fromEntries(parts.flatMap(({ sources }) => sources.map((source) => [source, { branches: 100 }])));
const vitest = await startVitest("test", all ? [] : [...new Set(parts.flatMap(({ tests }) => tests))], {
  run: true,
  watch: false,
  coverage: {
    enabled: true,
    include: all ? ["src/**/*.ts"] : Object.keys(every),
    thresholds: all ? { ...MOST, ...every } : { branches: 100 },
    reporter: ["text"],
    skipFull: true,
  },
});
await vitest.close();
