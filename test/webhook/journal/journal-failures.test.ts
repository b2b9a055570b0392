import { existsSync, renameSync as rename, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { JournalError } from "../../../src/webhook/journal/group-commit.ts";
import { openRejected } from "../../../src/webhook/journal/journal.ts";
import type { Files } from "../../../src/webhook/journal/journal-files.ts";
import { type Call, type Fault, watchFiles } from "./failing-files.ts";
import { line, numbersIn, open, rejectedIn, temporaryFolder } from "./journal-lines.ts";

const folder = temporaryFolder();
let files = 0;
const fresh = (): string => join(folder, `${++files}.ndjson`);

/** How many of the first calls fail in turn. */
const CALLS = 200;

const torn = line(3).subarray(0, 60);

/** A record with a torn end, whose lock a process left behind that is long gone. */
function leftBehind(): string {
  const path = fresh();
  writeFileSync(path, Buffer.concat([line(1), line(2), torn]));
  writeFileSync(`${path}.lock`, `{"pid":${2 ** 30}}\n`);
  return path;
}

interface Load {
  readonly acknowledged: number[];
  readonly refused: unknown[];
}

/** Opens the record, again if that fails, and appends four lines at a time as long as `isGoingOn`; then closes it. */
async function work(path: string, watched: Files, isGoingOn: () => boolean): Promise<Load> {
  const refused: unknown[] = [];
  const opening = async () =>
    open(path, watched).catch((error) => {
      refused.push(error);
      return open(path, watched);
    });
  const journal = await opening();
  const acknowledged: number[] = [];
  const append = async (number: number): Promise<void> => {
    try {
      await journal.append(line(number));
      acknowledged.push(number);
    } catch (error) {
      refused.push(error);
    }
  };
  let number = 10;
  const four = () => Promise.all([1, 2, 3, 4].map(() => append(number++)));
  while (isGoingOn()) await four();
  await four();
  const before = acknowledged.length;
  await four();
  // One fault, and it is behind us.
  expect(acknowledged.length).toBe(before + 4);
  await journal.close();
  return { acknowledged, refused };
}

/** The calls of a run without a fault. */
async function calls(): Promise<readonly Call[]> {
  const made: Call[] = [];
  await work(
    leftBehind(),
    watchFiles(
      () => undefined,
      (call) => made.push(call),
    ),
    () => made.length < CALLS,
  );
  return made.slice(0, CALLS);
}

const faults: readonly (readonly [string, Fault])[] = [
  ["EIO", "EIO"],
  ["ENOSPC", "ENOSPC"],
  ["a write of no byte", () => 0],
  ["a write of one byte", () => 1],
  ["a write of half the bytes", (bytes) => bytes >> 1],
];

describe(`each of the first ${CALLS} calls fails in turn`, { timeout: 120_000 }, () => {
  test.each(faults)("%s: nothing acknowledged is lost, nothing refused stays, and it goes on", async (_, fault) => {
    const tried = (await calls()).filter(({ name }) => typeof fault === "string" || name === "write");
    expect(new Set(tried.map(({ name }) => name)).size).toBeGreaterThanOrEqual(typeof fault === "string" ? 11 : 1);
    let refusals = 0;
    for (const { number: failing, name } of tried) {
      const path = leftBehind();
      let made = 0;
      const watched = watchFiles(({ number }) => {
        made = number;
        return number === failing ? fault : undefined;
      });
      const { acknowledged, refused } = await work(path, watched, () => made < failing);
      const where = `${name}, call ${failing}`;
      expect(made, where).toBeGreaterThanOrEqual(failing);
      expect(numbersIn(path), where).toEqual([1, 2, ...acknowledged]);
      expect(rejectedIn(path), where).toContainEqual({ reason: "torn tail", body: `${torn}` });
      for (const error of refused) {
        expect(error instanceof JournalError || error instanceof UsageError, `${where}: ${error}`).toBe(true);
      }
      refusals += refused.length;
      // Whatever failed, the next one gets in.
      const next = await open(path);
      await next.append(line(5));
      await next.close();
      expect(numbersIn(path).at(-1), where).toBe(5);
      expect(existsSync(`${path}.lock`), where).toBe(false);
    }
    // The faults were felt, save those that only make a write short.
    if (typeof fault === "string") expect(refusals).toBeGreaterThan(0);
  });
});

describe("a full disk", () => {
  test.each<[string, Fault]>([
    ["that takes nothing", "ENOSPC"],
    ["that takes some bytes first", () => 17],
  ])("%s turns lines away, keeps what it has, and takes lines again when there is room", async (_, first) => {
    const path = fresh();
    let isFull = false;
    let writes = 0;
    const watched = watchFiles(({ name }) => {
      if (!isFull || name !== "write") return undefined;
      writes += 1;
      return writes % 2 === 1 ? first : "ENOSPC";
    });
    const journal = await open(path, watched);
    const rejected = await openRejected(path, { files: watched });
    await journal.append(line(1));
    isFull = true;
    const results = await Promise.allSettled([2, 3, 4].map((number) => journal.append(line(number))));
    results.push(...(await Promise.allSettled([rejected.append(line(5)), journal.append(line(6))])));
    for (const result of results) {
      expect(result).toMatchObject({
        status: "rejected",
        reason: { name: "JournalError", reason: "the disk is full" },
      });
    }
    expect(numbersIn(path)).toEqual([1]);
    isFull = false;
    await Promise.all([7, 8].map((number) => journal.append(line(number))));
    await rejected.append(line(9));
    await rejected.close();
    await journal.close();
    expect([numbersIn(path), numbersIn(`${path}.rejected`)]).toEqual([[1, 7, 8], [9]]);
  });

  test("whose torn line cannot be cut either: it is cut before the next one, or at the close", async () => {
    const path = fresh();
    let isBroken = false;
    let writes = 0;
    const watched = watchFiles(({ name }) => {
      if (!isBroken) return undefined;
      if (name === "truncate") return "EIO";
      if (name !== "write") return undefined;
      writes += 1;
      return writes % 2 === 1 ? () => 30 : "ENOSPC";
    });
    const journal = await open(path, watched);
    for (const end of ["append", "close"]) {
      isBroken = true;
      await expect(journal.append(line(1))).rejects.toMatchObject({ reason: "the disk is full" });
      await expect(journal.append(line(1))).rejects.toMatchObject({ reason: "the record cannot be written" });
      isBroken = false;
      if (end === "append") await journal.append(line(2));
    }
    await journal.close();
    expect(numbersIn(path)).toEqual([2]);
  });
});

test("after a write that failed, the next one begins with opening the file: the fault may be of the open one alone", async () => {
  const path = fresh();
  const order: string[] = [];
  let failures = 0;
  const journal = await open(
    path,
    watchFiles(
      ({ name }) => (name === "write" && failures-- > 0 ? "ESTALE" : undefined),
      ({ name }) => order.push(name),
    ),
  );
  failures = 1;
  await expect(journal.append(line(1))).rejects.toMatchObject({ cause: { code: "ESTALE" } });
  order.length = 0;
  await journal.append(line(2));
  expect(order.slice(0, 1)).toEqual(["open"]);
  await journal.close();
  expect(numbersIn(path)).toEqual([2]);
});

describe("a sync that failed", () => {
  test("is never tried again on what was written then: the file is opened anew, cut and written once more", async () => {
    const path = fresh();
    const order: string[] = [];
    let failures = 0;
    const journal = await open(
      path,
      watchFiles(
        ({ name, path: file }) => (name === "datasync" && file === path && failures-- > 0 ? "EIO" : undefined),
        ({ name }) => order.push(name),
      ),
    );
    await journal.append(line(1));
    order.length = 0;
    failures = 1;
    await journal.append(line(2));
    const changing = order.filter((name) => ["write", "open", "close", "truncate", "datasync"].includes(name));
    expect(changing).toEqual(["write", "open", "truncate", "close", "write", "datasync"]);
    failures = 2;
    await expect(journal.append(line(3))).rejects.toMatchObject({ reason: "the record cannot be written" });
    expect(numbersIn(path)).toEqual([1, 2]);
    await journal.append(line(4));
    await journal.close();
    expect(numbersIn(path)).toEqual([1, 2, 4]);
  });

  test("of a file that was moved away meanwhile takes nothing from another one", async () => {
    const path = fresh();
    let failures = 0;
    const journal = await open(
      path,
      watchFiles(({ name, path: file }) => {
        if (name !== "datasync" || file !== path || failures-- <= 0) return undefined;
        // Another record takes the place.
        writeFileSync(`${path}.new`, Buffer.concat([7, 8, 9].map(line)));
        rename(path, `${path}.old`);
        rename(`${path}.new`, path);
        return "EIO";
      }),
    );
    await journal.append(line(1));
    failures = 1;
    await journal.append(line(2));
    await journal.close();
    expect([numbersIn(`${path}.old`), numbersIn(path)]).toEqual([[1], [7, 8, 9, 2]]);
  });
});
