import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createCalls } from "../../src/calls/calls.ts";
import { serve } from "../../src/cli/worker.ts";
import type { ExtractJobOptions } from "../../src/features/extract/job.ts";
import { createAdding, type TimelineJobOptions, type TimelineJobResult } from "../../src/features/timeline/job.ts";
import type { ValidateJobOptions, ValidateJobResult } from "../../src/features/validate/job.ts";
import { createRunStats } from "../../src/findings/run-stats.ts";
import { noFilter, noReadStats, type ReadStats, selecting } from "../../src/findings/select-events.ts";
import type { ByteRange } from "../../src/input/range-reader.ts";
import { readSource } from "../../src/input/read-source.ts";
import { fileSource } from "../../src/input/sources.ts";
import { dataOf, type ResultPart } from "../../src/parallel/partial-output.ts";
import type { FromThread, JobResult, PartEnd, ToThread } from "../../src/parallel/protocol.ts";
import { allSamples } from "../parallel/inputs.ts";
import { run } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-worker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, contents: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const samples = fileOf("samples.log", allSamples());
/** A busy machine takes its time. */
const patience = { interval: 5, timeout: 30_000 };
const screen = { width: 100, color: false, ascii: false, verbose: false, terminal: false };

/** A worker that runs in this thread: what it is told, and what it has told. Messages cross as they do between threads. */
function startWorker(name: string, options: unknown) {
  const heard: FromThread[] = [];
  const { port1: ours, port2: its } = new MessageChannel();
  ours.on("message", (message: FromThread) => heard.push(message));
  const failure = serve(its, structuredClone({ name, options }));
  const tell = (message: ToThread): void => ours.postMessage(message);
  const of = <Kind extends FromThread["kind"]>(kind: Kind, part: number) =>
    heard.filter((each): each is Extract<FromThread, { kind: Kind }> => each.kind === kind && each.part === part);
  return {
    failure,
    heard,
    results: (part: number): readonly JobResult[] => of("result", part),
    ends: (part: number): readonly PartEnd[] => of("end", part),
    tell,
    /** Has a file or a range of it read to its end, each result being merged when it comes. */
    async read(part: number, input: string, range?: ByteRange, known: readonly string[] = []) {
      tell({ kind: "read", part, input, range, known });
      let merged = 0;
      await vi.waitFor(() => {
        for (; merged < of("result", part).length; merged++) tell({ kind: "merged", part });
        expect(of("end", part)).toHaveLength(1);
      }, patience);
      return { results: of("result", part), end: of("end", part)[0] as PartEnd };
    },
  };
}

function sum(results: readonly JobResult[]): ReadStats {
  const tally = noReadStats();
  for (const result of results)
    for (const key of Object.keys(tally) as (keyof ReadStats)[]) tally[key] += result.stats[key];
  return tally;
}

const validating = (format: ValidateJobOptions["part"]["format"], isText: boolean): ValidateJobOptions => ({
  slowMs: 5000,
  schemas: undefined,
  types: undefined,
  rules: new Map(),
  filter: noFilter,
  part: { format, screen, isText },
});

