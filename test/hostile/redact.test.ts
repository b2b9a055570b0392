import { expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { redactorOf } from "../redact/support.ts";
import { sampleOf, scenarioNames } from "../sampling/support.ts";
import { canaryTrial } from "./redaction-trials.js";

// `npm run torture canaries` plants in 10,000.

test("of 1,000 events with a canary in every place, none sings in any format of any command", async () => {
  const { bytes, runs, ...rest } = await canaryTrial({ events: 1000 });
  expect(rest).toEqual({
    events: 1000,
    unhidden: ["extract", "validate", "decode", "timeline"],
    leaks: 0,
    first: [],
  });
  expect({ runs, isMuch: bytes > 10_000_000 }).toEqual({ runs: 25, isMuch: true });
}, 600_000);

test("an event takes a fraction of a millisecond", () => {
  const events = sampleOf("answered", { scenarios: ["answered", ...scenarioNames], calls: 400 }).deliveries.map(
    ({ event }) => JSON.stringify(event),
  );
  const redactor = redactorOf();
  for (const event of events.slice(0, 500)) redactor.json(event);
  const start = process.cpuUsage();
  for (const event of events) redactor.json(event);
  expect(cpuSince(start) / events.length).toBeLessThan(0.2);
});
