import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { openRejected } from "../../../src/webhook/journal/journal.ts";
import { toRecordedRequest, toRecordLine } from "../../../src/webhook/webhook-request.ts";
import { expectPrivate } from "../../files.ts";
import { type Call, watchFiles } from "./failing-files.ts";
import { line, numbersIn, open, owner, rejectedIn, request, requestsIn, temporaryFolder } from "./journal-lines.ts";

const folder = temporaryFolder();
let files = 0;
const fresh = (): string => join(folder, `${++files}.ndjson`);

/** Numbers from one up to before the other. */
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe("what is appended", () => {
  test("stands in the file in the order it came, each line at the place that was told", async () => {
    const path = fresh();
    const journal = await open(path);
    const kept = await Promise.all(range(0, 2500).map((number) => journal.append(line(number))));
    const bytes = readFileSync(path);
    for (const [number, { offset }] of kept.entries()) {
      const expected = line(number);
      expect(bytes.subarray(offset, offset + expected.length).equals(expected)).toBe(true);
    }
    expect(journal.size).toBe(bytes.length);
    await journal.close();
    expect(numbersIn(path)).toEqual(range(0, 2500));
  });

  test("is acknowledged only after write and fdatasync both returned", async () => {
    const path = fresh();
    const order: string[] = [];
    const journal = await open(
      path,
      watchFiles(
        () => undefined,
        ({ name }) => order.push(name),
      ),
    );
    order.length = 0;
    for (const number of range(0, 100)) {
      await Promise.all([1, 2, 3].map((each) => journal.append(line(number * 3 + each)).then(() => order.push("ack"))));
    }
    await journal.close();
    // What was written and not yet synced, at each acknowledgement.
    let unsynced = 0;
    let acknowledged = 0;
    for (const name of order) {
      if (name === "write") unsynced += 1;
      if (name === "datasync") unsynced = 0;
      if (name !== "ack") continue;
      acknowledged += 1;
      expect(unsynced).toBe(0);
    }
    expect(acknowledged).toBe(300);
    expect(order.filter((name) => name === "write").length).toBe(100);
  });

  test("gathers while a batch is being synced, and no batch is larger than 1,000 lines or 1 MiB", async () => {
    const path = fresh();
    const writes: number[] = [];
    let before = 0;
    const journal = await open(
      path,
      watchFiles(
        () => undefined,
        ({ name, path: written }) => {
          if (name !== "write" || written !== path) return;
          const { size } = statSync(path);
          writes.push(size - before);
          before = size;
        },
      ),
    );
    await Promise.all(range(0, 2500).map((number) => journal.append(line(number))));
    expect(writes).toEqual([
      Buffer.concat(range(0, 1000).map(line)).length,
      Buffer.concat(range(1000, 2000).map(line)).length,
      Buffer.concat(range(2000, 2500).map(line)).length,
    ]);
    writes.length = 0;
    const large = toRecordLine(request("x".repeat(400_000)));
    const giant = toRecordLine(request("x".repeat(3_000_000)));
    await Promise.all([large, large, large, giant, large].map((each) => journal.append(each)));
    expect(writes).toEqual([2 * large.length, large.length, giant.length, large.length]);
    await journal.close();
  });

  test("is turned away at once when 32 MiB wait, and taken again afterwards", async () => {
    const path = fresh();
    const journal = await open(path);
    const large = toRecordLine(request("x".repeat(4 * 1024 * 1024)));
    const results = await Promise.allSettled(range(0, 10).map(() => journal.append(large)));
    const reasons = results.map((result) => (result.status === "rejected" ? result.reason.reason : "kept"));
    expect(reasons).toEqual([...range(0, 7).map(() => "kept"), ...range(0, 3).map(() => "the queue is full")]);
    await journal.append(line(1));
    const giant = toRecordLine(request("x".repeat(33 * 1024 * 1024)));
    await journal.append(giant);
    expect(requestsIn(path)).toHaveLength(9);
    await journal.close();
  });

  test("is byte for byte what came: 1,000 random bodies, most of them no UTF-8", async () => {
    const path = fresh();
    const bodies = fc
      .sample(fc.uint8Array({ maxLength: 3000, size: "max" }), { numRuns: 1000, seed: 7 })
      .map((bytes) => Buffer.from(bytes));
    const journal = await open(path);
    await Promise.all(bodies.map((body) => journal.append(toRecordLine(request(body)))));
    await journal.close();
    const found = requestsIn(path);
    expect(found).toHaveLength(1000);
    expect(found.findIndex(({ body }, index) => !bodies[index]?.equals(body))).toBe(-1);
  });

  test("is told to who reads along, until that one goes", async () => {
    const journal = await open(fresh());
    const sizes: number[] = [];
    const stop = journal.onGrowth((size) => sizes.push(size));
    await journal.append(line(1));
    await journal.append(line(2));
    stop();
    await journal.append(line(3));
    await journal.close();
    expect(sizes).toEqual([line(1).length, line(1).length + line(2).length]);
  });

  test("before the close is kept, after it turned away", async () => {
    const path = fresh();
    const journal = await open(path);
    let settled = 0;
    const kept = Promise.all(
      range(0, 50).map(async (number) => {
        await journal.append(line(number));
        settled += 1;
      }),
    );
    const closed = journal.close();
    await expect(journal.append(line(50))).rejects.toMatchObject({ name: "JournalError", reason: "closed" });
    await closed;
    expect(settled).toBe(50);
    await journal.close();
    await kept;
    expect(numbersIn(path)).toEqual(range(0, 50));
    expect(readdirSync(folder).filter((name) => name.includes(".lock"))).toEqual([]);
  });
});

