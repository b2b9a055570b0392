// Measures how much of the code the tests run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { inFolder } from "../support/temporary-folder.ts";
import { modules } from "./modules.ts";

/** Minimum percentage of all code. For the branches of the modules it is 100. */
const MIN_PERCENT = 95;

const parts = Object.values(modules);
const sources = parts.flatMap((part) => part.sources);

interface Share {
  readonly total: number;
  readonly covered: number;
  readonly pct: number;
}

const kinds = ["statements", "branches", "functions", "lines"] as const;

type Shares = Readonly<Record<(typeof kinds)[number], Share>>;

/** Runs tests, or all. Returns the shares of all code as "total", and of each file. */
const measure = (tests: readonly string[], include: readonly string[]): Promise<ReadonlyMap<string, Shares>> =>
  inFolder(async (reportsDirectory) => {
    const reporter: ["text", "json-summary"] = ["text", "json-summary"];
    const coverage = { enabled: true, include: [...include], reporter, skipFull: true, reportsDirectory };
    const vitest = await startVitest("test", [...tests], { run: true, watch: false, coverage });
    await vitest.close();
    const summary: Readonly<Record<string, Shares>> = JSON.parse(
      readFileSync(join(reportsDirectory, "coverage-summary.json"), "utf8"),
    );
    return new Map(Object.entries(summary));
  });

/** The files of the modules with a branch that no test takes. */
function findMisses(files: ReadonlyMap<string, Shares>): readonly string[] {
  const ours = [...files].filter(([path]) => sources.some((source) => matches(path, source)));
  if (ours.length < sources.length) throw new Error("coverage has no figures for some modules");
  return ours
    .filter(([, { branches }]) => branches.covered < branches.total)
    .map(
      ([path, { branches }]) =>
        `${path.slice(path.indexOf("src/"))}: ${branches.covered} of ${branches.total} branches`,
    );
}

const matches = (path: string, source: string): boolean =>
  source.endsWith("/*.ts") ? path.includes(source.slice(0, -4)) : path.endsWith(source);

/** Runs the modules' own tests. */
export async function measureModules() {
  const tests = [...new Set(parts.flatMap((part) => part.tests))];
  return { files: sources.length, misses: findMisses(await measure(tests, sources)) };
}

/** Runs all tests. */
export async function measureAll() {
  const files = await measure([], ["src/**/*.ts"]);
  const percents = kinds.map((kind) => [kind, files.get("total")?.[kind].pct ?? 0] as const);
  const low = percents
    .filter(([, percent]) => percent < MIN_PERCENT)
    .map(([kind, percent]) => `${kind}: ${percent} %, not ${MIN_PERCENT}`);
  return { ...Object.fromEntries(percents), misses: [...low, ...findMisses(files)] };
}
