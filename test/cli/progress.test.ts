import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "./harness.ts";

const file = "samples/calls/forwarded.ndjson";

/** A clock that goes on by as much each time somebody looks at it. */
function clock(stepMs: number): () => Date {
  let at = Date.parse("2025-08-24T14:50:00Z");
  return () => {
    at += stepMs;
    return new Date(at);
  };
}

async function* lines(): AsyncGenerator<Buffer> {
  for (const line of readFileSync(file, "utf8").split(/(?<=\n)/)) yield Buffer.from(line);
}

const person = { stderr: { columns: 80 }, env: { TERM: "xterm" } };

test("who waits is told how far a file is read", async () => {
  const { stderr } = await run(`twilio-events extract ${file}`, { ...person, now: clock(2000) });
  const [, first = ""] = stderr.replaceAll("\u001b[K", "").split("\r");
  expect(first).toMatch(/^[\d.]+ kB read \(\d+ %\), \d+ events$/);
  expect(stderr).toContain("\r\u001b[K");
});

test("of a pipe nobody knows how much is to come", async () => {
  const { stderr } = await run("twilio-events extract", { ...person, stdin: lines(), now: clock(2000) });
  const [, first = ""] = stderr.replaceAll("\u001b[K", "").split("\r");
  expect(first).toMatch(/^[\d.]+ kB read, 1 events?$/);
});

test.each([
  ["a run that is soon over", { ...person, now: clock(1) }],
  ["a dumb terminal", { ...person, env: { TERM: "dumb" }, now: clock(2000) }],
  ["a pipe", { now: clock(2000) }],
  ["a result on the same terminal", { ...person, stdout: { columns: 80 }, now: clock(2000) }],
])("%s is not told", async (_, world) => {
  const { stderr } = await run(`twilio-events extract ${file}`, world);
  expect(stderr).not.toContain("\r");
});
