// Proves that each feature can be removed with its folder and its line in src/cli/commands.ts: the rest type-checks and
// builds, and knip finds no file and no export in it that only this feature used.
// Usage: node scripts/deletion-test.js [FEATURE…]. Without a name, all features are tried. Exits 1 when one is missed.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const SHARED_WEBHOOKS = "live features share webhook/: requests, signatures, the sender and the target";
const BOTH_ENDS = "what a thread packs is unpacked beside it";

/**
 * Core code that only one feature uses and that stays in its core folder all the same, with the reason. A name is the
 * beginning of a path below src/, with `#` before the name of an export.
 */
const exceptions = {
  decode: {
    "findings/validate-event.ts#validateBareBody": "a body is judged in one place, with its event or without",
  },
  listen: {
    "webhook/": SHARED_WEBHOOKS,
    "output/reportable.ts#bySeverity": "the order of severities is in one place",
  },
  replay: { "webhook/": SHARED_WEBHOOKS },
  report: {
    "calls/": "groups of calls and what they have in common are a part of the domain",
    "output/html/": "the web page will replace the HTML that is drawn here",
    "output/escape.ts#Html": "text that is safe in HTML is made where text for terminals is",
  },
  timeline: { "calls/store/packed-rows.ts#createRowPacker": BOTH_ENDS },
  validate: { "findings/run-stats.ts#createPartialRunStats": BOTH_ENDS },
};

const root = resolve(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "deletion-test-"));
const registry = join(copy, "src/cli/commands.ts");

/** Runs a command line in the copy. Returns its output, and whether it succeeded. */
function run(command) {
  return new Promise((done) => {
    const child = spawn(command, { cwd: copy, shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("close", (code) => done({ isDone: code === 0, output }));
  });
}

/** Returns the files and exports that no entry point of the program needs, sorted. */
async function findUnused() {
  const { output } = await run(
    "npx knip --include files,exports,types --reporter json --no-exit-code --no-config-hints",
  );
  const { issues } = JSON.parse(output);
  return issues.flatMap(({ file, files, exports, types }) => [
    ...files.map(() => file),
    ...[...exports, ...types].map(({ name }) => `${file}#${name}`),
  ]);
}

/** Removes the feature's folder and its entry in the list of commands. */
function remove(feature) {
  rmSync(join(copy, "src/features", feature), { recursive: true });
  const before = readFileSync(registry, "utf8");
  const entries = before.split(/^(?= {2}\{$)/m);
  const after = entries.map((entry) =>
    entry.includes(`../features/${feature}/`) ? entry.replace(/^ {2}\{$[\s\S]*?^ {2}\},\n/m, "") : entry,
  );
  if (after.join("") === before) throw new Error(`${feature} has no line in src/cli/commands.ts`);
  writeFileSync(registry, after.join(""));
}

/** Tries the program without the feature. Returns what is wrong with it. */
async function problemsWithout(feature, unusedBefore) {
  remove(feature);
  const problems = [];
  const [types, build, allUnused] = await Promise.all([run("npx tsc"), run("npm run build"), findUnused()]);
  if (!types.isDone) problems.push(`it does not type-check:\n${types.output}`);
  if (!build.isDone) problems.push(`it does not build:\n${build.output}`);
  const known = Object.keys(exceptions[feature] ?? {}).map((name) => `src/${name}`);
  const unused = allUnused.filter((name) => !unusedBefore.has(name));
  const missed = unused.filter((name) => !known.some((start) => name.startsWith(start)));
  problems.push(...missed.map((name) => `only ${feature} used ${name}`));
  const needless = known.filter((start) => !unused.some((name) => name.startsWith(start)));
  problems.push(...needless.map((name) => `${name} needs no exception`));
  return problems;
}

try {
  for (const name of ["src", "bin", "scripts", "README.md", "LICENSE"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const { knip: _, ...packageJson } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entry = ["src/main.ts", "src/cli/man-page.ts", "src/cli/worker.ts"];
  writeFileSync(
    join(copy, "package.json"),
    JSON.stringify({ ...packageJson, knip: { entry, project: ["src/**"], ignoreExportsUsedInFile: true } }),
  );
  const tsconfig = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ ...tsconfig, include: ["src"] }));

  const all = readdirSync(join(root, "src/features"));
  const wanted = process.argv.slice(2);
  const unusedBefore = new Set(await findUnused());
  for (const feature of wanted.length > 0 ? wanted : all) {
    const problems = await problemsWithout(feature, unusedBefore);
    process.stdout.write(`${problems.length === 0 ? "ok" : "not ok"} ${feature}\n`);
    for (const problem of problems) process.stdout.write(`  ${problem.replaceAll("\n", "\n  ")}\n`);
    if (problems.length > 0) process.exitCode = 1;
    rmSync(join(copy, "src"), { recursive: true });
    cpSync(join(root, "src"), join(copy, "src"), { recursive: true });
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
