import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { run, transcript } from "./harness.ts";

test("the program's help", async () => {
  const lines = ["twilio-events --help", "twilio-events help", "twilio-events --version", "twilio-events"];
  const [first, second, ...others] = await Promise.all(lines.map((line) => run(line)));
  expect(second?.stdout).toBe(first?.stdout);
  if (!first) return;
  await expect(transcript(first, ...others)).toMatchFileSnapshot("golden/help.txt");
});

test.each(commands.map(({ name }) => name))("%s --help", async (name) => {
  const help = await run(`twilio-events ${name} --help`);
  expect((await run(`twilio-events help ${name}`)).stdout).toBe(help.stdout);
  await expect(transcript(help)).toMatchFileSnapshot(`golden/help-${name}.txt`);
});

test.each(commands.map(({ name }) => name))("%s --help fits a terminal of 80 columns", async (name) => {
  const { stdout } = await run(`twilio-events ${name} --help`, { stdout: { columns: 80 } });
  const [options = ""] = stdout.split("\nExamples:");
  expect(options.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

const readers = commands
  .filter(({ name }) => ["validate", "timeline", "extract"].includes(name))
  .map(({ name }) => name);

test.each(readers)("%s at a terminal with nothing to read prints its help on stderr at once", async (name) => {
  const { stdout, stderr, code } = await run(`twilio-events ${name}`);
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr).toBe((await run(`twilio-events ${name} --help`)).stdout);
});
