import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { createRandom } from "../support/random.ts";
import { neighborTrials } from "./broken-records.ts";
import { jobs } from "./command-lines.ts";
import { corpus } from "./corpus.ts";
import { findFailure } from "./find-failure.ts";
import type { Job } from "./invariants.ts";
import { minimize } from "./minimize.ts";
import { createMutator } from "./mutate.ts";
import { planRun } from "./plan-run.ts";
import { bundleProgram, loadProgram, type Program, run } from "./run-in-process.ts";
import { isInsideValue, sampleEvent, sampleEventsIn } from "./sample-events.ts";

let folder = "";
let program: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "twilio-events-corpus-"));
  program = loadProgram(await bundleProgram(folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One of each command and format. `npm run harden corpus` runs the other options too. */
const someJobs = jobs.filter(
  ({ command, format }, at) => jobs.findIndex((job) => job.command === command && job.format === format) === at,
);

/** The first failure of the input. */
async function failureOf(bytes: Buffer): Promise<string | undefined> {
  for (const job of someJobs) {
    const failure = await findFailure(program, job, [bytes], { stuckMs: 2000 });
    if (failure !== undefined) return `${job.argv.join(" ")}: ${failure}`;
  }
  return undefined;
}

describe("an input that failed once doesn't fail", { timeout: 60_000 }, () => {
  test.each([...corpus])("%s", async (_, bytes) => {
    expect(await failureOf(bytes)).toBeUndefined();
  });
});

test("a broken record hides none of its neighbors", async () => {
  expect((await neighborTrials({ inputs: 300 })).wrong).toEqual([]);
}, 60_000);

describe("the fuzzer", { timeout: 120_000 }, () => {
  test("plans the same runs for the same seed, and others for another", () => {
    const [one, two] = ['{"specversion":"1.0"}', '{"a":[1]}'].map((text) => Buffer.from(text));
    const seeds = [one ?? Buffer.alloc(0), two ?? Buffer.alloc(0)];
    const { make } = createMutator({ inputs: seeds, records: seeds, xmlTexts: ["<a/>"], payloads: ["a"] });
    const plans = (seed: number) =>
      Array.from({ length: 20 }, (_, number) => planRun(createRandom(seed, number), make));
    expect(plans(1)).toEqual(plans(1));
    expect(plans(1)).not.toEqual(plans(2));
    expect(new Set(plans(1).map(({ made }) => made))).toEqual(new Set([1, 200]));
  });

  const faulty = (main: Program["main"]): Program => ({ ...program, main });
  const jobOf = (command: string, format = ""): Job => {
    const found = jobs.find((job) => job.command === command && job.format === format);
    if (found === undefined) throw new Error(`no job ${command} ${format}`);
    return found;
  };
  const validate = jobOf("validate", "compact");
  const ndjson = jobOf("validate", "ndjson");

  test.each([
    ["an exit code", "exit 70", validate, async () => 70],
    ["an exception", "thrown", validate, () => Promise.reject(new Error("oh"))],
    ["a hang", "hang", validate, () => new Promise<number>(() => undefined)],
    ["a control character", "leak", validate, print("-:1:1  error  json-syntax  \u009b\n")],
    ["a line that is not a finding", "forged", validate, print("-:1:1  error\n")],
    ["a line that is not JSON", "json", ndjson, print('{"a"\n')],
    ["no newline at the end", "end", ndjson, print("{}")],
    ["too much time", "slow", ndjson, useTime],
  ])("detects %s", async (_, kind, job, main) => {
    expect(await findFailure(faulty(main), job, [Buffer.from("{}\n")], { stuckMs: 300 })).toMatch(
      new RegExp(`^${kind}`),
    );
  });

  const input = [sampleEvent(0), "{", sampleEvent(1), ""].join("\n");
  const [, first = "", second = ""] = /^(.*)\n.*\n(.*)\n$/.exec(input) ?? [];
  const place = (line: number, id: string) =>
    `{"event":{"id":"${id}"},"source":{"line":${line}},"valid":true,"findings":[]}\n`;
  const idOf = (text: string): string => JSON.parse(text).id;

  test.each([
    ["a missing event", /^hidden: .* line 3$/, jobOf("extract"), `${first}\n`],
    ["a changed event", /^hidden: .* line 3$/, jobOf("extract"), `${first}\n${second.replace("busy", "b")}\n`],
    ["an event at another line", /^hidden/, ndjson, place(1, idOf(first)) + place(2, idOf(second))],
    ["all events", undefined, ndjson, place(1, idOf(first)) + place(3, idOf(second))],
    ["a phone number in redacted output", /^person/, jobOf("redact"), '{"from":"+14155550100"}\n'],
    ["another byte changed", /^changed/, jobOf("migrate"), input.replace("busy", "b")],
    ["only the types changed", undefined, jobOf("migrate"), input.replaceAll("webhook.", "")],
    [
      "SARIF without the rule",
      /^sarif/,
      jobOf("validate", "sarif"),
      '{"runs":[{"results":[{"ruleId":"a"}],"tool":{"driver":{"rules":[]}}}]}\n',
    ],
    ["JUnit that is not XML", /^junit/, jobOf("validate", "junit"), "<testsuites>&</testsuites>\n"],
    ["not a GitHub command", /^github/, jobOf("validate", "github"), "error\n"],
    ["an element in a page", /^html/, jobOf("report"), "<!DOCTYPE html>\n<Say>\n</body>\n</html>\n"],
  ])("checks the output: %s", async (_, expected, job, text) => {
    const failure = await findFailure(faulty(print(text)), job, [Buffer.from(input)]);
    if (expected === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatch(expected);
  });

  test("accepts an event inside a larger value", () => {
    const inside = Buffer.from(`${sampleEvent(0)}\n{"a":\n${sampleEvent(1)}\n}\n${sampleEvent(2)}\n`);
    expect(sampleEventsIn(inside).map((event) => [event.line, isInsideValue(inside, event)])).toEqual([
      [1, false],
      [3, true],
      [5, false],
    ]);
  });

  test("detects output that depends on chunks", async () => {
    const counting: Program["main"] = async (_, io) => {
      let chunks = 0;
      for await (const _ of io.stdin.chunks) chunks++;
      await io.stdout.write(`{"chunks":${chunks}}\n`);
      return 0;
    };
    const [whole, cut] = [[Buffer.from("ab")], [Buffer.from("a"), Buffer.from("b")]];
    expect(await findFailure(faulty(counting), ndjson, whole, { cut })).toMatch(/^cut/);
  });

  test("minimizes an input", async () => {
    const chunks = [Buffer.from("harmless"), Buffer.from(`${"x".repeat(500)}ab${"y".repeat(300)}c`)];
    const isWrong = async (parts: readonly Buffer[]) => /a.*b.*c/.test(Buffer.concat(parts).toString());
    expect((await minimize(chunks, isWrong)).toString()).toBe("abc");
  });

  test("runs the program", async () => {
    const { code } = await run(program, ["extract"], [readFileSync("samples/calls/busy.ndjson")]);
    expect(code).toBe(0);
  });
});

function print(text: string): Program["main"] {
  return async (_, io) => {
    await io.stdout.write(text);
    return 0;
  };
}

async function useTime(): Promise<number> {
  const start = process.cpuUsage();
  while (cpuSince(start) < 260);
  return 0;
}
