import { expect, test } from "vitest";
import { start } from "../support/spawn.ts";
import { makeCalls } from "./memory-trials.ts";

// `npm run harden memory` runs 100 MB of many kinds.

const MB = 1_000_000;

test("40 MB of NDJSON take less than 150 MB of memory", async () => {
  const { code, peak } = await start(["validate", "-f", "compact"], { input: makeCalls(40 * MB) });
  expect(code).toBe(0);
  expect(peak).toBeLessThan(150 * MB);
}, 60_000);

test("a record that `head -c` truncated is a finding, and the others are validated", async () => {
  const whole = Buffer.concat([...makeCalls(MB)]).subarray(0, MB - 500);
  const lines = whole.toString().split("\n").length;
  const { code, stdout, stderr } = await start(["validate", "-f", "compact"], { input: [whole] });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`^-:${lines}:\\d+ +error +json-syntax +.*cut off\n$`));
  expect(stderr).toContain(`: ${(lines - 1).toLocaleString("en-US")} events found, 1 text that could not be read.\n`);
});
