import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followLines, type LineFollower } from "../../../src/webhook/journal/record-lines.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
  path = join(folder, "record");
});
afterEach(() => rm(folder, { recursive: true }));

/** The lines that are there now; "moved" or "cut" ends them. */
async function linesOf(tail: LineFollower, size: number): Promise<readonly (string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for (;;) {
    const next = await tail.next(size);
    if (next === undefined) return lines;
    if (typeof next === "string") return [...lines, next];
    expect(next.end).toBe(tail.offset);
    lines.push(next.bytes?.toString("utf8"));
  }
}

test("whole lines only, as the file grows", async () => {
  await writeFile(path, "one\ntw");
  const tail = await followLines(path);
  expect(await linesOf(tail, 6)).toEqual(["one"]);
  await appendFile(path, "o\nthree\n");
  expect(await linesOf(tail, 8)).toEqual(["two"]);
  expect(await linesOf(tail, 14)).toEqual(["three"]);
  expect(await linesOf(tail, 14)).toEqual([]);
  await tail.close();
});

test("any lines come out as they went in, from any of them on", async () => {
  const lineOf = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 60_000, max: 200_000 }).map((n) => "x".repeat(n)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        lineOf.map((text) => text.replaceAll("\n", " ")),
        { maxLength: 12 },
      ),
      fc.nat(),
      async (lines, pick) => {
        const text = lines.map((line) => `${line}\n`).join("");
        await writeFile(path, text);
        const tail = await followLines(path);
        expect(await linesOf(tail, Buffer.byteLength(text))).toEqual(
          lines.map((line) => Buffer.from(line).toString("utf8")),
        );
        const from = lines.length === 0 ? 0 : pick % lines.length;
        tail.skipTo(
          Buffer.byteLength(
            lines
              .slice(0, from)
              .map((line) => `${line}\n`)
              .join(""),
          ),
        );
        expect((await linesOf(tail, Buffer.byteLength(text))).length).toBe(lines.length - from);
        await tail.close();
      },
    ),
    { numRuns: 60 },
  );
});

test("a line that is too long is passed over without being kept", async () => {
  await writeFile(path, `before\n${"x".repeat(300_000)}\nafter\n`);
  const tail = await followLines(path, 100_000);
  expect(await linesOf(tail, 400_000)).toEqual(["before", undefined, "after"]);
  await tail.close();
});

test("a file that was renamed is read to its end, then the one in its place", async () => {
  await writeFile(path, "one\ntwo\n");
  const tail = await followLines(path);
  expect(await linesOf(tail, 4)).toEqual(["one"]);
  await rename(path, `${path}.1`);
  expect(await linesOf(tail, 4)).toEqual([]);
  await writeFile(path, "three\n");
  expect(await linesOf(tail, 6)).toEqual(["two", "moved"]);
  const { id } = tail;
  await tail.reopen();
  expect(tail.id).not.toBe(id);
  expect(await linesOf(tail, 6)).toEqual(["three"]);
  await tail.close();
});

test("a file that was cut short is told", async () => {
  await writeFile(path, "one\ntwo\n");
  const tail = await followLines(path);
  expect(await linesOf(tail, 8)).toEqual(["one", "two"]);
  await truncate(path, 4);
  expect(await linesOf(tail, 4)).toEqual(["cut"]);
  await tail.close();
});
