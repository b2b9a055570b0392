import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { golden, run } from "./harness.ts";

const call = "test/cli/input/two-calls.ndjson";
const log = "test/cli/input/docker-compose.log";

test("the events of a log, one a line", () => golden("extract", `cat ${log} | twilio-events extract`));

test("what is extracted comes out the same again", async () => {
  const first = await run(`twilio-events extract ${log}`);
  const second = await run("twilio-events extract", { stdin: first.stdout });
  expect(second.stdout).toBe(first.stdout);
});

test("NDJSON comes out byte for byte", async () => {
  expect((await run(`twilio-events extract ${call}`)).stdout).toBe(readFileSync(call, "utf8"));
});

test("keys, numbers and escapes stay as they were found", async () => {
  const event = String.raw`{"type":"com.twilio.voice.x","id":"\u0041","data":{"n":1.0e2,"big":12345678901234567890,"n":2}}`;
  expect((await run("twilio-events extract", { stdin: `[${event}]\n` })).stdout).toBe(`${event}\n`);
});

test("gzip needs no word", async () => {
  const { stdout, code } = await run("twilio-events extract", { stdin: gzipSync(readFileSync(call)) });
  expect({ stdout, code }).toEqual({ stdout: readFileSync(call, "utf8"), code: 0 });
});

test("filters pick, and the line on stderr says what they left out", async () => {
  const { stdout, stderr } = await run(`twilio-events extract --status busy ${call}`);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).data.request.parameters.CallStatus),
  ).toEqual(["busy"]);
  expect(stderr).toContain("5 of them left out by the filters");
});
