import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";

const bin = "bin/twilio-events.js";
const call = "test/cli/input/two-calls.ndjson";
const event = readFileSync(call, "utf8").split("\n", 1)[0];

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(...argv: readonly string[]): { child: ChildProcessWithoutNullStreams; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [bin, ...argv]);
  children.push(child);
  // Who closes a pipe early makes the other end fail; that is what some of these tests are about.
  child.stdin.on("error", () => undefined);
  const ended = Promise.all([once(child, "close"), text(child.stderr)]).then(([[code, signal], stderr]) => ({
    code,
    signal,
    stderr,
  }));
  return { child, ended };
}

/** Resolves with what the child has printed as soon as that is something. */
async function firstOutput(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [bytes] = await once(child.stdout, "data");
  return String(bytes);
}

test("the built program says what main says", () => {
  const { stdout, status } = spawnSync(process.execPath, [bin, "--version"], { encoding: "utf8" });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect({ stdout, status }).toEqual({ stdout: `${version}\n`, status: 0 });
});

test("the program begins with a shebang, has Unix line ends, and leaves the rest to main", () => {
  const source = readFileSync(bin, "utf8");
  expect(source).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(source).not.toContain("\r");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
});

test("gives its exit code", () => {
  expect(spawnSync(process.execPath, [bin, "validate", "test/cli/input/docker-compose.log"]).status).toBe(1);
});

test.each(["foo bar", "ftp://127.0.0.1/"])(
  "a target that cannot be, %s, ends listening before it begins",
  async (url) => {
    const { ended } = start("listen", "--port", "0", "--forward-to", url);
    expect(await ended).toMatchObject({ code: 2, signal: null, stderr: expect.stringContaining("--forward-to") });
  },
);

describe("pipes", () => {
  test("a reader that goes away early ends the program quietly with 0", async () => {
    const { child, ended } = start("extract", "-");
    child.stdin.end(`${event}\n`.repeat(2000));
    await firstOutput(child);
    child.stdout.destroy();
    expect(await ended).toEqual({ code: 0, signal: null, stderr: "" });
  });

  test("so it does while the writer is still there", async () => {
    const { child, ended } = start("extract", "-");
    child.stdin.write(`${event}\n`.repeat(200));
    await firstOutput(child);
    child.stdout.destroy();
    child.stdin.write(`${event}\n`.repeat(200));
    expect(await ended).toEqual({ code: 0, signal: null, stderr: "" });
  });

  test("an event is printed when it comes, not when the input ends", async () => {
    const { child, ended } = start("extract", "-");
    child.stdin.write(`${event}\n`);
    expect(await firstOutput(child)).toBe(`${event}\n`);
    child.stdin.end();
    expect((await ended).code).toBe(0);
  });

  test.skipIf(!existsSync("/dev/full"))("a full disk is exit 74", () => {
    const stdio: ["ignore", number, "pipe"] = ["ignore", openSync("/dev/full", "w"), "pipe"];
    const { status, stderr } = spawnSync(process.execPath, [bin, "types"], { stdio, encoding: "utf8" });
    expect({ status, stderr }).toEqual({
      status: 74,
      stderr: "twilio-events: the output cannot be written: no space left on the device\n",
    });
  });
});

test.skipIf(process.platform === "win32")("Ctrl-C while waiting for input: the summary, then 130", async () => {
  const { child, ended } = start("validate", "-v", "--color", "never");
  child.stdin.write(`${event}\n`);
  const output = text(child.stdout);
  await once(child.stdout, "readable");
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, signal: null });
  expect(await output).toContain("Interrupted. Read 1 line");
});

test.skipIf(process.platform === "win32")("Ctrl-C while a file is rewritten in place: it stays as it was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spawned-"));
  const file = join(folder, "events.log");
  const line = `{"type":"com.twilio.voice.webhook.status-callback.call.completed","more":"${"y".repeat(900)}"}\n`;
  const size = line.length * 60_000;
  writeFileSync(file, line.repeat(60_000));
  const { child, ended } = start("migrate", "--in-place", file);
  await vi.waitFor(() => expect(readdirSync(folder)).toContain(`.events.log.${child.pid}.draft`), {
    timeout: 30_000,
    interval: 5,
  });
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining("left as it is") });
  expect(statSync(file).size).toBe(size);
  expect(readdirSync(folder)).toEqual(["events.log"]);
  rmSync(folder, { recursive: true });
});
