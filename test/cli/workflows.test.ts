import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "./harness.ts";

const sound = "samples/events/published-old-completed.json";
const broken = "samples/broken/schema-missing-sid.json";

// What stands for npx is a script of sh, which Windows cannot run by its name.
describe.skipIf(process.platform === "win32")("the action", () => {
  const action = readFileSync(".github/actions/validate/action.yml", "utf8");
  const defaults = Object.fromEntries(
    Array.from(
      action.matchAll(/^ {2}([\w-]+):\n {4}description: .*\n {4}default: (.*)$/gm),
      ([, name = "", value = ""]) => [name, value.replace(/^""$/, "")],
    ),
  );
  const variables = Array.from(
    action.matchAll(/^ {8}(\w+): \$\{\{ inputs\.([\w-]+) \}\}$/gm),
    ([, variable = "", name = ""]) => ({
      variable,
      name,
    }),
  );
  const script = /^ {6}run: \|\n((?: {8}.*\n|\n)+)/m.exec(action)?.[1]?.replaceAll(/^ {8}/gm, "") ?? "";

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "action-"));
    // Stands for npx, which would fetch the package: it runs the built program, and says which version was asked for.
    const npx = `#!/bin/sh\nprintf '%s %s\\n' "$1" "$2" >&2\nshift 2\nexec '${process.execPath}' '${resolve("bin/twilio-events.js")}' "$@"\n`;
    await writeFile(join(folder, "npx"), npx);
    await chmod(join(folder, "npx"), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs the script as GitHub does, with the inputs that are given and the defaults of the others. */
  function runAction(inputs: Readonly<Record<string, string>>) {
    const given = { ...defaults, ...inputs };
    const env = Object.fromEntries(variables.map(({ variable, name }) => [variable, given[name]]));
    const { PATH } = process.env;
    const { stdout, stderr, status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      env: { ...env, PATH: `${folder}${delimiter}${PATH}` },
      encoding: "utf8",
    });
    return { stdout, stderr, status };
  }

  test("has every input as a variable, and none in its script", () => {
    expect(Object.keys(defaults)).toEqual(["paths", "fail-on", "args", "version"]);
    expect(variables.map(({ name }) => name).sort()).toEqual(Object.keys(defaults).sort());
    expect(script).not.toContain("${{");
    expect(script).toContain("npx");
  });

  test("runs this version", () => {
    expect(defaults.version).toBe(packageJson.version);
    expect(runAction({ paths: sound }).stderr).toMatch(`--yes twilio-events@${packageJson.version}\n`);
  });

  test("annotates and fails", () => {
    const { stdout, status } = runAction({ paths: `${sound}\n${broken}\n` });
    expect(stdout).toMatch(/^::error file=samples\/broken\/schema-missing-sid\.json,line=9,/);
    expect(stdout).toMatch(/\n::notice title=twilio-events::2 events: /);
    expect(status).toBe(1);
    expect(runAction({ paths: broken, "fail-on": "never" }).status).toBe(0);
    expect(runAction({ paths: sound, "fail-on": "warning" }).status).toBe(1);
  });

  test("takes options, a word a line", () => {
    const { stdout, status } = runAction({ paths: broken, args: "--rule\nschema=off\n" });
    expect(stdout).not.toContain("::error");
    expect(status).toBe(0);
    expect(runAction({ paths: sound, args: "--max-warnings\n0" }).status).toBe(1);
  });

  test("takes any name for a name", async () => {
    const names = ["two words.json", "$(touch marker).json", "--help.json", "'quoted\"`.json"];
    for (const name of names) await copyFile(broken, join(folder, name));
    const { stdout } = runAction({ paths: names.map((name) => join(folder, name)).join("\n") });
    expect(stdout.match(/^::error /gm)).toHaveLength(names.length);
    expect(existsSync("marker")).toBe(false);
    const { stderr, status } = runAction({ paths: "--help", args: "", "fail-on": "error" });
    expect(stderr).toContain("--help: no such file or folder");
    expect(status).toBe(2);
  });
});

describe("the pre-commit hook", () => {
  const hooks = readFileSync(".pre-commit-hooks.yaml", "utf8");
  const value = (key: string): string => new RegExp(`^[- ] ${key}: '?(.*?)'?$`, "m").exec(hooks)?.[1] ?? "";

  test("runs a command of the program", async () => {
    expect(Object.keys(packageJson.bin)).toContain(value("entry").split(" ")[0]);
    expect((await run(`${value("entry")} ${sound}`)).code).toBe(0);
    expect((await run(`${value("entry")} ${sound} ${broken}`)).code).toBe(1);
  });

  test("lets files pass that hold no event", async () => {
    expect((await run(`${value("entry")} package.json`)).code).toBe(0);
  });

  test("is for the files that the program reads in a folder", () => {
    const isFor = new RegExp(value("files"));
    for (const name of ["a.json", "a/b.ndjson", "a.jsonl", "a.log", "a.json.gz"]) expect(name).toMatch(isFor);
    for (const name of ["a.ts", "json", "a.json5", "a.tar.gz", "logs/a.txt"]) expect(name).not.toMatch(isFor);
  });
});
