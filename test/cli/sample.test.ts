import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../src/errors.ts";
import { golden, run } from "./harness.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ids = (ndjson: string): readonly string[] =>
  ndjson
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).id);

test("one call", () => golden("sample", "twilio-events sample", "twilio-events sample failed --form event"));

test("in other forms", () =>
  golden(
    "sample-forms",
    "twilio-events sample failed --form batch",
    "twilio-events sample failed --form kinesis",
    "twilio-events sample failed --form lambda",
    "twilio-events sample failed --form cloudwatch",
    "twilio-events sample failed --form docker",
    "twilio-events sample failed --form cri",
  ));

test("of other families, versions, seeds and times", () =>
  golden(
    "sample-options",
    "twilio-events sample failed --family deprecated --schema 1",
    "twilio-events sample failed --family both",
    "twilio-events sample failed --seed 2",
    "twilio-events sample failed --start 2h",
  ));

test("the truth", async () => {
  const truth = join(folder, "truth.ndjson");
  await run(`twilio-events sample answered forwarded lossy shuffled --truth ${truth}`);
  await expect(await readFile(truth, "utf8")).toMatchFileSnapshot("golden/sample-truth.txt");
});

test("mistakes", () =>
  golden(
    "sample-mistakes",
    "twilio-events sample anwsered",
    "twilio-events sample teleported",
    "twilio-events sample --calls 0",
    "twilio-events sample --seed -1",
    "twilio-events sample --seed 9007199254740992",
    "twilio-events sample --start soon",
    "twilio-events sample --family new",
    "twilio-events sample --form yaml",
    "twilio-events sample --rate 0",
    "twilio-events sample --truth -",
    "twilio-events sample -o x.ndjson --truth ./x.ndjson",
    "twilio-events sample --truth no-such-folder/truth.ndjson",
  ));

test("scenarios take turns; all is every one", async () => {
  const scenarios = async (line: string): Promise<readonly string[]> => {
    const truth = join(folder, "turns.ndjson");
    await run(`twilio-events sample ${line} --truth ${truth}`);
    const lines = (await readFile(truth, "utf8")).trimEnd().split("\n");
    return lines.map((each) => JSON.parse(each).scenario);
  };
  expect(await scenarios("busy failed")).toEqual(["busy", "failed"]);
  expect(await scenarios("busy failed --calls 3")).toEqual(["busy", "failed", "busy"]);
  expect(await scenarios("--calls 2")).toEqual(["answered", "answered"]);
  expect(new Set(await scenarios("all")).size).toBe(14);
  expect(await scenarios("all")).toEqual(await scenarios("all --calls 14"));
});

test("files hold what would be printed", async () => {
  const [output, truth] = [join(folder, "events.ndjson"), join(folder, "truth.ndjson")];
  const line = "twilio-events sample all --calls 300";
  const printed = await run(line);
  expect(await run(`${line} -o ${output} --truth ${truth}`)).toMatchObject({ stdout: "", stderr: "", code: 0 });
  expect(await readFile(output, "utf8")).toBe(printed.stdout);
  const { stdout } = await run(`${line} -o ${output} --truth -`);
  expect(await readFile(truth, "utf8")).toBe(stdout);
});

test.each(["ndjson", "event", "batch", "kinesis", "lambda", "cloudwatch", "docker", "cri"])(
  "extract finds in %s what ndjson prints",
  async (form) => {
    const { stdout } = await run("twilio-events sample all --calls 60");
    const wrapped = await run(`twilio-events sample all --calls 60 --form ${form}`);
    const found = await run("twilio-events extract", { stdin: wrapped.stdout });
    expect(found.stdout).toBe(stdout);
  },
);

test("validate finds no error, and nothing at all but what a scenario is about", async () => {
  const { stdout } = await run("twilio-events sample all --calls 280 --family both");
  const judged = await run("twilio-events validate -f compact", { stdin: stdout });
  expect(judged.code).toBe(ExitCode.Done);
  const rules = new Set(
    Array.from(judged.stdout.matchAll(/ {2}(?:error|warning|info) {2,}(\S+)/g), ([, rule]) => rule),
  );
  expect(rules).toEqual(new Set(["type-deprecated", "response-slow", "response-failed"]));
});

describe("--rate", () => {
  const line = "twilio-events sample busy --rate 50";

  test("is kept, and the events are the same", async () => {
    const started = performance.now();
    const { stdout } = await run(line, { now: () => new Date() });
    expect(performance.now() - started).toBeGreaterThanOrEqual(3 * 20 - 5);
    expect(stdout).toBe((await run("twilio-events sample busy")).stdout);
  });

  test("makes no group wait", async () => {
    const { stdout } = await run(`${line} --form batch`, { now: () => new Date() });
    const groups = stdout.trimEnd().split("\n");
    expect(groups.map((group) => JSON.parse(group).length)).toEqual([1, 1, 1, 1]);
  });
});

describe("interrupted", () => {
  const world = { stdout: { columns: 80, interrupts: true } };

  test("stops at the end of a line, with 130", async () => {
    const { stdout, code } = await run("twilio-events sample --calls 1000000", world);
    expect(code).toBe(ExitCode.Interrupted);
    expect(ids(stdout).length).toBeLessThan(1000);
    expect(stdout.endsWith("}\n")).toBe(true);
  });

  test("does not wait for the next event", async () => {
    const { code } = await run("twilio-events sample --rate 0.001", { ...world, now: () => new Date() });
    expect(code).toBe(ExitCode.Interrupted);
  });
});

test("a closed pipe is quiet, a full disk is not", async () => {
  const closed = await run("twilio-events sample", { stdout: { fails: "closed" } });
  expect(closed).toMatchObject({ stderr: "", code: ExitCode.Done });
  const full = await run("twilio-events sample", { stdout: { fails: "full" } });
  expect(full).toMatchObject({ code: ExitCode.Output });
});
