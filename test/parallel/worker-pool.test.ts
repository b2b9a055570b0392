import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { fileSource } from "../../src/input/sources.ts";
import type { InputPart } from "../../src/parallel/split.ts";
import { createWorkerPool, type WorkerPool } from "../../src/parallel/worker-pool.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-pool-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pools: WorkerPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.end();
});

function poolOf(program: string): WorkerPool {
  const pool = createWorkerPool(1, { name: "validate", options: undefined }, resolve(program));
  pools.push(pool);
  return pool;
}

const range = { start: 0, end: 100, line: 1 };
const part = (name: string, rest: Partial<InputPart> = {}): InputPart => ({
  input: fileSource(name, undefined),
  isForThread: true,
  ...rest,
});

test("a thread that dies takes with it what it was to read, and what waits has nobody", async () => {
  const pool = poolOf("test/parallel/dying.cjs");
  // It dies at the second work that it gets; two are with it then, and one waits.
  await expect(pool.next(pool.add(part("a", { range }), []))).resolves.toBeUndefined();
  const others = [
    pool.add(part("b", { range }), []),
    pool.add(part("c", { range }), []),
    pool.add(part("d", { range: { ...range, end: Number.POSITIVE_INFINITY } }), []),
  ];
  const reasons: unknown[] = [];
  for (const pending of others) await pool.next(pending).catch((error: Error) => reasons.push(error.message));
  expect(reasons).toEqual([
    "reading bytes 0 to 100 of b: out of luck",
    "reading bytes 0 to 100 of c: out of luck",
    "reading bytes 0 to the end of d: no thread is left",
  ]);
});

test("a thread that fails in reading a whole file is told by the file's name", async () => {
  const program = join(folder, "failing.cjs");
  writeFileSync(program, 'require("node:worker_threads").parentPort.on("message", () => { throw "no luck"; });\n');
  const pool = poolOf(program);
  await expect(pool.next(pool.add(part("events.log"), []))).rejects.toThrow("reading events.log: no luck");
});

test("what a thread tells of a work that was dropped is not heard", async () => {
  const pool = poolOf("test/parallel/idle.cjs");
  const dropped = pool.add(part("a", { range }), []);
  pool.drop(dropped);
  const pending = pool.add(part("b", { range }), []);
  expect(await pool.next(pending)).toMatchObject({ kind: "result" });
  expect(await pool.next(pending)).toBeUndefined();
  expect(dropped).toMatchObject({ results: [], end: undefined });
});

test("a thread that has been ended is not heard any more", async () => {
  const pool = poolOf("test/parallel/idle.cjs");
  const first = pool.add(part("a", { range }), []);
  expect(await pool.next(first)).toMatchObject({ kind: "result" });
  const second = pool.add(part("b", { range }), []);
  pool.end();
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain("MessagePort"), { timeout: 30_000 });
  expect(second).toMatchObject({ results: [], end: undefined, failure: undefined });
  expect(await pool.next(second)).toBeUndefined();
});
