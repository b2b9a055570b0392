import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { run } from "./harness.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const block = readFileSync("test/cli/input/two-calls.ndjson", "utf8").repeat(30);
const megabyte = 1_000_000;

test.each(["validate -f compact", "validate -f json"])("%s: memory does not grow with the input", async (command) => {
  const used: number[] = [];
  async function* input(): AsyncGenerator<Buffer> {
    for (let chunk = 0; chunk < 100; chunk++) {
      if (chunk % 50 === 49) {
        collectGarbage();
        used.push(process.memoryUsage().heapUsed);
      }
      yield Buffer.from(block);
    }
  }
  const { stderr } = await run(`twilio-events ${command}`, { stdin: input() });
  expect(stderr).toContain("18,000 events found");
  const [before = 0, after = 0] = used;
  expect(after - before).toBeLessThan(4 * megabyte);
});
