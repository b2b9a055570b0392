// Makes every small change to the modules that untrusted bytes pass, one at a time, and counts which of these mutants
// their tests notice: `node test/mutation/mutants.js`, or some modules or files by name; `find:10-40` is some lines of
// one, as is `src/redact/xml.ts:10-40`. What was not noticed is printed, and of a whole module kept in SURVIVORS.md.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { modules } from "./modules.js";

/** So many percent of the mutants of each module are noticed at least. */
const LEAST = 85;

/** What is named: the sources, all of a module or one of them, and the tests of the module. */
function partOf(name) {
  const folder = name.replace(/[^/]+$/, "*.ts");
  const module = Object.values(modules).find(({ sources }) => sources.includes(name) || sources.includes(folder));
  const part = modules[name] ?? (module && { ...module, sources: [name] });
  if (part === undefined) throw new Error(`no module or file of one is called ${name}`);
  return part;
}

/** Runs one part, or the lines of it: how many mutants there are, how many were noticed, and the others in words. */
async function mutantsOf(name, lines) {
  const { sources, tests } = partOf(name);
  process.env.UNIT_TESTS = tests.map((path) => (path.endsWith(".ts") ? path : `${path}*.test.ts`)).join(" ");
  const tempDirName = mkdtempSync(join(tmpdir(), "twilio-events-mutants-"));
  const stryker = new Stryker({
    mutate: lines === undefined ? sources : sources.map((source) => `${source}:${lines}`),
    testRunner: "vitest",
    vitest: { configFile: "test/mutation/mutants.config.ts" },
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
 * Runs the modules, all of them unless some are named; returns the share of noticed mutants and the survivors of each, and
 * keeps them of modules that ran whole. It takes minutes, so that each is told to stderr as it ends.
 */
async function mutantTrials(named = Object.keys(modules)) {
  const found = {};
  for (const name of named) {
    const start = performance.now();
    const [part, lines] = name.split(":");
    const { mutants, noticed, late, survivors } = await mutantsOf(part, lines);
    found[name] = { mutants, noticed, percent: Math.floor((noticed / mutants) * 1000) / 10, survivors };
    const seconds = Math.round((performance.now() - start) / 1000);
    // On a busy machine a mutant that changes nothing may take too long, too.
    process.stderr.write(`${name}: ${noticed} of ${mutants} noticed in ${seconds} s, ${late} for taking too long\n`);
    if (name in modules) keepSurvivors(name, found[name]);
  }
  return found;
}

/** All modules: the share of each that is asked for, and that was noticed, in percent. */
export async function mutantFigures() {
  const shares = Object.entries(await mutantTrials()).map(([name, { percent }]) => [name, percent]);
  return { least: LEAST, ...Object.fromEntries(shares) };
}

/** Writes a module's survivors over those that it had, in the order of the modules. */
function keepSurvivors(name, { mutants, noticed, percent, survivors }) {
  const path = join(import.meta.dirname, "SURVIVORS.md");
  const [, ...parts] = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n\n## ") : [];
  const kept = new Map(parts.map((part) => [part.slice(0, part.indexOf(":")), part]));
  const lines = survivors.map((survivor) => `    ${survivor}`);
  kept.set(name, [`${name}: ${noticed} of ${mutants} noticed, ${percent} %`, "", ...lines].join("\n").trimEnd());
  const ordered = Object.keys(modules).flatMap((known) => kept.get(known) ?? []);
  const head =
    "# Mutants that no test notices\n\n`npm run torture mutants` writes this: the place, what stands there, and what stood there.";
  writeFileSync(path, `${[head, ...ordered].join("\n\n## ")}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const found = await mutantTrials(named.length > 0 ? named : undefined);
  for (const [name, { mutants, noticed, percent, survivors }] of Object.entries(found)) {
    for (const survivor of survivors) process.stdout.write(`${survivor}\n`);
    process.stdout.write(`${name}: ${noticed} of ${mutants} mutants noticed, ${percent} %\n`);
    if (percent < LEAST) process.exitCode = 1;
  }
}