describe("validate", () => {
  test("a file in one work counts what one thread counts", async () => {
    const { results, end } = await startWorker("validate", validating("json", false)).read(1, samples);
    expect(end).toMatchObject({ reached: Number.POSITIVE_INFINITY, problem: undefined });
    const score = createRunStats();
    for (const { result } of results) score.merge((result as ValidateJobResult).score);
    const { stdout } = await run(`twilio-events validate -f json --jobs 1 ${samples}`);
    const { summary } = JSON.parse(stdout);
    expect(score.summary({ ...sum(results), inputs: 1 })).toMatchObject(summary);
  });

  test("ranges, read in any order, tell what one thread tells", async () => {
    const lines = readFileSync("samples/calls/forwarded.ndjson", "utf8");
    const file = fileOf("ranges.ndjson", lines.repeat(6));
    const worker = startWorker("validate", validating("ndjson", true));
    const end = Buffer.byteLength(lines) * 2;
    const line = lines.split("\n").length * 2 - 1;
    const last = await worker.read(1, file, { start: end, end: Number.POSITIVE_INFINITY, line });
    const first = await worker.read(2, file, { start: 0, end, line: 1 });
    expect(first.end.reached).toBe(end);
    const results = [...first.results, ...last.results].map(({ result }) => result as ValidateJobResult);
    const { stdout } = await run(`twilio-events validate -f ndjson --jobs 1 ${file}`);
    expect(results.map(({ part }) => part.text).join("")).toBe(stdout);
    const score = createRunStats();
    for (const result of results) score.merge(result.score);
    const { events, calls, duplicates } = score.summary(noReadStats());
    const count = lines.split("\n").length - 1;
    expect({ events, calls, duplicates }).toEqual({ events: count * 6, calls: 2, duplicates: count * 5 });
  });

  test("of many findings that a person is not shown, the numbers are handed over", async () => {
    const event = JSON.parse(readFileSync("samples/broken/sid-format-masked.json", "utf8"));
    const warned = { ...event, datacontenttype: "json" };
    const file = fileOf("warned.ndjson", `${JSON.stringify(warned)}\n`.repeat(200));
    const { results } = await startWorker("validate", validating("pretty", false)).read(1, file);
    const parts = results.map(({ result }) => (result as ValidateJobResult).part);
    const shown = parts.flatMap((part) => dataOf(part, 1000));
    const heldBack = parts.reduce((count, part) => count + (part.heldBack.get("envelope-content-type") ?? 0), 0);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length + heldBack).toBe(200);
    expect(shown[0]).toMatchObject({ event: {}, source: { line: 1001 } });
    const [first] = shown;
    expect(first?.findings.map(({ line }) => line)).toEqual([1001, 1001, 1001]);
  });

  test("text that is no event is found at its lines in the whole input", async () => {
    const worker = startWorker("validate", validating("pretty", false));
    const { results } = await worker.read(1, "samples/broken/json-syntax-comment.json");
    const [item] = results.flatMap(({ result }) => dataOf((result as ValidateJobResult).part, 100));
    expect(item).toMatchObject({ source: { line: 109 }, findings: [{ rule: "json-syntax", line: 109 }] });
    expect(item).not.toHaveProperty("event");
  });
});

describe("extract", () => {
  const order: ExtractJobOptions = { filter: noFilter, part: { format: "ndjson", screen, isText: true } };
  const textOf = (results: readonly JobResult[]): string =>
    results.map(({ result }) => (result as ResultPart<string>).text).join("");

  test("writes what one thread writes", async () => {
    const { results } = await startWorker("extract", order).read(1, samples);
    const { stdout } = await run(`twilio-events extract --jobs 1 ${samples}`);
    expect(textOf(results)).toBe(stdout);
  });

  const line = `${readFileSync("samples/calls/forwarded.ndjson", "utf8").split("\n", 1)[0]}\n`;
  const big = fileOf("big.ndjson", line.repeat(Math.ceil(9e6 / line.length)));

  test("sends a megabyte at a time", async () => {
    const { results } = await startWorker("extract", order).read(1, big);
    expect(results.length).toBeGreaterThan(6);
    expect(textOf(results)).toHaveLength(statSync(big).size);
    expect(sum(results)).toMatchObject({ bytes: statSync(big).size });
  });

  test("waits where nobody merges, and stops where it is not wanted any more", async () => {
    const worker = startWorker("extract", order);
    worker.tell({ kind: "read", part: 1, input: big, range: undefined, known: [] });
    await vi.waitFor(() => expect(worker.results(1)).toHaveLength(4), patience);
    // What was merged of another work makes no room for this one.
    worker.tell({ kind: "merged", part: 7 });
    worker.tell({ kind: "drop", part: 1 });
    await vi.waitFor(() => expect(worker.ends(1)).toHaveLength(1), patience);
    expect(worker.results(1)).toHaveLength(5);
    const { results } = await worker.read(2, samples);
    expect(textOf(results)).not.toBe("");
  });

  test("a work that is dropped before its turn is not begun", async () => {
    const worker = startWorker("extract", order);
    for (const part of [1, 2, 3]) worker.tell({ kind: "read", part, input: samples, range: undefined, known: [] });
    worker.tell({ kind: "drop", part: 2 });
    await vi.waitFor(() => expect(worker.ends(3)).toHaveLength(1), patience);
    expect(worker.heard.filter(({ part }) => part === 2)).toEqual([]);
    expect(worker.ends(1)).toHaveLength(1);
  });

  test("a file that cannot be read is told, and the next one is read", async () => {
    const worker = startWorker("extract", order);
    const { end } = await worker.read(1, join(folder, "missing.log"));
    expect(end.problem).toBe("no such file or folder");
    expect((await worker.read(2, samples)).end.problem).toBeUndefined();
  });
});

