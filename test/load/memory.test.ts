import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Readable, type Transform } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { describe, expect, test } from "vitest";

const MB = 1_000_000;
const limit = 200 * MB;

const answered = readFileSync("samples/calls/answered.ndjson", "utf8");
const eventsOfCall = 6;
const [one] = answered.split("\n", 1);

interface Judged {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that was resident, in bytes. */
  readonly peak: number;
}

/** Pipes the input into the built program, through the transform if there is one. */
async function judge(argv: readonly string[], input: Iterable<Buffer>, through?: Transform): Promise<Judged> {
  const child = spawn(process.execPath, ["--require", "./test/bench/peak.cjs", "bin/twilio-events.js", ...argv], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const [stdin, ...outputs] = child.stdio;
  const said = Promise.all(outputs.map((stream) => text(stream as Readable)));
  const source = Readable.from(input, { objectMode: false });
  await (through ? pipeline(source, through, stdin) : pipeline(source, stdin));
  const [code] = await ended;
  const [stdout = "", stderr = "", peak] = await said;
  return { code, stdout, stderr, peak: Number(peak) };
}

/** So many bytes of whole calls, each with SIDs of its own. */
function* calls(bytes: number): Generator<Buffer> {
  const callBytes = Buffer.byteLength(answered);
  for (let number = 0; number * callBytes < bytes; number += 1) {
    const digits = number.toString(16).padStart(8, "0");
    yield Buffer.from(answered.replaceAll(/(CA|VW)[0-9a-f]{8}/g, `$1${digits}`));
  }
}

/** The same calls in one array, on one line. */
function* array(bytes: number): Generator<Buffer> {
  let before = "[";
  for (const call of calls(bytes)) {
    yield Buffer.from(`${before}${call.toString().trimEnd().replaceAll("\n", ",")}`);
    before = ",";
  }
  yield Buffer.from("]\n");
}

function found(bytes: number): string {
  const events = Math.ceil(bytes / Buffer.byteLength(answered)) * eventsOfCall;
  return `: ${events.toLocaleString("en-US")} events found.\n`;
}

/** An event in which one string alone has so many bytes, between two events of ordinary size. */
function* giant(bytes: number): Generator<Buffer> {
  yield Buffer.from(`${one}\n{"specversion":"1.0","type":"com.twilio.voice.media.fetched","id":"`);
  for (let made = 0; made < bytes; made += MB) yield Buffer.alloc(MB, "a");
  yield Buffer.from(`"}\n${one}\n`);
}

describe("memory stays below 200 MB", { timeout: 120_000 }, () => {
  test.each(["validate -f compact", "validate -f ndjson", "extract"])("%s of 100 MB of NDJSON", async (command) => {
    const { code, stderr, peak } = await judge(command.split(" "), calls(100 * MB));
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(found(100 * MB)) });
    expect(peak).toBeLessThan(limit);
  });

  test("validate of 100 MB of NDJSON, gzipped", async () => {
    const gzip = createGzip({ level: 1 });
    const { code, stderr, peak } = await judge(["validate", "-f", "compact"], calls(100 * MB), gzip);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(found(100 * MB)) });
    expect(peak).toBeLessThan(limit);
  });

  test("validate of 100 MB in an array on one line", async () => {
    const { code, stdout, stderr, peak } = await judge(["validate", "-f", "compact"], array(100 * MB));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: expect.stringContaining(found(100 * MB)) });
    expect(peak).toBeLessThan(limit);
  });

  test.each([17, 64])("a line of %d MB costs itself alone", async (megabytes) => {
    const { code, stdout, stderr, peak } = await judge(["validate", "-f", "compact"], giant(megabytes * MB));
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^-:2:\d+ +error +json-syntax +.+\n$/) });
    expect(stderr).toContain(": 2 events found, 1 text that could not be read.\n");
    expect(peak).toBeLessThan(limit);
  });
});

test("the record that `head -c` cuts off is named, and the others are judged", async () => {
  const whole = Buffer.concat([...calls(MB)]).subarray(0, MB - 500);
  const lines = whole.toString().split("\n").length;
  const { code, stdout, stderr } = await judge(["validate", "-f", "compact"], [whole]);
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`^-:${lines}:\\d+ +error +json-syntax +.*cut off\n$`));
  expect(stderr).toContain(`: ${(lines - 1).toLocaleString("en-US")} events found, 1 text that could not be read.\n`);
});