describe("the files", () => {
  test("are readable for their owner alone, and their names are synced", async () => {
    const path = fresh();
    const calls: Call[] = [];
    const watched = watchFiles(
      () => undefined,
      (call) => calls.push(call),
    );
    const journal = await open(path, watched);
    const rejected = await openRejected(path, { files: watched });
    for (const name of [path, `${path}.rejected`, `${path}.lock`]) expectPrivate(name);
    expect(calls.filter(({ name }) => name === "syncFolder").map((call) => call.path)).toEqual([folder, folder]);
    await rejected.close();
    await journal.close();
  });

  test("are synced when a record is opened: what a killed process wrote is about to count as kept", async () => {
    const path = fresh();
    writeFileSync(path, line(1));
    const calls: Call[] = [];
    const journal = await open(
      path,
      watchFiles(
        () => undefined,
        (call) => calls.push(call),
      ),
    );
    expect(calls.filter((call) => call.path === path).map(({ name }) => name)).toContain("datasync");
    expect(journal.recovered).toEqual({ keptBytes: line(1).length, movedBytes: 0 });
    await journal.close();
  });

  test.each<[string, (path: string) => string | undefined, string]>([
    ["a link", (path) => symlinkSync(join(folder, "elsewhere"), path) as undefined, "it is a symbolic link, "],
    [
      "a link in place of the lock",
      (path) => symlinkSync("x", `${path}.lock`) as undefined,
      "which no lock of ours is",
    ],
    [
      "a link in place of what is rejected",
      (path) => symlinkSync("x", `${path}.rejected`) as undefined,
      ".rejected: it is",
    ],
    ["a folder", (path) => mkdirSync(path) as undefined, "it is a folder; name a file in it"],
    ["no folder", () => join(folder, "none", "x.ndjson"), "there is no such folder; make it first"],
    ["a file for a folder", (path) => join(path, "../../1.ndjson/x"), "there is no such folder"],
    ["a device", () => "/dev/null", "is no file that can keep a record"],
    ["a log", (path) => writeFileSync(path, "started\n") as undefined, "holds something else than a record"],
    ["a log of one open line", (path) => writeFileSync(path, "started") as undefined, "holds something else"],
    ["a JSON file", (path) => writeFileSync(path, '{\n  "v": 1\n}\n') as undefined, "holds something else"],
    ["events", (path) => writeFileSync(path, '{"specversion":"1.0"}\n') as undefined, "holds something else"],
    ["an empty lock", (path) => writeFileSync(`${path}.lock`, "") as undefined, "remove it if none does"],
  ])("%s is refused, and left as it is", async (_, make, words) => {
    const parent = fresh();
    mkdirSync(parent);
    const path = join(parent, "x.ndjson");
    const named = make(path) ?? path;
    const before = readdirSync(parent).map((name) => [name, contents(join(parent, name))]);
    // A torn line makes use of FILE.rejected.
    if (words.startsWith(".rejected")) writeFileSync(path, line(1).subarray(0, 50));
    const refusal = await open(named).catch((error) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal.message).toContain(named);
    expect(refusal.message).toContain(words);
    expect(refusal.message).not.toContain("\n");
    if (words.startsWith(".rejected")) expect(readFileSync(path)).toEqual(line(1).subarray(0, 50));
    else expect(readdirSync(parent).map((name) => [name, contents(join(parent, name))])).toEqual(before);
  });

  // Only what can be read: a folder and a link to nowhere cannot.
  const contents = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  };

  test.each([
    ["EACCES", "no permission to write there; name another file"],
    ["EPERM", "no permission to write there; name another file"],
    ["EROFS", "the file system is read-only; name a file elsewhere"],
    ["ENOTDIR", "there is no such folder; make it first"],
    ["ELOOP", "it is a symbolic link, which may lead anywhere; name the file itself"],
    ["ENOSPC", "the disk is full; make room, or name a file elsewhere"],
    ["EDQUOT", "your share of the disk is full; make room, or name a file elsewhere"],
    ["ENAMETOOLONG", "it cannot be written (ENAMETOOLONG); name another file"],
  ])("%s at the opening is one line with the way out, and leaves no lock", async (code, words) => {
    const path = fresh();
    const refusal = await open(
      path,
      watchFiles((call) => (call.path === path && call.name === "open" ? code : undefined)),
    ).catch((error) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal.message).toContain(`${path}: ${words}`);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

describe("opening", () => {
  test("a record that is open already is refused, until it is closed", async () => {
    const path = fresh();
    const journal = await open(path);
    const refusal = await open(path).catch((error) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal.message).toBe(
      `${path} is being recorded by process ${owner.pid}; stop that one, or name another file`,
    );
    await journal.append(line(1));
    await journal.close();
    await (await open(path)).close();
    expect(numbersIn(path)).toEqual([1]);
  });

  test.each([
    ["FILE", (path: string) => (opened: string) => opened === path],
    ["FILE.lock", (path: string) => (opened: string) => opened.startsWith(`${path}.lock.`)],
  ])("fails with what it is if that is a fault of ours in %s, and leaves no lock", async (_, faulty) => {
    const path = fresh();
    const isFaulty = faulty(path);
    const fault = new TypeError("x is not a function");
    const watched = watchFiles(({ name, path: opened }) => {
      if (name === "open" && isFaulty(opened)) throw fault;
      return undefined;
    });
    await expect(open(path, watched)).rejects.toBe(fault);
    expect(readdirSync(folder).filter((name) => name.includes(".lock"))).toEqual([]);
  });

  test("tells what was kept and what was moved, and closes each file again", async () => {
    const path = fresh();
    const torn = line(3).subarray(0, 60);
    const [last, moved] = [line(2).subarray(0, -1), torn.length];
    for (const [bytes, recovered] of [
      [torn, { keptBytes: line(1).length, movedBytes: moved }],
      [Buffer.alloc(0), { keptBytes: line(1).length, movedBytes: 0 }],
      // Whole, but for its newline.
      [last, { keptBytes: line(1).length + line(2).length, movedBytes: 0 }],
    ] as const) {
      writeFileSync(path, Buffer.concat([line(1), bytes]));
      const opened: string[] = [];
      const journal = await open(
        path,
        watchFiles(
          () => undefined,
          ({ name, path: file }) => {
            if (name === "open") opened.push(file);
            if (name === "close") opened.splice(opened.indexOf(file), 1);
          },
        ),
      );
      expect(journal.path).toBe(path);
      expect(journal.recovered).toEqual(recovered);
      expect(opened).toEqual([path]);
      await journal.close();
      expect(opened).toEqual([]);
    }
    expect(rejectedIn(path)).toEqual([{ reason: "torn tail", body: torn.toString() }]);
  });
});

describe("a file that others touch while it is open", () => {
  test("moved away, as logs are rotated: nothing is lost, and the next line begins a new file", async () => {
    const path = fresh();
    const journal = await open(path);
    await journal.append(line(1));
    renameSync(path, `${path}.1`);
    await journal.append(line(2));
    await journal.append(line(3));
    await journal.close();
    expect([...numbersIn(`${path}.1`), ...numbersIn(path)]).toEqual([1, 2, 3]);
    expect(numbersIn(path)).toContain(3);
    expectPrivate(path);
  });

  test("moved away in the midst of a sync: the line is in the file that was moved", async () => {
    const path = fresh();
    let moves = 1;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (call.name === "datasync" && call.path === path && moves-- > 0) renameSync(path, `${path}.1`);
        return undefined;
      }),
    );
    const [first] = await Promise.all([journal.append(line(1))]);
    const second = await journal.append(line(2));
    await journal.close();
    expect([first.offset, second.offset]).toEqual([0, 0]);
    expect([numbersIn(`${path}.1`), numbersIn(path)]).toEqual([[1], [2]]);
  });

  test.each(["write", "datasync"])("removed before the %s: the line is in a new file", async (name) => {
    const path = fresh();
    let removals = 1;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (call.name === name && call.path === path && removals-- > 0) rmSync(path);
        return undefined;
      }),
    );
    await journal.append(line(1));
    await journal.append(line(2));
    await journal.close();
    expect(numbersIn(path)).toEqual([1, 2]);
  });

  test("removed between two lines: the second is in a new file", async () => {
    const path = fresh();
    const journal = await open(path);
    await journal.append(line(1));
    rmSync(path);
    await journal.append(line(2));
    expect(journal.size).toBe(line(2).length);
    await journal.close();
    expect(numbersIn(path)).toEqual([2]);
  });

  test("removed before each sync: the line is turned away, and the next one kept", async () => {
    const path = fresh();
    let isRemoving = true;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (isRemoving && call.name === "datasync" && call.path === path) rmSync(path, { force: true });
        return undefined;
      }),
    );
    await expect(journal.append(line(1))).rejects.toMatchObject({ reason: "the record cannot be written" });
    isRemoving = false;
    await journal.append(line(2));
    await journal.close();
    expect(numbersIn(path)).toEqual([2]);
  });

  test("emptied: the next line stands at its start, without a hole before it", async () => {
    const path = fresh();
    const journal = await open(path);
    await journal.append(line(1));
    truncateSync(path, 0);
    expect(await journal.append(line(2))).toEqual({ offset: 0 });
    await journal.close();
    expect(numbersIn(path)).toEqual([2]);
  });

  test("emptied just before a line is written: that may stand there twice, but whole", async () => {
    const path = fresh();
    let cuts = 0;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (call.name === "write" && call.path === path && cuts-- > 0) truncateSync(path, 0);
        return undefined;
      }),
    );
    await journal.append(line(1));
    cuts = 1;
    // Longer than what stood there.
    const long = toRecordLine(request(`{"number":2,"filler":"${"x".repeat(1000)}"}`));
    expect(await journal.append(long)).toEqual({ offset: long.length });
    await journal.close();
    expect(numbersIn(path)).toEqual([2, 2]);
  });

  test("emptied, and then it takes no more: no NULs fill the place", async () => {
    const path = fresh();
    let failures = 0;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (call.name !== "write" || call.path !== path || failures-- <= 0) return undefined;
        truncateSync(path, 0);
        return "ENOSPC";
      }),
    );
    await journal.append(line(1));
    failures = 1;
    await expect(journal.append(line(2))).rejects.toMatchObject({ reason: "the disk is full" });
    expect(statSync(path).size).toBe(0);
    await journal.append(line(3));
    await journal.close();
    expect(numbersIn(path)).toEqual([3]);
  });

  test("emptied while a line is written: that is written again", async () => {
    const path = fresh();
    let cuts = 1;
    const journal = await open(
      path,
      watchFiles((call) => {
        if (call.name === "datasync" && call.path === path && cuts-- > 0) truncateSync(path, 0);
        return undefined;
      }),
    );
    await journal.append(line(1));
    await journal.close();
    expect(numbersIn(path)).toEqual([1]);
  });

  test("extended by half a line: that stays, and ours stands alone", async () => {
    const path = fresh();
    const journal = await open(path);
    await journal.append(line(1));
    appendFileSync(path, "half a line");
    await journal.append(line(2));
    await journal.close();
    expect(readFileSync(path, "utf8")).toBe(`${line(1)}half a line\n${line(2)}`);
  });

  test("replaced by a link or by another's file: lines are turned away until it is gone", async () => {
    const path = fresh();
    const journal = await open(path);
    await journal.append(line(1));
    for (const replace of [() => symlinkSync("/dev/null", path), () => writeFileSync(path, "another's\n")]) {
      rmSync(path);
      replace();
      await expect(journal.append(line(2))).rejects.toMatchObject({ reason: "the record cannot be written" });
    }
    expect(readFileSync(path, "utf8")).toBe("another's\n");
    rmSync(path);
    await journal.append(line(3));
    await journal.close();
    expect(numbersIn(path)).toEqual([3]);
  });
});

