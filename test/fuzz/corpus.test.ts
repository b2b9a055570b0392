import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { neighborTrials } from "./broken-records.js";
import { jobs } from "./command-lines.js";
import { fuzz } from "./fuzz-commands.js";
import { reduce } from "./minimize.js";
import { bundleProgram, faultOf, loadProgram, run } from "./run-in-process.js";
import { goodEvent, goodsIn, isHeldInside } from "./sample-events.js";

/** What went wrong once under the fuzzer; it keeps such inputs there. */
const corpus = "test/corpus";

let folder = "";
let program: ReturnType<typeof loadProgram>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "twilio-events-corpus-"));
  program = loadProgram(await bundleProgram(folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = readdirSync(corpus).sort();

/** What is wrong with the input in each of the jobs, until one is. */
async function wrongWith(bytes: Buffer): Promise<string | undefined> {
  for (const job of jobs) {
    const fault = await faultOf(program, job, [bytes], { stuckMs: 2000 });
    if (fault !== undefined) return `${job.argv.join(" ")}: ${fault}`;
  }
  return undefined;
}

describe("what went wrong once goes well", { timeout: 60_000 }, () => {
  test.each(names)("%s", async (name) => {
    expect(await wrongWith(readFileSync(join(corpus, name)))).toBeUndefined();
  });
});

test("a broken record hides none of its neighbors", async () => {
  expect((await neighborTrials({ inputs: 2000 })).wrong).toEqual([]);
}, 60_000);

describe("the fuzzer", { timeout: 120_000 }, () => {
  test("makes the same of the same seed, and other things of another", async () => {
    const tried = await Promise.all([1, 1, 2].map((seed) => fuzz({ seed, count: 100 })));
    const counts = tried.map(({ inputs, runs }) => `${inputs} ${runs}`);
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).not.toBe(counts[2]);
  });

  const faulty = (main: unknown) => Object.assign({}, program, { main });
  const validate = jobs.find(({ command, format }) => command === "validate" && format === "compact");
  const ndjson = jobs.find(({ command, format }) => command === "validate" && format === "ndjson");

  test.each([
    ["an exit code", "exit 70", validate, async () => 70],
    ["an exception", "thrown", validate, () => Promise.reject(new Error("oh"))],
    ["a wait without end", "hang", validate, () => new Promise(() => undefined)],
    ["a control character", "leak", validate, say("-:1:1  error  json-syntax  \u009b\n")],
    ["a line that is no finding", "forged", validate, say("-:1:1  error\n")],
    ["a line that is no JSON", "json", ndjson, say('{"a"\n')],
    ["no newline at the end", "end", ndjson, say("{}")],
    ["time", "slow", ndjson, busy],
  ])("knows a fault by %s", async (_, kind, job, main) => {
    expect(await faultOf(faulty(main), job, [Buffer.from("{}\n")], { stuckMs: 300 })).toMatch(new RegExp(`^${kind}`));
  });

  const input = [goodEvent(0), "{", goodEvent(1), ""].join("\n");
  const jobOf = (command: string, format = "") => jobs.find((job) => job.command === command && job.format === format);
  const [, first = "", second = ""] = /^(.*)\n.*\n(.*)\n$/.exec(input) ?? [];
  const place = (line: number, id: string) =>
    `{"event":{"id":"${id}"},"source":{"line":${line}},"valid":true,"findings":[]}\n`;
  const idOf = (text: string): string => JSON.parse(text).id;

  test.each([
    ["nothing told of a good event", /^hidden: .* line 3$/, jobOf("extract"), `${first}\n`],
    [
      "a good event that was changed",
      /^hidden: .* line 3$/,
      jobOf("extract"),
      `${first}\n${second.replace("busy", "b")}\n`,
    ],
    ["a good event told at another line", /^hidden/, ndjson, place(1, idOf(first)) + place(2, idOf(second))],
    ["all told of", undefined, ndjson, place(1, idOf(first)) + place(3, idOf(second))],
    ["a number in what is redacted", /^person/, jobOf("redact"), '{"from":"+14155550100"}\n'],
    ["another byte rewritten", /^changed/, jobOf("migrate"), input.replace("busy", "b")],
    ["only the types rewritten", undefined, jobOf("migrate"), input.replaceAll("webhook.", "")],
    [
      "SARIF that names no rule",
      /^sarif/,
      jobOf("validate", "sarif"),
      '{"runs":[{"results":[{"ruleId":"a"}],"tool":{"driver":{"rules":[]}}}]}\n',
    ],
    ["JUnit that is no XML", /^junit/, jobOf("validate", "junit"), "<testsuites>&</testsuites>\n"],
    ["no command of GitHub", /^github/, jobOf("validate", "github"), "error\n"],
    ["an element in a page", /^html/, jobOf("report"), "<!DOCTYPE html>\n<Say>\n</body>\n</html>\n"],
  ])("knows by what is said: %s", async (_, expected, job, text) => {
    const fault = await faultOf(faulty(say(text)), job, [Buffer.from(input)]);
    if (expected === undefined) expect(fault).toBeUndefined();
    else expect(fault).toMatch(expected);
  });

  test("knows what is a part of a larger value from what is hidden", () => {
    const held = Buffer.from(`${goodEvent(0)}\n{"a":\n${goodEvent(1)}\n}\n${goodEvent(2)}\n`);
    expect(goodsIn(held).map((good) => [good.line, isHeldInside(held, good)])).toEqual([
      [1, false],
      [3, true],
      [5, false],
    ]);
  });

  test("knows one by where the input is cut", async () => {
    const counting = async (_: unknown, io: Parameters<ReturnType<typeof say>>[1]) => {
      let chunks = 0;
      for await (const _ of io.stdin.chunks) chunks++;
      await io.stdout.write(`{"chunks":${chunks}}\n`);
      return 0;
    };
    const [whole, cut] = [[Buffer.from("ab")], [Buffer.from("a"), Buffer.from("b")]];
    expect(await faultOf(faulty(counting), ndjson, whole, { cut })).toMatch(/^cut/);
  });

  test("makes an input small", async () => {
    const chunks = [Buffer.from("harmless"), Buffer.from(`${"x".repeat(500)}ab${"y".repeat(300)}c`)];
    const isWrong = async (parts: readonly Buffer[]) => /a.*b.*c/.test(Buffer.concat(parts).toString());
    expect((await reduce(chunks, isWrong)).toString()).toBe("abc");
  });

  test("sees that a run ends as it should", async () => {
    const { code } = await run(program, ["extract"], [readFileSync("samples/calls/busy.ndjson")]);
    expect(code).toBe(0);
  });
});

function say(text: string) {
  return async (
    _: unknown,
    io: {
      readonly stdin: { readonly chunks: AsyncIterable<Buffer> };
      readonly stdout: { write(text: string): Promise<void> };
    },
  ) => {
    await io.stdout.write(text);
    return 0;
  };
}

async function busy() {
  const start = process.cpuUsage();
  while (cpuSince(start) < 300);
  return 0;
}
