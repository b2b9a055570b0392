// Makes every small change to the modules that untrusted bytes pass, one at a time, and counts which of these mutants
// their tests notice: `node test/hardening/mutants.js`, or some modules by name; `find:10-40` is some lines of one. What
// was not noticed is printed, and kept in test/hardening/SURVIVORS.md when every module ran whole.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { modules } from "./modules.js";

/** So many percent of the mutants of each module are noticed at least. */
const LEAST = 85;

/** Runs one module, or the lines of it: how many mutants there are, how many were noticed, and the others in words. */
async function mutantsOf(name, lines) {
  const { sources, tests } = modules[name];
  process.env.UNIT_TESTS = tests.map((path) => (path.endsWith(".ts") ? path : `${path}*.test.ts`)).join(" ");
  const tempDirName = mkdtempSync(join(tmpdir(), "twilio-events-mutants-"));
  const stryker = new Stryker({
    mutate: lines === undefined ? sources : sources.map((source) => `${source}:${lines}`),
    testRunner: "vitest",
    vitest: { configFile: "test/hardening/mutants.config.ts" },
    plugins: ["@stryker-mutator/vitest-runner"],
    ignorePatterns: ["dist", "coverage", "test/bench", "test/cli"],
    // TypeScript's own interface to configuration files is not in its version 7.
    disableTypeChecks: false,
    tsconfigFile: "none",
    reporters: [],
    logLevel: "error",
    // Other work on the machine must not look like a mutant that never ends.
    timeoutMS: 20_000,
    tempDirName,
    concurrency: availableParallelism(),
  });
  const results = await stryker.runMutationTest().finally(() => rmSync(tempDirName, { recursive: true, force: true }));
  const counted = results.filter(({ status }) => !["Ignored", "CompileError", "RuntimeError"].includes(status));
  const survivors = counted.filter(({ status }) => !["Killed", "Timeout"].includes(status)).map(told);
  const late = counted.filter(({ status }) => status === "Timeout").length;
  return { mutants: counted.length, noticed: counted.length - survivors.length, late, survivors };
}

/** A mutant in words: where, what stands there, and what stood there instead. Lines and columns count from 1. */
function told({ fileName, location: { start, end }, replacement, status }) {
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? "").slice(0, end.column - 1));
  const original = lines.join("\n").slice(start.column - 1);
  const place = `${fileName.slice(fileName.indexOf("src/"))}:${start.line}:${start.column}`;
  const brief = (text) => text.replace(/\s+/g, " ").slice(0, 120);
  const without = status === "NoCoverage" ? " (no test runs it)" : "";
  return `${place}: ${brief(original)} → ${brief(replacement)}${without}`;
}

/**
 * Runs the modules, all of them unless some are named; returns the share of noticed mutants and the survivors of each. It
 * takes minutes, so that each is told to stderr as it ends.
 */
export async function mutantTrials(named = Object.keys(modules)) {
  const found = {};
  for (const name of named) {
    const start = performance.now();
    const [module, lines] = name.split(":");
    const { mutants, noticed, late, survivors } = await mutantsOf(module, lines);
    found[name] = { mutants, noticed, percent: Math.floor((noticed / mutants) * 1000) / 10, survivors };
    const seconds = Math.round((performance.now() - start) / 1000);
    // On a busy machine a mutant that changes nothing may take too long, too.
    process.stderr.write(`${name}: ${noticed} of ${mutants} noticed in ${seconds} s, ${late} for taking too long\n`);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const found = await mutantTrials(named.length > 0 ? named : undefined);
  for (const [name, { mutants, noticed, percent, survivors }] of Object.entries(found)) {
    for (const survivor of survivors) process.stdout.write(`${survivor}\n`);
    process.stdout.write(`${name}: ${noticed} of ${mutants} mutants noticed, ${percent} %\n`);
    if (percent < LEAST) process.exitCode = 1;
  }
  if (named.length === 0) writeFileSync(join(import.meta.dirname, "SURVIVORS.md"), listed(found));
}

/** The survivors of each module, as a page. */
function listed(found) {
  const parts = Object.entries(found).map(([name, { mutants, noticed, percent, survivors }]) => {
    const lines = survivors.map((survivor) => `    ${survivor}`);
    return `## ${name}: ${noticed} of ${mutants} noticed, ${percent} %\n\n${lines.join("\n")}`;
  });
  return `# Mutants that no test notices\n\nWritten by \`npm run torture mutants\`.\n\n${parts.join("\n\n")}\n`;
}