describe("timeline", () => {
  const source = "samples/calls/forwarded.ndjson";

  async function callsAlone(file: string): Promise<ReturnType<typeof createCalls>> {
    const calls = createCalls();
    const visit = createAdding(undefined, calls.add, () => undefined);
    const tally = noReadStats();
    for await (const _ of readSource(fileSource(file, undefined), tally, selecting<never>(noFilter, tally, visit), {}));
    return calls;
  }

  const told = (calls: ReturnType<typeof createCalls>) =>
    [...calls.drafts()].sort(calls.compare).map((draft) => calls.finish(draft));

  test.each([samples, source])("packed calls of %s are those of one thread", async (file) => {
    const worker = startWorker("timeline", { call: undefined } satisfies TimelineJobOptions);
    const { results } = await worker.read(1, file);
    const calls = createCalls();
    for (const { result } of results) calls.merge((result as TimelineJobResult).calls, 0);
    expect(told(calls)).toEqual(told(await callsAlone(file)));
    expect(told(calls).length).toBeGreaterThan(0);
  });

  test("thousands of calls are packed in as many chunks as they need", async () => {
    const { stdout } = await run("twilio-events sample --calls 1200 --seed 5");
    const file = fileOf("many.ndjson", stdout);
    const { results } = await startWorker("timeline", { call: undefined } satisfies TimelineJobOptions).read(1, file);
    const calls = createCalls();
    for (const { result } of results) calls.merge((result as TimelineJobResult).calls, 0);
    expect(told(calls)).toEqual(told(await callsAlone(file)));
  });

  test("events that name no call are counted", async () => {
    const event = JSON.parse(readFileSync("samples/events/call-answered.json", "utf8"));
    const stray = { ...event, data: { ...event.data, sid: undefined, request: undefined } };
    const file = fileOf("stray.ndjson", `${JSON.stringify(stray)}\n${JSON.stringify(event)}\n`);
    const { results } = await startWorker("timeline", { call: undefined } satisfies TimelineJobOptions).read(1, file);
    expect(results.map(({ result }) => (result as TimelineJobResult).stray)).toEqual([1]);
  });

  test("of the named call, its legs are learned, and those that were known before are known again", async () => {
    const [leg = "", parent = ""] =
      /"sid":"(CA\w+)".*"ParentCallSid":"(CA\w+)"/.exec(readFileSync(source, "utf8"))?.slice(1) ?? [];
    const worker = startWorker("timeline", { call: parent } satisfies TimelineJobOptions);
    const { results } = await worker.read(1, source);
    expect(results.flatMap(({ result }) => (result as TimelineJobResult).legs)).toContain(leg);
    const others = fileOf("others.ndjson", (await run("twilio-events sample busy --calls 3 --seed 9")).stdout);
    const again = await worker.read(2, others, undefined, [leg]);
    expect(again.results.flatMap(({ result }) => (result as TimelineJobResult).legs)).toEqual([leg]);
  });
});

test("a task that is not there is a fault", async () => {
  await expect(startWorker("dance", undefined).failure).rejects.toThrow("no task is named dance");
});
