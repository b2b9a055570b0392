import fc from "fast-check";
import { expect, test } from "vitest";
import { formStart } from "../../../src/input/scan/form-scanner.ts";
import { cpuSince } from "../../cpu.ts";
import { readText } from "../read.ts";

test.each([
  ["CallSid=CA1&CallStatus=busy", 0],
  ["CallStatus=busy&CallSid=CA1", 0],
  ["https://a.example.com/cb?CallStatus=busy&CallSid=CA1", 25],
  ["a&b=1&CallSid=CA1", 2],
  ["b=1&&CallSid=CA1", 5],
  ["ParentCallSid=CA1&CallSid=CA2", 0],
  ["?ParentCallSid=CA1", 7],
  ["?=a=1&CallSid=CA1", 2],
  ["CallSid=", undefined],
  ["", undefined],
])("in %s a form begins at %s", (word, start) => {
  expect(formStart(word)).toBe(start);
});

test.each([
  ["got CallSid=CA00000000000000000001&CallStatus=busy", 1],
  ["got CallStatus=busy&CallSid=CA00000000000000000001", 1],
  ["got CallSid=CA00000000000000000001CallStatus=busy", 0],
])("%s holds a callback only where a pair says what it is", async (text, count) => {
  expect((await readText(`${text}\n`)).found).toHaveLength(count);
});

test("a form begins where a search from each place on would find it first", () => {
  const slow = /(?:[\w.%+-]+=[^&]*&)*CallSid=CA/;
  const parts = fc.constantFrom("CallSid=CA", "CallSid=", "Call", "a", "A1", "=", "&", "?", "/", "%");
  const word = fc.array(parts, { maxLength: 14 }).map((each) => each.join(""));
  fc.assert(
    fc.property(word, (text) => formStart(text) === slow.exec(text)?.index),
    { numRuns: 5000 },
  );
});

test.each(["a", "a=", "a=b&", "=", "&", "%", "CallSid=", "CallSid=CA"])(
  "time grows no faster than the text: %s again and again",
  async (unit) => {
    const read = async (size: number) => {
      const start = process.cpuUsage();
      await readText(`CallSid=CA ${unit.repeat(size / unit.length)}\n`);
      return cpuSince(start);
    };
    await read(100_000);
    expect(await read(400_000)).toBeLessThan(1000);
  },
);
