import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands } from "../src/cli/commands.ts";
import type { CommandEntry } from "../src/cli/context.ts";
import { ExitCode } from "../src/errors.ts";
import { eventTypes } from "../src/events/catalog.ts";
import { rules } from "../src/findings/rules.ts";
import { formats } from "../src/output/formats/index.ts";
import { type Run, run } from "./cli/harness.ts";

const readme = readFileSync("README.md", "utf8");

/** What stands for a command before the pipe, which a test cannot run. */
const logs: Readonly<Record<string, string>> = { "docker compose logs ivr": "test/cli/input/docker-compose.log" };

/** The tables that are made of what is registered; each stands between `<!-- name -->` and `<!-- end -->`. */
const tables: Readonly<Record<string, string>> = {
  commands: table(
    ["command", "does"],
    commands.map(({ name, summary }) => [`\`${name}\``, summary]),
  ),
  rules: table(
    ["rule", "default", "says"],
    Object.entries(rules).map(([name, { severity, summary }]) => [`\`${name}\``, severity, summary]),
  ),
  formats: table(
    ["format", "is"],
    Object.entries(formats).map(([name, { says }]) => [`\`${name}\``, says]),
  ),
  listen: transcriptOf("listen-readme"),
  types: table(
    ["type", "status", "subscribe to instead"],
    eventTypes.map(({ type, status, replacement }) => [`\`${type}\``, status, replacement ? `\`${replacement}\`` : ""]),
  ),
};

/** What a run that waits for others has printed, as its own test has it; it says that it is ready before anything comes. */
function transcriptOf(golden: string): string {
  const text = readFileSync(`test/cli/golden/${golden}.txt`, "utf8");
  const [, line, stdout, stderr] = /^(\$ .*\n)-- stdout\n(.*)-- stderr\n(.*)-- exit/s.exec(text) ?? [];
  return `\`\`\`text\n${line}${stderr}\n${stdout}\`\`\``;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)]
    .map((each) => each.replace(/ {2,}\|$/, " |"))
    .join("\n");
}

test("the tables and the output of the examples are what the program says", async () => {
  let fresh = readme;
  for (const [name, text] of Object.entries(tables)) {
    expect(fresh).toContain(`<!-- ${name} -->\n`);
    fresh = fresh.replace(
      new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`),
      (_, start, end) => `${start}${text}\n${end}`,
    );
  }
  for (const block of blocks("console")) fresh = fresh.replace(block, await replay(block));
  await expect(fresh).toMatchFileSnapshot("../README.md");
});

/** The contents of the fenced blocks of a language. */
function blocks(language: string): readonly string[] {
  return Array.from(readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm")), ([, text = ""]) => text);
}

/** The block's command lines, each followed by what it prints; `$ echo $?` prints the exit code before it. */
async function replay(block: string): Promise<string> {
  let text = "";
  let last: Run | undefined;
  for (const [, line = ""] of block.matchAll(/^\$ (.+)$/gm)) {
    text += `$ ${line}\n`;
    if (line === "echo $?") {
      text += `${last?.code}\n`;
      continue;
    }
    const [before = "", after] = line.split(" | ");
    last = await run(after === undefined ? line : `cat ${logs[before] ?? before.replace(/^cat /, "")} | ${after}`);
    text += last.stdout + last.stderr;
  }
  return text;
}

test("the exit codes are all there", () => {
  const codes = Object.values(ExitCode);
  const section = readme.split("## Exit codes")[1]?.split("\n## ")[0] ?? "";
  expect(Array.from(section.matchAll(/^\| (\d+) \|/gm), ([, code]) => Number(code))).toEqual(codes);
});

test("the object that is shown is one that ndjson prints", async () => {
  const { stdout } = await run(`cat ${logs["docker compose logs ivr"]} | twilio-events validate --format ndjson`);
  const [shown = ""] = blocks("json");
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toContainEqual(JSON.parse(shown));
});

test.each(Array.from(readme.matchAll(/\]\(([^)#:]+)\)/g), ([, path = ""]) => path))("%s is there", (path) => {
  expect(existsSync(path)).toBe(true);
});

describe("examples that are only shown use what there is", () => {
  const named = (word: string): CommandEntry | undefined => commands.find(({ name }) => name === word);

  async function helpOf(name: string): Promise<string> {
    return (await run(`twilio-events ${name} --help`)).stdout;
  }

  async function check(line: string): Promise<void> {
    for (const [, words = ""] of line.matchAll(/(?<![\w-])twilio-events ((?:'[^']*'|[^|>#;&'])*)/g)) {
      const [name = "", ...rest] = words.replaceAll(/'[^']*'/g, "…").split(/[\s=]+/);
      expect(named(name), words).toBeDefined();
      const help = await helpOf(name);
      for (const option of rest.filter((word) => /^-./.test(word))) {
        expect(help, words).toMatch(new RegExp(`^  (?:-\\w, )?${option}\\b|^  ${option}, `, "m"));
      }
    }
  }

  test.each(blocks("sh").flatMap((block) => block.split("\n").filter((line) => line.includes("twilio-events "))))(
    "%s",
    async (line) => {
      await check(line.replace(/^npm install.*$/, ""));
    },
  );

  test.each(commands.map(({ name }) => name))("%s --help", async (name) => {
    const [, lines = ""] = (await helpOf(name)).split("Examples:\n");
    for (const line of lines.trimEnd().split("\n")) await check(line.trim().replace(/ {2,}.*$/, ""));
  });
});
