import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ExitCode } from "../../src/errors.ts";
import { ownColors } from "../output/hostile.ts";
import { asNobody } from "../support/as-nobody.ts";
import { golden, interruption, type Run, run, transcript } from "./harness.ts";

const call = "test/cli/input/two-calls.ndjson";
const log = "test/cli/input/docker-compose.log";
const event = '{"specversion":"1.0","type":"com.twilio.voice.status-callback.call.ringing"}\n';

describe("mistakes in the command line", () => {
  const commands = [
    "twilio-events validat",
    "twilio-events app.log",
    "twilio-events ./logs",
    "twilio-events -",
    "twilio-events frobnicate",
    "twilio-events help frobnicate",
    "twilio-events --frobnicate",
    "twilio-events --verbos validate",
  ];
  const options = [
    "twilio-events validate --formt json x.log",
    "twilio-events validate --format yaml x.log",
    "twilio-events validate --format",
    "twilio-events validate --color sometimes x.log",
    "twilio-events validate --width wide x.log",
    "twilio-events validate --rule sid-fromat=off x.log",
    "twilio-events validate --rule sid-format=loud x.log",
    "twilio-events validate --rule sid-format x.log",
    "twilio-events validate --fail-on fatal x.log",
    "twilio-events validate --max-warnings -1 x.log",
    "twilio-events validate --slow soon x.log",
    "twilio-events validate --limit 0 x.log",
    "twilio-events validate --since yesterday x.log",
    "twilio-events validate --until 2025-13-01 x.log",
    "twilio-events validate --schemas no-such-folder x.log",
    "twilio-events validate --types no-such-file x.log",
    "twilio-events validate --types test/cli/input/other.json x.log",
    `twilio-events validate --types ${log} x.log`,
    `twilio-events validate -o no-such-folder/result.txt ${call}`,
    "twilio-events extract --format json x.log",
  ];

  test("commands", () => golden("mistakes-commands", ...commands));
  test("options", () => golden("mistakes-options", ...options));

  test.each([...commands, ...options])("%s: one line on stderr, exit 2", async (line) => {
    const { stdout, stderr, code } = await run(line);
    expect({ stdout, code }).toEqual({ stdout: "", code: ExitCode.Usage });
    expect(stderr).toMatch(/^twilio-events: .+\n$/);
  });
});

describe("inputs that cannot be read", () => {
  test("each is named, and the others are judged", () =>
    golden(
      "unreadable",
      "twilio-events validate no-such-file.json",
      "twilio-events validate no-such-folder/ 'no/such/*.json' src/input",
      `twilio-events validate no-such-file.json ${call}`,
      `twilio-events extract --limit 1 no-such-file.json ${call}`,
    ));

  test.skipIf(process.platform === "win32")("no permission", async () => {
    const folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
    const file = join(folder, "secret.json");
    await writeFile(file, event);
    await chmod(file, 0);
    await chmod(folder, 0o755);
    const { stderr, code } = await asNobody(() => run(`twilio-events validate ${file}`));
    await rm(folder, { recursive: true });
    expect({ stderr, code }).toEqual({ stderr: `twilio-events: ${file}: no permission to read it\n`, code: 2 });
  });

  test("standard input that fails", async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(event);
      throw Object.assign(new Error("read EIO"), { code: "EIO", syscall: "read" });
    }
    const { stdout, stderr, code } = await run("twilio-events extract", { stdin: broken() });
    expect({ stdout, code }).toEqual({ stdout: event, code: ExitCode.Usage });
    expect(stderr).toContain("twilio-events: -: read EIO\n");
  });

  test("an unreadable input outweighs what was found in the others", async () => {
    const { code } = await run(`twilio-events validate no-such-file.json ${log}`);
    expect(code).toBe(ExitCode.Usage);
  });

  test("gzip that is cut off: what came before is judged", async () => {
    const whole = gzipSync(Buffer.from(event.repeat(3000)));
    const { stdout, code } = await run("twilio-events validate -f json", { stdin: whole.subarray(0, -200) });
    const { summary, findings } = JSON.parse(stdout);
    expect(code).toBe(ExitCode.Findings);
    expect(summary.events).toBeGreaterThan(0);
    expect(findings.at(-1)).toMatchObject({ rule: "json-syntax", severity: "error" });
  });
});

describe("inputs without an event", () => {
  test("why, and what to do", async () => {
    const runs: Run[] = [];
    const inputs = [
      "",
      "hello\nworld\n",
      '{"level":30}\n{"level":40}\n',
      '{"level":30}\n',
      "{ type: 'com.twilio.voice.x', id: 1 }\n",
    ];
    for (const stdin of inputs) runs.push(await run("twilio-events validate", { stdin }));
    for (const line of [
      "twilio-events extract test/cli/input/other.json",
      "twilio-events validate --allow-empty test/cli/input/other.json",
    ]) {
      runs.push(await run(line));
    }
    await expect(transcript(...runs)).toMatchFileSnapshot("golden/no-event.txt");
  });
});

