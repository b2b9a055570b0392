import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeCli } from "../../src/cli/cli-spec.ts";
import { commands } from "../../src/cli/commands.ts";
import { man, renderMan } from "../../src/cli/man-page.ts";
import { declareProgram, environment, environmentHelp } from "../../src/cli/program.ts";
import { ExitCode } from "../../src/errors.ts";
import type { Io } from "../../src/io.ts";
import { has, shell } from "../features/completion/support.ts";
import { run } from "./harness.ts";

/** Nothing of the world is looked at while commands are declared. */
const nowhere = new Proxy({} as Io, {
  get: (_, name) => {
    throw new Error(`${String(name)} of the world was asked for`);
  },
});

const page = await man(nowhere);

/** The page as groff writes it for people, on lines of any length. */
function shown(text: string, width = 1000): string {
  return shell("groff", ["-ww", "-man", "-Tutf8", "-P-cbou", `-rLL=${width}n`, "-rHY=0"], text);
}

test("the page is the same for each build", async () => expect(await man(nowhere)).toBe(page));

test("it is ASCII, and no line of text is a request", () => {
  expect(page).toMatch(/^[\n -~]*$/);
  const requests = new Set(page.match(/^[.'].{0,2}(?=\s|$)/gm));
  expect([...requests].sort()).toEqual([".B", ".I", ".PP", ".RI", ".SH", ".SS", ".TH", ".TP", ".fi", ".nf"]);
});

describe.skipIf(!has("groff"))("groff", () => {
  test("warns of nothing, and shows every option as the help has it", async () => {
    const text = shown(page).replaceAll("‐", "-");
    for (const { name } of commands) {
      const { stdout } = await run(`twilio-events ${name} --help`);
      const section = text.split(`   twilio-events ${name} [options]`)[1]?.split("\n   twilio-events ")[0] ?? "";
      const flags = Array.from(stdout.matchAll(/^ {2}(-.+?)(?: {2}|$)/gm), ([, flag = ""]) => flag);
      expect(flags.length, name).toBeGreaterThan(0);
      for (const flag of flags) expect(section, name).toContain(`       ${flag.replace(/ .*$/, "").replace(/,$/, "")}`);
      const [, examples = ""] = stdout.split("Examples:\n");
      for (const line of examples.trimEnd().split("\n")) expect(section, name).toContain(line.trim());
    }
  });

  test("shows exit codes and the environment", () => {
    const text = shown(page);
    for (const code of Object.values(ExitCode)) expect(text).toMatch(new RegExp(`^ {7}${code} `, "m"));
    for (const [name, says] of environment) expect(text).toMatch(new RegExp(`${name}\\s+${says.slice(0, 20)}`));
  });

  test("shows text as it is, whatever it looks like to troff", () => {
    const odd = ".SH not a heading\n'br\nC:\\new\\fBbold -- ‘…’ São 🎉";
    const command = {
      name: "text",
      version: "",
      summary: "text",
      description: "'br is text",
      arguments: [],
      options: [],
      notes: odd,
      commands: [],
    };
    const text = shown(
      renderMan({ ...command, name: "odd", version: "1", description: "Odd.", notes: "", commands: [command] }),
    );
    for (const line of odd.split("\n")) expect(text).toContain(line);
    expect(text).toContain("'br is text");
  });
});

test("the program's own options are those of its help", async () => {
  const { stdout } = await run("twilio-events --help");
  const options = Array.from(stdout.matchAll(/^ {2}(-.+?) {2,}(.+)$/gm), ([, flags, says]) => [flags, says]);
  const spec = describeCli(await declareProgram(nowhere));
  expect(options).toEqual(spec.options.map(({ names, description }) => [names.join(", "), description]));
  expect(stdout).toContain(`\n${spec.description}\n`);
});

test("the environment is all that is looked at", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const lines = sources.flatMap((path) => readFileSync(`src/${path}`, "utf8").split("\n"));
  const read = lines.filter((line) => line.includes("io.env")).flatMap((line) => line.match(/\b[A-Z][A-Z_]+\b/g) ?? []);
  expect(read).toContain("TWILIO_AUTH_TOKEN");
  // TZ is looked at by Node.js itself.
  expect(environment.map(([name]) => name).sort()).toEqual([...new Set([...read, "TZ"])].sort());
  for (const line of environmentHelp().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});
