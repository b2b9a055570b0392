import { truncateSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { noFilter, noReadStats } from "../../src/findings/select-events.ts";
import { expandInputs } from "../../src/input/sources.ts";
import type { ParallelJob, Sizes } from "../../src/parallel/protocol.ts";
import { readInParallel } from "../../src/parallel/read.ts";
import { run } from "../cli/harness.ts";
import { allSamples, fileOf } from "./inputs.ts";

// Threads of a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

const samples = allSamples();
const big = fileOf("big.log", Buffer.concat(Array.from({ length: 8 }, () => samples)));
const sizes = { border: 0, range: 20_000 };

describe("a thread that fails is a fault that names what it read", () => {
  test.each([
    ["validate", "out of luck"],
    ["extract", "its thread ended with code 9"],
  ])("%s: %s", async (command, reason) => {
    const program = resolve("test/parallel/dying.cjs");
    const { code, stderr } = await run(`twilio-events ${command} --jobs 2 ${big}`, { sizes: { ...sizes, program } });
    expect(code).toBe(70);
    expect(stderr).toMatch(
      new RegExp(`^twilio-events: this is a fault in twilio-events: reading bytes \\d+ to \\d+ of ${big}: ${reason} `),
    );
  });
});

test("who gets what a thread reads may be gone", async () => {
  const { code, stderr } = await run(`twilio-events validate -f ndjson --jobs 2 ${big}`, {
    sizes,
    stdout: { fails: "closed" },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a full disk ends the threads", async () => {
  const { code, stderr } = await run(`twilio-events validate -f ndjson --jobs 2 ${big}`, {
    sizes,
    stdout: { fails: "full" },
  });
  expect(code).toBe(74);
  expect(stderr).toContain("no space left");
});

test("after an interrupt there is a summary of what was read", async () => {
  const alone = await run(`twilio-events validate -f ndjson --jobs 1 ${big}`);
  const spread = await run(`twilio-events validate -f ndjson --jobs 2 ${big}`, { sizes, stdout: { interrupts: true } });
  expect(spread.code).toBe(130);
  expect(spread.stderr).toMatch(/^Interrupted\. Read [\d,]+ lines? \(/);
  expect(spread.stdout).not.toBe("");
  expect(spread.stdout.length).toBeLessThan(alone.stdout.length);
  expect(alone.stdout.startsWith(spread.stdout)).toBe(true);
});

test("a file that shrinks while it is read ends where it ends", async () => {
  const file = fileOf("shrinks.log", Buffer.concat(Array.from({ length: 8 }, () => samples)));
  let hasShrunk = false;
  const { code, stderr } = await run(`twilio-events validate -f ndjson --jobs 2 ${file}`, {
    sizes,
    stdout: {
      sees() {
        if (!hasShrunk) truncateSync(file, samples.length + 100);
        hasShrunk = true;
      },
    },
  });
  expect(hasShrunk).toBe(true);
  expect([0, 1]).toContain(code);
  expect(stderr).toMatch(/^Read [\d,]+ lines \(/);
});

/** The big file read in two threads, to its end. */
async function readBig(sizes: Sizes, parallel: ParallelJob): Promise<AsyncGenerator<unknown, void, void>> {
  return readInParallel({
    inputs: await expandInputs([big], Readable.from([])),
    filter: noFilter,
    tally: noReadStats(),
    visit: () => undefined,
    jobs: 2,
    sizes,
    signal: new AbortController().signal,
    parallel,
  });
}

test("who takes one result after the other is waited for: few ranges are read ahead", async () => {
  const ahead: number[] = [];
  let asked = 0;
  const idle = { ...sizes, program: resolve("test/parallel/idle.cjs") };
  const reading = await readBig(idle, {
    spec: { name: "count", options: undefined },
    countsLines: false,
    // It is asked for when a range is given out, and when it is that range's turn.
    known() {
      asked++;
      return [];
    },
    merge() {
      const turns = ahead.length + 1;
      ahead.push(asked - turns - turns);
    },
  });
  for await (const _ of reading);
  expect(ahead.length).toBeGreaterThan(40);
  expect(Math.max(...ahead)).toBe(5);
});

test("threads end when the reading does, wherever it is", async () => {
  const reading = await readBig(sizes, {
    spec: { name: "timeline", options: {} },
    countsLines: false,
    known: () => [],
    merge: () => undefined,
  });
  await reading.next();
  await reading.return(undefined);
  // Those of the tests before this one too.
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain("MessagePort"));
});