describe("what is rejected", () => {
  test("is kept up to the limit, then only counted, also over a restart", async () => {
    const path = fresh();
    const limit = line(1).length * 3;
    const first = await openRejected(path, { limit });
    await Promise.all([1, 2, 3, 4].map((number) => first.append(line(number))));
    expect(first.countedOnly).toBe(1);
    await first.close();
    const second = await openRejected(path, { limit });
    expect(await second.append(line(5))).toEqual({ offset: limit });
    expect(second.countedOnly).toBe(1);
    await second.close();
    expect(numbersIn(`${path}.rejected`)).toEqual([1, 2, 3]);
  });

  test("is kept up to 64 MiB, unless another limit is set", async () => {
    const path = fresh();
    const rejectedPath = `${path}.rejected`;
    const limit = 64 * 1024 * 1024;
    // A hole, which takes no room on disk.
    writeFileSync(rejectedPath, "");
    truncateSync(rejectedPath, limit - line(1).length - 1);
    appendFileSync(rejectedPath, "\n");
    const rejected = await openRejected(path);
    expect(rejected.path).toBe(rejectedPath);
    expect(await rejected.append(line(1))).toEqual({ offset: limit - line(1).length });
    expect(await rejected.append(line(2))).toEqual({ offset: limit });
    expect(rejected.countedOnly).toBe(1);
    await rejected.close();
    expect(statSync(rejectedPath).size).toBe(limit);
    rmSync(rejectedPath);
  });

  test("goes on after a line that a crash cut off, anywhere in it", async () => {
    const whole = line(2);
    for (const length of range(1, whole.length)) {
      const path = fresh();
      writeFileSync(`${path}.rejected`, whole.subarray(0, length));
      for (const number of [1, 2]) {
        const rejected = await openRejected(path);
        await rejected.append(line(number));
        await rejected.close();
      }
      const lines = readFileSync(`${path}.rejected`, "utf8").trimEnd().split("\n").slice(-2);
      expect(lines.map((text) => toRecordedRequest(JSON.parse(text))?.body.toString())).toEqual([
        '{"number":1}',
        '{"number":2}',
      ]);
    }
  });

  test("stands beside the torn line that the record was opened with", async () => {
    const path = fresh();
    writeFileSync(path, Buffer.concat([line(1), Buffer.from('{"v":1,"rec')]));
    const journal = await open(path);
    const rejected = await openRejected(path);
    await rejected.append(toRecordLine({ ...request("{}"), rejected: "it is not JSON" }));
    await rejected.close();
    await journal.close();
    expect(rejectedIn(path)).toEqual([
      { reason: "torn tail", body: '{"v":1,"rec' },
      { reason: "it is not JSON", body: "{}" },
    ]);
  });
});
