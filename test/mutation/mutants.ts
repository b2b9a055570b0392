// Makes small changes to the modules, one at a time, and counts the mutants for which a test fails.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Stryker } from "@stryker-mutator/core";
import { inFolder } from "../support/temporary-folder.ts";
import { modules } from "./modules.ts";

/** Minimum percentage of detected mutants of each module. */
export const MIN_DETECTED_PERCENT = 85;

type StrykerOptions = ConstructorParameters<typeof Stryker>[0];
type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

interface Mutants {
  readonly mutants: number;
  readonly detected: number;
  readonly percent: number;
  /** Mutants that were only detected because they took too long. */
  readonly late: number;
  readonly survivors: readonly string[];
}

/** Finds the sources and the tests of a module, or of one of its files, or `file:10-40` for some lines of it. */
function findPart(name: string): { readonly sources: readonly string[]; readonly tests: readonly string[] } {
  const [path = "", lines] = name.split(":");
  const folder = path.replace(/[^/]+$/, "*.ts");
  const owner = Object.values(modules).find(({ sources }) => sources.includes(path) || sources.includes(folder));
  const part = modules[path] ?? (owner && { ...owner, sources: [path] });
  if (part === undefined) throw new Error(`unknown module ${path}. The modules are ${Object.keys(modules).join(", ")}`);
  const sources = lines === undefined ? part.sources : part.sources.map((source) => `${source}:${lines}`);
  return { sources, tests: part.tests };
}

/** Runs the mutants of one part. */
const runMutants = (name: string): Promise<Mutants> =>
  inFolder(async (tempDirName) => {
    const { sources, tests } = findPart(name);
    process.env.UNIT_TESTS = tests.map((path) => (path.endsWith(".ts") ? path : `${path}*.test.ts`)).join(" ");
    const options: StrykerOptions = {
      mutate: [...sources],
      testRunner: "vitest",
      vitest: { configFile: "test/mutation/mutants.config.ts" },
      plugins: ["@stryker-mutator/vitest-runner"],
      ignorePatterns: ["dist", "coverage", "results", "test/bench", "test/cli"],
      // Stryker can't use TypeScript 7 to read the configuration.
      disableTypeChecks: false,
      tsconfigFile: "none",
      reporters: [],
      logLevel: "error" as NonNullable<StrykerOptions["logLevel"]>,
      // A busy machine must not look like a mutant that hangs.
      timeoutMS: 20_000,
      tempDirName,
      concurrency: availableParallelism(),
    };
    const results = await new Stryker(options).runMutationTest();
    const counted = results.filter(({ status }) => !["Ignored", "CompileError", "RuntimeError"].includes(status));
    const survivors = counted.filter(({ status }) => !["Killed", "Timeout"].includes(status)).map(describeMutant);
    const detected = counted.length - survivors.length;
    return {
      mutants: counted.length,
      detected,
      percent: Math.floor((detected / counted.length) * 1000) / 10,
      late: counted.filter(({ status }) => status === "Timeout").length,
      survivors,
    };
  });

/** Describes a mutant: position, original and replacement. Lines and columns start at 1. */
function describeMutant({ fileName, location: { start, end }, replacement, status }: MutantResult): string {
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? "").slice(0, end.column - 1));
  const original = lines.join("\n").slice(start.column - 1);
  const position = `${fileName.slice(fileName.indexOf("src/"))}:${start.line}:${start.column}`;
  const shorten = (text = ""): string => text.replace(/\s+/g, " ").slice(0, 120);
  const untested = status === "NoCoverage" ? " (no test runs it)" : "";
  return `${position}: ${shorten(original)} → ${shorten(replacement)}${untested}`;
}

/** Runs the mutants of all modules, or of the named parts. */
export async function mutantTrials(names: readonly string[] = Object.keys(modules)) {
  const found: Record<string, Mutants> = {};
  for (const name of names) {
    const start = performance.now();
    const result = await runMutants(name);
    found[name] = result;
    const seconds = Math.round((performance.now() - start) / 1000);
    const { mutants, detected, late } = result;
    process.stderr.write(`${name}: ${detected} of ${mutants} detected in ${seconds} s, ${late} by a timeout\n`);
  }
  return found;
}
