import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createCalls } from "../../src/calls/calls.ts";
import { serve } from "../../src/cli/worker.ts";
import type { ExtractOrder } from "../../src/features/extract/job.ts";
import { createAdding, type TimelineBatch, type TimelineOrder } from "../../src/features/timeline/job.ts";
import type { ValidateBatch, ValidateOrder } from "../../src/features/validate/job.ts";
import { createRunStats } from "../../src/findings/run-stats.ts";
import { noFilter, noReadStats, type ReadStats, selecting } from "../../src/findings/select-events.ts";
import type { ByteRange } from "../../src/input/range-reader.ts";
import { readSource } from "../../src/input/read-source.ts";
import { fileSource } from "../../src/input/sources.ts";
import { dataOf, type ResultPart } from "../../src/parallel/partial-output.ts";
import type { FromThread, ToThread } from "../../src/parallel/protocol.ts";
import { insideThread } from "../../src/parallel/threads.ts";
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

type Batch = Extract<FromThread, { kind: "batch" }>;
type End = Extract<FromThread, { kind: "end" }>;

/** A worker that runs in this thread: what it is told, and what it has told. Messages cross as they do between threads. */
function startWorker(name: string, options: unknown) {
  const heard: FromThread[] = [];
  let tell = (_: ToThread): void => undefined;
  const failure = serve({
    data: structuredClone({ name, options }),
    hear(listener) {
      tell = (message) => listener(structuredClone(message));
    },
    post: (message, transferred) => void heard.push(structuredClone(message, { transfer: [...transferred] })),
  });
  const of = <Kind extends FromThread["kind"]>(kind: Kind, work: number) =>
    heard.filter((each): each is Extract<FromThread, { kind: Kind }> => each.kind === kind && each.work === work);
  return {
    failure,
    heard,
    batches: (work: number): readonly Batch[] => of("batch", work),
    ends: (work: number): readonly End[] => of("end", work),
    tell: (message: ToThread) => tell(message),
    /** Has a file or a range of it read to its end, each batch being merged when it comes. */
    async read(work: number, input: string, range?: ByteRange, known: readonly string[] = []) {
      tell({ kind: "read", work, input, range, known });
      let merged = 0;
      await vi.waitFor(() => {
        for (; merged < of("batch", work).length; merged++) tell({ kind: "merged", work });
        expect(of("end", work)).toHaveLength(1);
      }, patience);
      return { batches: of("batch", work), end: of("end", work)[0] as End };
    },
  };
}

function sum(batches: readonly Batch[]): ReadStats {
  const tally = noReadStats();
  for (const batch of batches)
    for (const key of Object.keys(tally) as (keyof ReadStats)[]) tally[key] += batch.tally[key];
  return tally;
}

const validating = (format: ValidateOrder["part"]["format"], isText: boolean): ValidateOrder => ({
  slowMs: 5000,
  schemas: undefined,
  types: undefined,
  rules: new Map(),
  filter: noFilter,
  part: { format, screen, isText },
});

describe("validate", () => {
  test("a file in one work counts what one thread counts", async () => {
    const { batches, end } = await startWorker("validate", validating("json", false)).read(1, samples);
    expect(end).toMatchObject({ reached: Number.POSITIVE_INFINITY, problem: undefined });
    const score = createRunStats();
    for (const { batch } of batches) score.merge((batch as ValidateBatch).score);
    const { stdout } = await run(`twilio-events validate -f json --jobs 1 ${samples}`);
    const { summary } = JSON.parse(stdout);
    expect(score.summary({ ...sum(batches), inputs: 1 })).toMatchObject(summary);
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
    const batches = [...first.batches, ...last.batches].map(({ batch }) => batch as ValidateBatch);
    const { stdout } = await run(`twilio-events validate -f ndjson --jobs 1 ${file}`);
    expect(batches.map(({ part }) => part.text).join("")).toBe(stdout);
    const score = createRunStats();
    for (const batch of batches) score.merge(batch.score);
    const { events, calls, duplicates } = score.summary(noReadStats());
    const count = lines.split("\n").length - 1;
    expect({ events, calls, duplicates }).toEqual({ events: count * 6, calls: 2, duplicates: count * 5 });
  });

  test("of many findings that a person is not shown, the numbers are handed over", async () => {
    const event = JSON.parse(readFileSync("samples/broken/sid-format-masked.json", "utf8"));
    const warned = { ...event, datacontenttype: "json" };
    const file = fileOf("warned.ndjson", `${JSON.stringify(warned)}\n`.repeat(200));
    const { batches } = await startWorker("validate", validating("pretty", false)).read(1, file);
    const parts = batches.map(({ batch }) => (batch as ValidateBatch).part);
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
    const { batches } = await worker.read(1, "samples/broken/json-syntax-comment.json");
    const [item] = batches.flatMap(({ batch }) => dataOf((batch as ValidateBatch).part, 100));
    expect(item).toMatchObject({ source: { line: 109 }, findings: [{ rule: "json-syntax", line: 109 }] });
    expect(item).not.toHaveProperty("event");
  });
});

