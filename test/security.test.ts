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

/** The runs of `npm run torture`. */
const runs = Array.from(
  /^const runs = \{\n(.*?)^\};/ms
    .exec(readFileSync("test/hardening/torture.js", "utf8"))?.[1]
    ?.matchAll(/^ {2}"?([\w-]+)"?:/gm) ?? [],
  ([, name = ""]) => name,
);

const isTests = (path: string): boolean =>
  existsSync(path) &&
  (statSync(path).isDirectory()
    ? readdirSync(path).some((name) => name.endsWith(".test.ts"))
    : path.endsWith(".test.ts"));

describe("each promise", () => {
  test("is there", () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(runs.length).toBeGreaterThan(5);
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
      expect(given.filter((word) => name !== "torture" || !runs.includes(word))).toEqual([]);
    }
  });
});

test("links lead to what is there", () => {
  const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, link = ""]) => link);
  expect(links).toContain("test/hardening/RESULTS.md");
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

/** Each limit that is named, and where the code has it. */
test.each([
  ["a record has at most 16 MiB", "src/input/scan/json-candidate.ts", "MAX_RECORD = 16 * 1024 * 1024;"],
  ["JSON is 128 deep", "src/input/json-limits.ts", "MAX_DEPTH = 128;"],
  ["wrappers are 16 deep", "src/input/find-events.ts", "MAX_LAYERS = 16;"],
  ["a record unpacks to at most 64 MiB", "src/input/find-events.ts", "MAX_UNPACKED = 64 * 1024 * 1024;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "maxDepth = 64;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "maxNodes = 50_000;"],
  ["64 deep, 50,000 nodes, 1 MiB", "src/twiml/lint/lint-syntax.ts", "maxCharacters = 1024 * 1024;"],
  ["a body unpacks to at most 1 MiB", "src/twiml/decode/decode-body.ts", "unpackLimit = 1024 * 1024;"],
  ["told for 4 hours", "src/features/listen/recent-ids.ts", "DEFAULT_WINDOW_MS = 4 * HOUR_MS;"],
  ["400,000 mutated inputs", "package.json", "fuzz.js --count 400000 "],
  [
    "[every change](.github/workflows/checks.yml): 2,000,000",
    ".github/workflows/checks.yml",
    "fuzz.js --count 2000000 ",
  ],
  ["at least 85 % are noticed", "test/hardening/mutants.js", "LEAST = 85;"],
  ["10,000 mutated requests", "test/webhook/server.test.ts", 'test("10,000 mutated requests'],
  ["600 slow senders", "test/webhook/server.test.ts", 'test("600 of them'],
  ["200 kills", "test/hardening/torture.js", "killTrials({ trials: 200,"],
  ["50 ends", "test/hardening/torture.js", "stopTrials({ trials: 50 "],
  ["`npm run torture canaries`: 10,000", "test/hardening/torture.js", "canaryTrial({ events: 10_000 })"],
  ["`npm run torture terminal`: 20,000", "test/hardening/torture.js", "randomTrials({ inputs: 20_000,"],
  ["`npm run torture neighbors`: 200,000", "test/hardening/torture.js", "neighborTrials({ inputs: 200_000,"],
  ["`npm run torture fuzz`: 100,000,000", "test/hardening/torture.js", "values.inputs ?? 100_000_000"],
])("%s, as %s has it", (words, path, code) => {
  expect(text).toContain(words);
  expect(readFileSync(join(path), "utf8")).toContain(code);
});
