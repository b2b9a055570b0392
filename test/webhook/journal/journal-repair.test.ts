import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { systemFiles } from "../../../src/webhook/journal/journal-files.ts";
import { linesBackwards } from "../../../src/webhook/journal/record-lines.ts";
import { toRecordLine } from "../../../src/webhook/webhook-request.ts";
import { expectPrivate } from "../../files.ts";
import { line, numbersIn, open, rejectedIn, request, requestsIn, temporaryFolder } from "./journal-lines.ts";

const folder = temporaryFolder();
let files = 0;
const fresh = (): string => join(folder, `${++files}.ndjson`);

/** A record of about 1,000 bytes, as a small event is. */
const long = (number: number): Buffer =>
  toRecordLine({ ...request(`{"number":${number}}`), url: `/hook?${"é".repeat(420)}` });

test("every line of a record begins alike: by that a torn one is known", async () => {
  const path = fresh();
  for (const text of [toRecordLine(request("")), toRecordLine({ ...request("x"), receivedAt: 0, rejected: "y" })]) {
    writeFileSync(path, text.subarray(0, 21));
    const journal = await open(path);
    expect(journal.recovered).toEqual({ keptBytes: 0, movedBytes: 21 });
    await journal.close();
  }
});

test("cut off at every byte of its last two lines, a record keeps its whole lines and goes on", {
  timeout: 120_000,
}, async () => {
  const kept = Buffer.concat([long(1), long(2)]);
  const last = Buffer.concat([long(3), long(4)]);
  expect(last.length).toBeGreaterThanOrEqual(2000);
  const path = fresh();
  for (let length = 0; length <= last.length; length += 1) {
    writeFileSync(path, Buffer.concat([kept, last.subarray(0, length)]));
    writeFileSync(`${path}.rejected`, "");
    const journal = await open(path);
    await journal.append(long(5));
    await journal.close();
    // A line that lacks only its newline is whole.
    const whole = [1, 2, ...(length >= long(3).length - 1 ? [3] : []), ...(length >= last.length - 1 ? [4] : [])];
    expect(numbersIn(path)).toEqual([...whole, 5]);
    const torn = whole.length === 2 ? last.subarray(0, length) : last.subarray(long(3).length, length);
    const moved = whole.length === 4 ? [] : Buffer.from(torn);
    expect(journal.recovered).toEqual({
      keptBytes: kept.length + last.subarray(0, length).length - moved.length + (isUnended(length) ? 1 : 0),
      movedBytes: moved.length,
    });
    expect(requestsIn(`${path}.rejected`).map(({ rejected, body }) => [rejected, body])).toEqual(
      moved.length === 0 ? [] : [["torn tail", moved]],
    );
  }

  function isUnended(length: number): boolean {
    return length === long(3).length - 1 || length === last.length - 1;
  }
});

test.each([
  ["after a whole line", line(1), 5000, [1], []],
  ["after a line without its newline", line(1).subarray(0, -1), 3, [1], []],
  [
    "after a part of a line",
    Buffer.concat([line(1), line(2).subarray(0, 30)]),
    300_000,
    [1],
    [line(2).subarray(0, 30)],
  ],
  ["after a part of the only line", line(1).subarray(0, 30), 10, [], [line(1).subarray(0, 30)]],
  ["alone", Buffer.alloc(0), 600_000, [], []],
])("NULs %s are cut off", async (_, before, zeros, numbers, moved) => {
  const path = fresh();
  writeFileSync(path, Buffer.concat([before, Buffer.alloc(zeros)]));
  const journal = await open(path);
  await journal.append(line(9));
  await journal.close();
  expect(numbersIn(path)).toEqual([...numbers, 9]);
  if (moved.length > 0)
    expect(rejectedIn(path)).toEqual(moved.map((body) => ({ reason: "torn tail", body: `${body}` })));
  else expect(() => statSync(`${path}.rejected`)).toThrow("ENOENT");
});

test("a torn line larger than a record is moved in pieces, byte for byte", async () => {
  const path = fresh();
  const torn = Buffer.concat([Buffer.from('{"v":1,"receivedAt":"'), Buffer.alloc(2_500_000, "é")]);
  writeFileSync(path, Buffer.concat([line(1), torn]));
  const journal = await open(path);
  expect(journal.recovered).toEqual({ keptBytes: line(1).length, movedBytes: torn.length });
  await journal.close();
  const moved = requestsIn(`${path}.rejected`);
  expect(moved.map(({ rejected }) => rejected)).toEqual(
    [0, 1, 2].map((piece) => `torn tail, from byte ${piece * 1024 * 1024} of ${torn.length}`),
  );
  expect(Buffer.concat(moved.map(({ body }) => body)).equals(torn)).toBe(true);
  expectPrivate(`${path}.rejected`);
});

test("the end of a record of 4 GB is found without reading it", async () => {
  const path = fresh();
  writeFileSync(path, line(1));
  // Sparse: it takes no room.
  truncateSync(path, 4_000_000_000);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.concat([Buffer.from("\n"), line(2), line(3).subarray(0, 40)]), 0, undefined, 4_000_000_000);
  closeSync(file);
  const before = process.memoryUsage.rss();
  const journal = await open(path);
  expect(journal.recovered).toEqual({ keptBytes: 4_000_000_001 + line(2).length, movedBytes: 40 });
  expect(await journal.append(line(4))).toEqual({ offset: 4_000_000_001 + line(2).length });
  expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  await journal.close();
});

test("lines are read backwards as they stand, however they fall into chunks", async () => {
  const path = fresh();
  const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom("", "x".repeat(300_000), "é".repeat(131_072))), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), async (lines, isEnded) => {
      const clean = lines.map((text) => text.replaceAll("\n", ""));
      writeFileSync(path, clean.join("\n") + (isEnded ? "\n" : ""));
      const file = await systemFiles.open(path, 0);
      const found: string[] = [];
      for await (const each of linesBackwards(file, statSync(path).size)) found.push(each.toString());
      await file.close();
      expect(found).toEqual(clean.filter((text) => text !== "").reverse());
    }),
    { numRuns: 200 },
  );
});

test("a line beyond all bounds is passed over when lines are read backwards", async () => {
  const path = fresh();
  const file = openSync(path, "w");
  writeSync(file, line(1));
  ftruncateSync(file, 90 * 1024 * 1024);
  writeSync(file, Buffer.concat([Buffer.from("\n"), line(2)]), 0, undefined, 90 * 1024 * 1024);
  closeSync(file);
  const opened = await systemFiles.open(path, 0);
  const found: string[] = [];
  for await (const each of linesBackwards(opened, statSync(path).size)) found.push(`${each}\n`);
  await opened.close();
  expect(found).toEqual([`${line(2)}`, `${line(1)}`]);
  expect(readFileSync(path).length).toBeGreaterThan(90 * 1024 * 1024);
});
