import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { eventItem } from "../../src/findings/event-item.ts";
import { openRenderer } from "../../src/output/formats/index.ts";
import { call, fault, pipe, source } from "../output/hostile.ts";
import { run } from "./harness.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const block = readFileSync("test/cli/input/two-calls.ndjson", "utf8").repeat(30);
const megabyte = 1_000_000;

test.each(["compact", "json", "github", "sarif", "junit", "markdown"].map((format) => `validate -f ${format}`))(
  "%s: memory does not grow with the input",
  async (command) => {
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
  },
);

test.each(["github", "sarif", "junit", "markdown"] as const)(
  "%s: memory does not grow with the findings",
  async (name) => {
    const renderer = await openRenderer(name, pipe);
    const used: number[] = [];
    let id = 0;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20_000; i++) {
        const event = { ...call, id: `EZ${id++}` };
        renderer.render(eventItem({ event, source, findings: [{ ...fault, line: id }] }));
      }
      collectGarbage();
      used.push(process.memoryUsage().heapUsed);
    }
    const [, before = 0, after = 0] = used;
    expect(after - before).toBeLessThan(megabyte);
  },
);