describe("extract", () => {
  const order: ExtractOrder = { filter: noFilter, part: { format: "ndjson", screen, isText: true } };
  const textOf = (batches: readonly Batch[]): string =>
    batches.map(({ batch }) => (batch as ResultPart<string>).text).join("");

  test("writes what one thread writes", async () => {
    const { batches } = await startWorker("extract", order).read(1, samples);
    const { stdout } = await run(`twilio-events extract --jobs 1 ${samples}`);
    expect(textOf(batches)).toBe(stdout);
  });

  const line = `${readFileSync("samples/calls/forwarded.ndjson", "utf8").split("\n", 1)[0]}\n`;
  const big = fileOf("big.ndjson", line.repeat(Math.ceil(9e6 / line.length)));

  test("sends a megabyte at a time", async () => {
    const { batches } = await startWorker("extract", order).read(1, big);
    expect(batches.length).toBeGreaterThan(6);
    expect(textOf(batches)).toHaveLength(statSync(big).size);
    expect(sum(batches)).toMatchObject({ bytes: statSync(big).size });
  });

  test("waits where nobody merges, and stops where it is not wanted any more", async () => {
    const worker = startWorker("extract", order);
    worker.tell({ kind: "read", work: 1, input: big, range: undefined, known: [] });
    await vi.waitFor(() => expect(worker.batches(1)).toHaveLength(4), patience);
    // What was merged of another work makes no room for this one.
    worker.tell({ kind: "merged", work: 7 });
    worker.tell({ kind: "drop", work: 1 });
    await vi.waitFor(() => expect(worker.ends(1)).toHaveLength(1), patience);
    expect(worker.batches(1)).toHaveLength(5);
    const { batches } = await worker.read(2, samples);
    expect(textOf(batches)).not.toBe("");
  });

  test("a work that is dropped before its turn is not begun", async () => {
    const worker = startWorker("extract", order);
    for (const work of [1, 2, 3]) worker.tell({ kind: "read", work, input: samples, range: undefined, known: [] });
    worker.tell({ kind: "drop", work: 2 });
    await vi.waitFor(() => expect(worker.ends(3)).toHaveLength(1), patience);
    expect(worker.heard.filter(({ work }) => work === 2)).toEqual([]);
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
    const worker = startWorker("timeline", { call: undefined } satisfies TimelineOrder);
    const { batches } = await worker.read(1, file);
    const calls = createCalls();
    for (const { batch } of batches) calls.merge((batch as TimelineBatch).calls, 0);
    expect(told(calls)).toEqual(told(await callsAlone(file)));
    expect(told(calls).length).toBeGreaterThan(0);
  });

  test("thousands of calls are packed in as many chunks as they need", async () => {
    const { stdout } = await run("twilio-events sample --calls 1200 --seed 5");
    const file = fileOf("many.ndjson", stdout);
    const { batches } = await startWorker("timeline", { call: undefined } satisfies TimelineOrder).read(1, file);
    const calls = createCalls();
    for (const { batch } of batches) calls.merge((batch as TimelineBatch).calls, 0);
    expect(told(calls)).toEqual(told(await callsAlone(file)));
  });

  test("events that name no call are counted", async () => {
    const event = JSON.parse(readFileSync("samples/events/call-answered.json", "utf8"));
    const stray = { ...event, data: { ...event.data, sid: undefined, request: undefined } };
    const file = fileOf("stray.ndjson", `${JSON.stringify(stray)}\n${JSON.stringify(event)}\n`);
    const { batches } = await startWorker("timeline", { call: undefined } satisfies TimelineOrder).read(1, file);
    expect(batches.map(({ batch }) => (batch as TimelineBatch).stray)).toEqual([1]);
  });

  test("of the named call, its legs are learned, and those that were known before are known again", async () => {
    const [leg = "", parent = ""] =
      /"sid":"(CA\w+)".*"ParentCallSid":"(CA\w+)"/.exec(readFileSync(source, "utf8"))?.slice(1) ?? [];
    const worker = startWorker("timeline", { call: parent } satisfies TimelineOrder);
    const { batches } = await worker.read(1, source);
    expect(batches.flatMap(({ batch }) => (batch as TimelineBatch).legs)).toContain(leg);
    const others = fileOf("others.ndjson", (await run("twilio-events sample busy --calls 3 --seed 9")).stdout);
    const again = await worker.read(2, others, undefined, [leg]);
    expect(again.batches.flatMap(({ batch }) => (batch as TimelineBatch).legs)).toEqual([leg]);
  });
});

test("a task that is not there is a fault", async () => {
  await expect(startWorker("dance", undefined).failure).rejects.toThrow("no task is named dance");
});

test("in the main thread there is nobody to serve", () => {
  expect(insideThread()).toBeUndefined();
});
