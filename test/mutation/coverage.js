// How much of the code the tests run: `node test/mutation/coverage.js` looks at the modules that untrusted bytes pass, with
// their own tests, and `--all` at everything, with all of them. Less than is promised is exit code 1.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { modules } from "./modules.js";

/** So many percent of everything the tests run at least; of the branches of the modules all. */
const LEAST = 95;

const parts = Object.values(modules);
const sources = parts.flatMap((part) => part.sources);

/** Runs tests and returns the share of each kind of code in percent, of each file and as "total". */
async function measure(tests, include) {
  const reportsDirectory = mkdtempSync(join(tmpdir(), "twilio-events-coverage-"));
  try {
    const coverage = { enabled: true, include, reporter: ["text", "json-summary"], skipFull: true, reportsDirectory };
    const vitest = await startVitest("test", tests, { run: true, watch: false, coverage });
    await vitest.close();
    return JSON.parse(readFileSync(join(reportsDirectory, "coverage-summary.json"), "utf8"));
  } finally {
    rmSync(reportsDirectory, { recursive: true, force: true });
  }
}

/** The files of the modules with a branch that no test takes, in words. */
function untaken({ total: _, ...files }) {
  const ours = Object.entries(files).filter(([path]) => sources.some((source) => matches(path, source)));
  if (ours.length < sources.length) throw new Error("not every module was looked at");
  return ours
    .filter(([, { branches }]) => branches.covered < branches.total)
    .map(
      ([path, { branches }]) =>
        `${path.slice(path.indexOf("src/"))}: ${branches.covered} of ${branches.total} branches`,
    );
}

const matches = (path, source) =>
  source.endsWith("/*.ts") ? path.includes(source.slice(0, -4)) : path.endsWith(source);

/** The modules, by their own tests. Returns what is missing. */
export const measureModules = async () =>
  untaken(await measure([...new Set(parts.flatMap(({ tests }) => tests))], sources));

/** Everything, by every test. Returns the shares in percent, and what is missing. */
export async function measureAll() {
  const files = await measure([], ["src/**/*.ts"]);
  const kinds = ["statements", "branches", "functions", "lines"];
  const shares = Object.fromEntries(kinds.map((kind) => [kind, files.total[kind].pct]));
  const low = kinds.filter((kind) => shares[kind] < LEAST).map((kind) => `${kind}: ${shares[kind]} %, not ${LEAST}`);
  return { ...shares, misses: [...low, ...untaken(files)] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { all } = parseArgs({ options: { all: { type: "boolean" } } }).values;
  const misses = all ? (await measureAll()).misses : await measureModules();
  for (const miss of misses) process.stdout.write(`not run by a test: ${miss}\n`);
  if (misses.length > 0) process.exitCode = 1;
}