describe("exit codes", () => {
  const endless = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from(event);
    yield interruption;
  };
  const broken = (): Date => {
    throw new Error("the clock has stopped");
  };

  test.each([
    { code: ExitCode.Done, line: `twilio-events validate ${call}`, world: {} },
    { code: ExitCode.Findings, line: `twilio-events validate ${log}`, world: {} },
    { code: ExitCode.Usage, line: "twilio-events validate no-such-file.json", world: {} },
    { code: ExitCode.NoEvents, line: "twilio-events validate test/cli/input/other.json", world: {} },
    { code: ExitCode.Done, line: "twilio-events validate --allow-empty test/cli/input/other.json", world: {} },
    { code: ExitCode.NoEvents, line: "twilio-events extract test/cli/input/other.json", world: {} },
    { code: ExitCode.Done, line: "twilio-events extract --allow-empty test/cli/input/other.json", world: {} },
    { code: ExitCode.Bug, line: `twilio-events validate ${call}`, world: { now: broken } },
    { code: ExitCode.Output, line: `twilio-events extract ${call}`, world: { stdout: { fails: "full" } } },
    { code: ExitCode.Output, line: "twilio-events --help", world: { stdout: { fails: "full" } } },
    { code: ExitCode.Done, line: `twilio-events extract ${call}`, world: { stdout: { fails: "closed" } } },
    { code: ExitCode.Done, line: "twilio-events types", world: { stdout: { fails: "closed" } } },
    { code: ExitCode.Done, line: "twilio-events --help", world: { stdout: { fails: "closed" } } },
    { code: ExitCode.Usage, line: "twilio-events frobnicate", world: { stderr: { fails: "full" } } },
  ] as const)("$code: $line, $world", async ({ code, line, world }) => {
    expect((await run(line, world)).code).toBe(code);
  });

  test("a closed pipe is quiet", async () => {
    const { stderr } = await run(`twilio-events extract ${call}`, { stdout: { fails: "closed" } });
    expect(stderr).toBe("");
  });

  test("interrupted: what was found so far, then 130", async () => {
    const runs = [
      await run("twilio-events validate", { stdin: endless() }),
      await run("twilio-events extract", { stdin: endless() }),
    ];
    expect(runs.map(({ code }) => code)).toEqual([ExitCode.Interrupted, ExitCode.Interrupted]);
    await expect(transcript(...runs)).toMatchFileSnapshot("golden/interrupted.txt");
  });

  test.each([1, 2])(
    "interrupted while the first of %i events is printed: no event is lost, no input awaited",
    async (count) => {
      async function* slow(): AsyncGenerator<Buffer> {
        for (let sent = 0; sent < count; sent++) yield Buffer.from(event);
        await new Promise(() => undefined);
      }
      const world = { stdin: slow(), stdout: { columns: 80, interrupts: true } };
      const { stdout, stderr, code } = await run("twilio-events extract", world);
      const printed = stdout.split("\n").length - 1;
      expect(stderr).toContain(`: ${printed} event`);
      expect(code).toBe(ExitCode.Interrupted);
    },
  );

  test("our own fault and a full disk: one line", async () => {
    const runs = [
      await run(`twilio-events validate ${call}`, { now: broken }),
      await run(`twilio-events validate ${call}`, { stdout: { fails: "full" } }),
    ];
    await expect(transcript(...runs)).toMatchFileSnapshot("golden/faults.txt");
  });

  test("--debug adds the stack, wherever it stands", async () => {
    for (const line of [`twilio-events --debug validate ${call}`, `twilio-events validate ${call} --debug`]) {
      const { stderr, code } = await run(line, { now: broken });
      expect(code).toBe(ExitCode.Bug);
      expect(stderr).toMatch(/^twilio-events: .+the clock has stopped.+\nError: the clock has stopped\n {4}at /);
    }
  });
});

describe("nothing from outside acts on the terminal", () => {
  const screen = { columns: 100 };

  test("names in error texts", async () => {
    const evil = "\u001b]0;owned\u0007\u202e";
    const lines = [
      `twilio-events ${evil}.log`,
      `twilio-events validate ${evil}`,
      `twilio-events validate --${evil}`,
      `twilio-events validate --format ${evil}`,
      `twilio-events validate --rule ${evil}=off`,
      `twilio-events validate --schemas ${evil} ${call}`,
      `twilio-events validate -o /no/${evil} ${call}`,
      `twilio-events types ${evil}`,
      `twilio-events schema ${evil}`,
    ];
    for (const line of lines) {
      const { stdout, stderr } = await run(line, { stdout: screen, stderr: screen });
      expect(stdout.replaceAll(ownColors, "") + stderr, line).not.toMatch(/[^\P{C}\n]/u);
      expect(stderr, line).toContain("\\u{1B}]0;owned\\u{7}\\u{202E}");
    }
  });
});

test("options that cannot be together, and inputs that are missing at a terminal", async () => {
  const lines = [
    "decode --redact --raw samples/events/call-answered.json",
    "decode --redact --extract bodies samples/events/call-answered.json",
    "replay --redact --to http://127.0.0.1:9/ record.ndjson",
    "validate --call XX1 samples/calls/busy.ndjson",
    "timeline --status compelted samples/calls/busy.ndjson",
    "timeline --status zzzzzzzzzz samples/calls/busy.ndjson",
  ];
  await golden("mistakes-together", ...lines.map((line) => `twilio-events ${line}`));
  for (const command of ["decode", "redact", "report"]) {
    const { code, stderr, stdout } = await run(`twilio-events ${command}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`Usage: twilio-events ${command}`);
  }
});

test("a time without a zone is in UTC, and zones have the names that people give them", async () => {
  const outputs: string[] = [];
  for (const options of [
    "--since '2025-08-24 13:00'",
    "--since 2025-08-24T13:00Z",
    "--tz utc",
    "--tz local",
    "--tz UTC",
  ]) {
    const { code, stdout } = await run(`twilio-events timeline ${options} samples/calls/busy.ndjson`);
    expect(code).toBe(0);
    outputs.push(stdout);
  }
  expect(new Set(outputs).size).toBe(1);
});

test("events that hold no answer to decode are told", async () => {
  const { stderr } = await run("twilio-events decode test/cli/input/scant.ndjson");
  expect(stderr).toContain("none of the events has a response body");
});
