import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { fileSource } from "../../src/input/sources.ts";
import type { Unit } from "../../src/parallel/split.ts";
import { startThread } from "../../src/parallel/threads.ts";
import { createWorkerPool, type WorkerPool } from "../../src/parallel/worker-pool.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-crew-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const crews: WorkerPool[] = [];
afterEach(() => {
  for (const crew of crews.splice(0)) crew.end();
});

function crewOf(program: string): WorkerPool {
  const crew = createWorkerPool(1, { name: "validate", options: undefined }, resolve(program));
  crews.push(crew);
  return crew;
}

const range = { start: 0, end: 100, line: 1 };
const unit = (name: string, part: Partial<Unit> = {}): Unit => ({
  input: fileSource(name, undefined),
  isForThread: true,
  ...part,
});

test("a thread that dies takes with it what it was to read, and what waits has nobody", async () => {
  const crew = crewOf("test/parallel/dying.cjs");
  // It dies at the second work that it gets; two are with it then, and one waits.
  await expect(crew.next(crew.give(unit("a", { range }), []))).resolves.toBeUndefined();
  const others = [
    crew.give(unit("b", { range }), []),
    crew.give(unit("c", { range }), []),
    crew.give(unit("d", { range: { ...range, end: Number.POSITIVE_INFINITY } }), []),
  ];
  const reasons: unknown[] = [];
  for (const work of others) await crew.next(work).catch((error: Error) => reasons.push(error.message));
  expect(reasons).toEqual([
    "reading bytes 0 to 100 of b: out of luck",
    "reading bytes 0 to 100 of c: out of luck",
    "reading bytes 0 to the end of d: no thread is left",
  ]);
});

test("a thread that fails in reading a whole file is told by the file's name", async () => {
  const program = join(folder, "failing.cjs");
  writeFileSync(program, 'require("node:worker_threads").parentPort.on("message", () => { throw "no luck"; });\n');
  const crew = crewOf(program);
  await expect(crew.next(crew.give(unit("events.log"), []))).rejects.toThrow("reading events.log: no luck");
});

test("what a thread tells of a work that was dropped is not heard", async () => {
  const crew = crewOf("test/parallel/idle.cjs");
  const dropped = crew.give(unit("a", { range }), []);
  crew.drop(dropped);
  const work = crew.give(unit("b", { range }), []);
  expect(await crew.next(work)).toMatchObject({ kind: "batch" });
  expect(await crew.next(work)).toBeUndefined();
  expect(dropped).toMatchObject({ batches: [], end: undefined });
});

test("a thread that has been ended is not heard any more", async () => {
  const program = join(folder, "talking.cjs");
  writeFileSync(
    program,
    'const { parentPort } = require("node:worker_threads");\nparentPort.on("message", (text) => parentPort.postMessage(text));\n',
  );
  const heard: string[] = [];
  const hearing = {
    message: (text: string) => void heard.push(text),
    failure: (reason: string) => void heard.push(reason),
  };
  const thread = startThread<string, string>(undefined, hearing, program);
  thread.post("one");
  await vi.waitFor(() => expect(heard).toEqual(["one"]), { timeout: 30_000 });
  thread.post("two");
  thread.end();
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain("MessagePort"), { timeout: 30_000 });
  expect(heard).toEqual(["one"]);
});
