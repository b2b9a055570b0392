import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";

const event = "samples/events/call-completed.json";
const folder = mkdtempSync(join(tmpdir(), "twilio-events-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const packed = join(folder, "event.json.gz");
writeFileSync(packed, gzipSync(readFileSync(event)));

/** Modules of Node's that take a millisecond or more to load, as the list of the process names them. */
const costly = ["child_process", "fs/promises", "http", "net", "stream", "tty", "zlib"];

/** What the built program loads, with its outputs piped: the files of dist/, and of Node's modules the costly ones. */
function loaded(...argv: readonly string[]): { files: readonly string[]; modules: readonly string[] } {
  const { output, status, stderr } = spawnSync(
    process.execPath,
    ["--require", "./test/cli/loaded.cjs", "bin/twilio-events.js", ...argv],
    { stdio: ["ignore", "pipe", "pipe", "pipe"], encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { files, modules }: { files: string[]; modules: string[] } = JSON.parse(output[3] ?? "");
  return { files: files.sort(), modules: costly.filter((name) => modules.includes(`NativeModule ${name}`)) };
}

const judged = ["extract.cjs", "main.cjs", "program.cjs", "validate.cjs"];

describe("the built program loads no more than it needs", () => {
  test.each([
    [["--version"], ["main.cjs"]],
    [["-V", "--debug"], ["main.cjs"]],
    [["--help"], ["main.cjs", "program.cjs"]],
    [["validate", event], judged],
    [["decode", event], [...judged, "decode.cjs"].sort()],
    [
      ["timeline", event],
      ["extract.cjs", "main.cjs", "program.cjs", "timeline.cjs"],
    ],
  ] as const)("%j", (argv, files) => {
    expect(loaded(...argv)).toEqual({ files, modules: [] });
  });

  test("gzip brings zlib, and a result in color brings chalk", () => {
    expect(loaded("validate", packed).modules).toContain("zlib");
    expect(loaded("validate", "--color", "always", event).files).toContain("chalk.cjs");
  });
});

/** What the loading of a module did beside defining it; a file of dist/ may ask for others there. */
function loading(path: string): { files: readonly string[]; begun: readonly string[]; changed: readonly string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ["test/cli/loading.cjs", path], { encoding: "utf8" });
  expect(stderr).toBe("");
  const { files, ...rest }: ReturnType<typeof loading> = JSON.parse(stdout);
  return { ...rest, files: files.filter((name) => !name.includes(` ${resolve("dist")}`)) };
}

describe("to load the built program reads nothing else, begins nothing and changes nothing", () => {
  // Node makes this when the module of DNS is loaded, which the listener and the sender need.
  const ofNode = ["DNSCHANNEL"];
  const names = readdirSync("dist").filter((name) => name.endsWith(".cjs"));

  test.each(names)("%s", (name) => {
    const { begun, ...rest } = loading(join("dist", name));
    expect(rest).toEqual({ files: [], changed: [] });
    expect(begun.filter((type) => !ofNode.includes(type))).toEqual([]);
  });

  test("what does otherwise is caught", () => {
    const path = join(folder, "busy.cjs");
    const lines = [
      'require("node:fs").readFileSync(__dirname + "/event.json.gz");',
      'setTimeout(() => undefined); process.on("exit", () => undefined);',
      'process.env.TZ = "Asia/Tokyo"; Object.prototype.polluted = true;',
    ];
    writeFileSync(path, lines.join("\n"));
    const { files, begun, changed } = loading(path);
    expect(files).toContain(`readFileSync ${packed}`);
    expect(begun).toContain("Timeout");
    expect(changed).toEqual(["listeners", "open", "variables", "names"]);
  });
});

test("the built program finds its packages: cli-table3, tinyglobby, ajv, fast-xml-parser", async () => {
  const built: typeof import("../../src/main.ts") = createRequire(import.meta.url)("../../dist/main.cjs");
  async function run(...argv: readonly string[]): Promise<{ code: number; text: string }> {
    let text = "";
    const write = async (more: string | Uint8Array): Promise<void> => {
      text += more;
    };
    const stdout = { isTerminal: true, columns: 100, write };
    const code = await built.main(argv, { ...built.systemIo(), stdout, stderr: stdout, env: {} });
    return { code, text };
  }
  expect(await run("types", "*.call.answered")).toMatchObject({ code: 0, text: expect.stringContaining("┌───") });
  expect(await run("validate", "samples/events/call-*.json")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/ of [2-9] inputs: [2-9] events found/),
  });
  const schemas = "test/cli/input/schemas";
  expect((await run("validate", "--schemas", schemas, event)).text).toContain(": 1 event found");
  const answer = await run("decode", "--color", "never", "samples/events/twiml-call-requested.json");
  expect(answer).toMatchObject({ code: 0, text: expect.stringContaining("<Response>") });
});
