import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../src/errors.ts";
import { run } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-debug-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const argv = ["validate", "samples/events/call-completed.json", "--debug"];

/** The built program asks the clock at one place, in `now` of src/io.ts. */
const stoppedClock = join(folder, "stopped-clock.cjs");
writeFileSync(
  stoppedClock,
  `globalThis.Date = class extends Date {
    constructor(...args) {
      if (args.length === 0) throw new Error("the clock has stopped");
      super(...args);
    }
  };`,
);

function runBuilt(flags: readonly string[]): { stderr: string; code: number | null } {
  const command = [...flags, "--require", stoppedClock, "bin/twilio-events.js", ...argv];
  const { stderr, status } = spawnSync(process.execPath, command, { encoding: "utf8" });
  return { stderr, code: status };
}

/** The frames of a stack that are in src/, from the inside out. */
function framesOf(stack: string): readonly { name: string; path: string; line: number }[] {
  return [...stack.matchAll(/^ {4}at (?:async )?(.+) \(.*?\b(src\/[\w/-]+\.ts):(\d+):\d+\)$/gm)].map(
    ([, name = "", path = "", line]) => ({ name, path, line: Number(line) }),
  );
}

const textAt = ({ path, line }: { path: string; line: number }): string | undefined =>
  readFileSync(path, "utf8").split("\n")[line - 1];

describe("--debug", () => {
  test("shows the file, the line and the function in src/ where the built program failed", () => {
    const { stderr, code } = runBuilt([]);
    expect(code).toBe(ExitCode.Bug);
    expect(stderr).toMatch(/^twilio-events: .+the clock has stopped.+\nError: the clock has stopped\n {4}at /);
    const frames = framesOf(stderr);
    expect(frames[0]).toMatchObject({ name: "Object.now", path: "src/io.ts" });
    expect(frames.map(textAt)[0]).toContain("new Date()");
    expect(frames.at(-1)).toMatchObject({ name: "main", path: "src/main.ts" });
    expect(frames.map(textAt).at(-1)).toContain("runProgram(");
    expect(frames.length).toBeGreaterThan(3);
  });

  test("shows the same lines as an unbuilt program", async () => {
    const now = (): Date => {
      throw new Error("the clock has stopped");
    };
    const { stderr } = await run(`twilio-events ${argv.join(" ")}`, { now });
    const places = (stack: string) => framesOf(stack).map(({ path, line }) => `${path}:${line}`);
    const [clock, ...rest] = places(runBuilt([]).stderr);
    expect(clock).toMatch(/^src\/io\.ts:/);
    expect(rest).toEqual(places(stderr));
  });

  test("without its source maps shows lines of dist/", () => {
    const flags = ["--require", join(folder, "no-maps.cjs")];
    writeFileSync(join(folder, "no-maps.cjs"), "process.setSourceMapsEnabled = () => undefined;");
    const { stderr, code } = runBuilt(flags);
    expect(code).toBe(ExitCode.Bug);
    expect(framesOf(stderr)).toEqual([]);
    expect(stderr).toContain(join(resolve("dist"), "main.cjs:"));
  });
});

test("source maps name files of this project by relative paths, without their text", () => {
  const names = readdirSync("dist").filter((name) => name.endsWith(".map"));
  expect(names).toContain("main.cjs.map");
  for (const name of names) {
    const map: { sources: string[] } = JSON.parse(readFileSync(join("dist", name), "utf8"));
    expect(Object.keys(map)).toEqual(["version", "sources", "names", "mappings"]);
    for (const path of map.sources) {
      expect(path).toMatch(/^\.\.\/(?:src\/.+\.(?:ts|js|json)|package\.json)$/);
      expect(existsSync(join("dist", path))).toBe(true);
    }
  }
});
