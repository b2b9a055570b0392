import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };

const text = readFileSync("SECURITY.md", "utf8");

/** The rows of the tables whose last column says what shows a promise. */
const rows = Array.from(
  text.matchAll(/^\| .* \| because \| shown by \|\n\|.*\n((?:\|.*\n)+)/gm),
  ([, lines = ""]) => lines,
)
  .flatMap((lines) => lines.trimEnd().split("\n"))
  .map((line) => line.slice(2, -2).split(" | "));

const commands = rows.flatMap(([, , shownBy = ""]) =>
  Array.from(shownBy.matchAll(/`([^`]+)`/g), ([, code = ""]) => code),
);

/** The trials of `npm run harden` and `npm run torture`. */
const trials = ["fuzz", "hostile", "load", "mutation", "node-versions"].flatMap((folder) =>
  Array.from(
    /^export const trials = \{\n(.*?)^\};/ms
      .exec(readFileSync(`test/${folder}/run.ts`, "utf8"))?.[1]
      ?.matchAll(/^ {2}"?([\w-]+)"?:/gm) ?? [],
    ([, name = ""]) => name,
  ),
);

const isTests = (path: string): boolean =>
  existsSync(path) &&
  (statSync(path).isDirectory()
    ? readdirSync(path).some((name) => name.endsWith(".test.ts"))
    : path.endsWith(".test.ts"));

describe("each promise", () => {
  test("is there", () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(trials.length).toBeGreaterThan(15);
  });

  test.each(rows)("%s: is shown by a command", (...row) => {
    expect(row).toHaveLength(3);
    expect(row[2]).toMatch(/`np[mx] |^the same: /);
  });

  test.each([...new Set(commands)].filter((code) => /^np[mx] /.test(code)))("%s", (command) => {
    const [program, run, name = "", ...given] = command.split(" ");
    if (program === "npx") {
      expect(`${run} ${name}`).toBe("vitest run");
      expect(given.length).toBeGreaterThan(0);
      expect(given.filter((path) => !isTests(path))).toEqual([]);
    } else if (run === "run") {
      expect(Object.keys(packageJson.scripts)).toContain(name);
      expect(given.filter((word) => !["harden", "torture"].includes(name) || !trials.includes(word))).toEqual([]);
    }
  });
});

test("links lead to what is there", () => {
  const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, link = ""]) => link);
  expect(links).toContain(".github/workflows/torture.yml");
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

/** Each limit that is named, and where the code has it. */
test.each([
  ["a record has at most 16 MiB", "src/input/scan/json-candidate.ts", "MAX_RECORD_BYTES = 16 * 1024 * 1024;"],
  ["JSON is 128 deep", "src/input/parse-json.ts", "MAX_DEPTH = 128;"],
  ["wrappers are 16 deep", "src/input/find-events.ts", "MAX_LAYERS = 16;"],
  ["a record unpacks to at most 64 MiB", "src/input/find-events.ts", "MAX_UNPACKED = 64 * 1024 * 1024;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "MAX_DEPTH = 64;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "MAX_NODES = 50_000;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "MAX_CHARS = 1024 * 1024;"],
  ["a body unpacks to at most 1 MiB", "src/twiml/decode/decode-body.ts", "MAX_UNPACKED_BYTES = 1024 * 1024;"],
  ["told for 4 hours", "src/features/listen/recent-ids.ts", "DEFAULT_WINDOW_MS = 4 * HOUR_MS;"],
  ["400,000 mutated inputs", "test/fuzz/run.ts", "isLong ? 100_000_000 : 400_000"],
  [
    "[every change](.github/workflows/checks.yml): 2,000,000",
    ".github/workflows/checks.yml",
    "npm run harden -- fuzz --inputs 2000000",
  ],
  ["at least 85 % are noticed", "test/mutation/mutants.ts", "MIN_DETECTED_PERCENT = 85;"],
  ["10,000 mutated requests", "test/webhook/server.test.ts", 'test("10,000 mutated requests'],
  ["600 slow senders", "test/webhook/server.test.ts", 'test("600 of them'],
  ["200 kills", "test/load/run.ts", "killTrials({ trials: isLong ? 200 : 6,"],
  ["50 ends", "test/load/run.ts", "stopTrials({ trials: isLong ? 50 : 4 }"],
  ["`npm run torture canaries`: 10,000", "test/hostile/run.ts", "canaryTrial({ events: isLong ? 10_000 : 1000 })"],
  ["`npm run harden canaries`: 1,000", "test/hostile/run.ts", "canaryTrial({ events: isLong ? 10_000 : 1000 })"],
  ["`npm run torture terminal`: 20,000", "test/hostile/run.ts", "randomTrials({ inputs: isLong ? 20_000 : 1000,"],
  ["1,000 random texts", "test/hostile/run.ts", "randomTrials({ inputs: isLong ? 20_000 : 1000,"],
  ["56 payloads at 60 places", "test/hostile/run.ts", "parts.payloads.payloads >= 56 && parts.payloads.places >= 60"],
  ["100 MB in less than 200 MB", "test/load/memory-trials.ts", "MAX_MEMORY_MB = 200;"],
  ["`npm run torture neighbors`: 200,000", "test/fuzz/run.ts", "neighborTrials({ inputs: isLong ? 200_000 : 4000,"],
  ["4,000 broken records", "test/fuzz/run.ts", "neighborTrials({ inputs: isLong ? 200_000 : 4000,"],
  ["`npm run torture fuzz`: 100,000,000", "test/fuzz/run.ts", "isLong ? 100_000_000 : 400_000"],
])("%s, as %s has it", (words, path, code) => {
  expect(text).toContain(words);
  expect(readFileSync(join(path), "utf8")).toContain(code);
});
