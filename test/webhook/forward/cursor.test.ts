import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { type CursorSubject, openCursor } from "../../../src/webhook/forward/cursor.ts";
import { expectPrivate } from "../../files.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
  path = join(folder, "record.cursor");
});
afterEach(() => rm(folder, { recursive: true }));

const subject: CursorSubject = { target: "http://127.0.0.1:3000/", record: "1:2", size: 1000 };

test("without one it starts at the record's end", async () => {
  const cursor = await openCursor(path, subject, "cursor");
  expect(cursor).toMatchObject({ state: "new", offset: 1000 });
  await cursor.close();
  expectPrivate(path);
});

test("goes on where it ended, without what was finished behind that", async () => {
  const first = await openCursor(path, { ...subject, size: 0 }, "cursor");
  expect(await first.finish(0, 0)).toBe(true);
  expect(await first.finish(500, 100)).toBe(true);
  expect(await first.finish(300, 100)).toBe(true);
  // Left open, as a kill leaves it: what `finish` has resolved for is in the file.
  const second = await openCursor(path, subject, "cursor");
  expect(second.state).toBe("continued");
  expect(second.offset).toBe(0);
  expect([...second.finished].sort()).toEqual([0, 300, 500]);
  await first.close();
  await second.close();
});

test.each([
  ["another target", { ...subject, target: "http://127.0.0.1:4000/" }, "other target"],
  ["another file of the record", { ...subject, record: "1:3" }, "other record"],
  ["a record that is shorter", { ...subject, size: 10 }, "other record"],
] as const)("%s: starts at the record's end", async (_, other, state) => {
  const first = await openCursor(path, subject, "cursor");
  await first.close();
  const second = await openCursor(path, other, "cursor");
  expect(second).toMatchObject({ state, offset: other.size });
  expect(second.finished.size).toBe(0);
  await second.close();
});

test("from the end when that is asked for", async () => {
  const first = await openCursor(path, { ...subject, size: 10 }, "cursor");
  await first.close();
  const second = await openCursor(path, subject, "end");
  expect(second).toMatchObject({ state: "new", offset: 1000 });
  await second.close();
});

test("cut off at any byte, it holds no offset that was not finished", async () => {
  const first = await openCursor(path, { ...subject, size: 0 }, "cursor");
  const starts = [0, 120, 1234, 98_765, 123_456];
  for (const start of starts) await first.finish(start, 0);
  await first.close();
  const bytes = await readFile(path);
  const head = bytes.indexOf(0x0a) + 1;
  for (let end = head; end <= bytes.length; end++) {
    await writeFile(path, bytes.subarray(0, end));
    const cursor = await openCursor(path, { ...subject, size: 1e6 }, "cursor");
    const whole = bytes.subarray(head, end).toString("latin1").split("\n").length - 1;
    expect([...cursor.finished]).toEqual(starts.slice(0, whole));
    await cursor.close();
  }
});

test("stays small, whatever is finished", async () => {
  const cursor = await openCursor(path, { ...subject, size: 0 }, "cursor");
  let most = 0;
  for (let round = 0; round < 10; round++) {
    const starts = Array.from({ length: 1500 }, (_, index) => (round * 1500 + index) * 1000);
    await Promise.all(starts.map((start) => cursor.finish(start, start + 1000)));
    most = Math.max(most, (await stat(path)).size);
  }
  await cursor.close();
  expect(most).toBeLessThan(80_000);
  const next = await openCursor(path, { ...subject, size: 1e9 }, "cursor");
  const missing = 15_000 - next.offset / 1000 - [...next.finished].filter((start) => start >= next.offset).length;
  expect(missing).toBe(0);
  await next.close();
  expect(await readdir(folder)).toEqual(["record.cursor"]);
});

test("restarts with another file of the record", async () => {
  const first = await openCursor(path, subject, "cursor");
  await first.finish(1000, 1100);
  expect(await first.restart("1:9", 0)).toBe(true);
  await first.finish(0, 50);
  await first.close();
  const second = await openCursor(path, { ...subject, record: "1:9" }, "cursor");
  expect(second).toMatchObject({ state: "continued", offset: 0 });
  expect([...second.finished]).toEqual([0]);
  await second.close();
});

test("no space: told, and made up for with the next", async () => {
  const inner = join(folder, "inner");
  await mkdir(inner);
  const cursor = await openCursor(join(inner, "c"), { ...subject, size: 0 }, "cursor");
  // The folder is gone, so that the file cannot be written anew.
  await rm(inner, { recursive: true });
  expect(await cursor.restart("1:7", 0)).toBe(false);
  expect(await cursor.finish(0, 0)).toBe(false);
  await mkdir(inner);
  expect(await cursor.finish(77, 0)).toBe(true);
  await cursor.close();
  const next = await openCursor(join(inner, "c"), { ...subject, record: "1:7" }, "cursor");
  expect([...next.finished]).toEqual([0, 77]);
  await next.close();
});

describe("refused, and left as it is", () => {
  test.each([
    ["a file of somebody else", '{"name":"x"}\n'],
    ["a text", "0\n1\n"],
    ["a long file", "x".repeat(2 * 1024 * 1024)],
  ])("%s", async (_, text) => {
    await writeFile(path, text);
    await expect(openCursor(path, subject, "cursor")).rejects.toBeInstanceOf(UsageError);
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("a link", async () => {
    const other = join(folder, "other");
    await writeFile(other, "");
    await symlink(other, path);
    await expect(openCursor(path, subject, "cursor")).rejects.toThrow("it is a link");
  });

  test("a folder", async () => {
    await mkdir(path);
    await expect(openCursor(path, subject, "cursor")).rejects.toThrow("it is a folder");
  });

  test("a folder that is not there", async () => {
    await expect(openCursor(join(folder, "no", "c"), subject, "cursor")).rejects.toBeInstanceOf(UsageError);
  });
});

test("an empty file counts for none", async () => {
  await writeFile(path, "");
  await chmod(path, 0o644);
  const cursor = await openCursor(path, subject, "cursor");
  expect(cursor.state).toBe("new");
  await cursor.close();
  expectPrivate(path);
});
