import { expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { sampleOf, scenarioNames } from "../features/sample/support.ts";
import { redactorOf } from "../redact/support.ts";
import { canaryTrial } from "./redaction-trials.ts";

// `npm run harden canaries` runs 1,000 events through every command and format.

test("no personal data of 100 events is in the redacted output of some commands", async () => {
  const { bytes, runs, ...rest } = await canaryTrial({ events: 100, isQuick: true });
  expect(rest).toEqual({ events: 100, unhidden: 1, leaks: 0, first: [] });
  expect({ runs, isMuch: bytes > 200_000 }).toEqual({ runs: 6, isMuch: true });
}, 120_000);

test("redaction takes a fraction of a millisecond per event", () => {
  const events = sampleOf("answered", { scenarios: ["answered", ...scenarioNames], calls: 100 }).deliveries.map(
    ({ event }) => JSON.stringify(event),
  );
  const redactor = redactorOf();
  for (const event of events.slice(0, 300)) redactor.json(event);
  const start = process.cpuUsage();
  for (const event of events) redactor.json(event);
  expect(cpuSince(start) / events.length).toBeLessThan(0.2);
});
