import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Files, systemFiles } from "../../../src/webhook/journal/journal-files.ts";
import { type AcquiredLock, acquireLock, type HeldLock } from "../../../src/webhook/journal/lock.ts";
import { bundleAppender, startAppending } from "../../load/journal-trials.ts";
import { watchFiles } from "./failing-files.ts";
import { line, numbersIn, open, owner, temporaryFolder } from "./journal-lines.ts";

const folder = temporaryFolder();
let folders = 0;

/** A record in a folder of its own. */
function fresh(): string {
  const parent = join(folder, String(++folders));
  mkdirSync(parent);
  return join(parent, "x.ndjson");
}

const parentOf = (path: string): string => join(path, "..");

/** Of no process that runs: no system gives such a number. */
const gone = 2 ** 30;

const taking = (path: string, pid: number, running: ReadonlySet<number>, files: Files = systemFiles) =>
  acquireLock(path, { files, pid, isRunning: (each) => running.has(each) });

const isTaken = (lock: AcquiredLock | HeldLock): lock is AcquiredLock => lock.kind === "taken";

describe("a record that is open", () => {
  test("is refused to the same process, with its number, and free after the close", async () => {
    const path = fresh();
    const first = await open(path);
    await expect(open(path)).rejects.toMatchObject({
      name: "UsageError",
      message: `${path} is being recorded by process ${owner.pid}; stop that one, or name another file`,
    });
    await first.append(line(1));
    await first.close();
    const second = await open(path);
    await second.append(line(2));
    await second.close();
    expect(numbersIn(path)).toEqual([1, 2]);
    expect(readdirSync(parentOf(path))).toEqual(["x.ndjson"]);
  });

  describe("by another process", () => {
    let bundle: string;
    beforeAll(async () => {
      bundle = await bundleAppender(folder);
    });

    test("is refused with the number of that one, until it is killed or ends", { timeout: 20_000 }, async () => {
      const path = fresh();
      const killed = startAppending({ bundle, path });
      expect(await once(killed.lines, "line")).toEqual(["open"]);
      await expect(open(path)).rejects.toThrow(`is being recorded by process ${killed.child.pid};`);
      killed.child.kill("SIGKILL");
      await once(killed.child, "exit");
      expect(existsSync(`${path}.lock`)).toBe(true);

      const ending = startAppending({ bundle, path });
      expect(await once(ending.lines, "line")).toEqual(["open"]);
      await expect(open(path)).rejects.toThrow(`is being recorded by process ${ending.child.pid};`);
      ending.child.stdin?.end();
      await once(ending.child, "exit");

      const journal = await open(path);
      await journal.close();
      expect(readdirSync(parentOf(path))).toEqual(["x.ndjson"]);
    });

    test("of eight that start at once beside a lock left behind, one gets it", { timeout: 20_000 }, async () => {
      const path = fresh();
      writeFileSync(`${path}.lock`, `{"pid":${gone}}\n`);
      const started = Array.from({ length: 8 }, () => startAppending({ bundle, path }));
      const said = await Promise.all(started.map(async ({ lines }) => (await once(lines, "line"))[0] as string));
      expect(said.filter((text) => text === "open")).toHaveLength(1);
      const winner = started[said.indexOf("open")]?.child.pid;
      const refused = said.filter((text) => text !== "open");
      // Who met the winner in the midst of its taking names it too; who met another that was taking names that one.
      for (const text of refused) expect(text).toMatch(/ is being recorded by process \d+;/);
      expect(JSON.parse(readFileSync(`${path}.lock`, "utf8")).pid).toBe(winner);
      for (const { child } of started) child.stdin?.end();
      await Promise.all(started.map(({ child }) => child.exitCode ?? once(child, "exit")));
    });
  });
});

describe("a lock left behind is taken over", () => {
  test.each([
    ["by a process that runs no more", () => ({ pid: gone })],
    ["by one whose number another process has now", () => ({ pid: 1, born: "some machine 1" })],
    ["by one of our own number, as in a container", () => ({ pid: owner.pid, born: "some machine 1" })],
  ])("%s", async (_, holder) => {
    const path = fresh();
    writeFileSync(`${path}.lock`, `${JSON.stringify(holder())}\n`);
    const journal = await open(path);
    expect(JSON.parse(readFileSync(`${path}.lock`, "utf8"))).toMatchObject({ pid: owner.pid });
    await journal.close();
    expect(readdirSync(parentOf(path))).toEqual(["x.ndjson"]);
  });

  test("though one that was taking it over was killed, too, and one that was taking over from that one", async () => {
    const path = `${fresh()}.lock`;
    for (const end of ["", ".take", ".take.take"]) writeFileSync(`${path}${end}`, `{"pid":${gone}}\n`);
    const lock = await taking(path, 7, new Set([7]));
    expect(lock.kind).toBe("taken");
    expect(readdirSync(parentOf(path))).toEqual(["x.ndjson.lock"]);
  });

  test("but not from one that runs, though the system does not tell since when", async () => {
    const path = `${fresh()}.lock`;
    writeFileSync(path, `{"pid":8}\n`);
    const withoutProc = watchFiles((call) => (call.path.startsWith("/proc/") ? "ENOENT" : undefined));
    expect(await taking(path, 7, new Set([7, 8]), withoutProc)).toEqual({ kind: "held", pid: 8 });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ pid: 8 });
  });
});

test.each(["not JSON", "{}", '{"pid":"1"}', '{"pid":-1}', "null"])(
  "a lock that holds %s is held by nobody knows whom",
  async (text) => {
    const path = `${fresh()}.lock`;
    writeFileSync(path, text);
    expect(await taking(path, 7, new Set([7]))).toEqual({ kind: "held", pid: undefined });
    expect(readdirSync(parentOf(path))).toEqual(["x.ndjson.lock"]);
  },
);

test("where there are no hard links the lock is taken, kept and taken over all the same", async () => {
  const path = `${fresh()}.lock`;
  const withoutLinks = watchFiles(({ name }) => (name === "link" ? "EPERM" : undefined));
  const running = new Set([7, 8]);
  const first = await taking(path, 7, running, withoutLinks);
  expect(first.kind).toBe("taken");
  expect(await taking(path, 8, running, withoutLinks)).toEqual({ kind: "held", pid: 7 });
  running.delete(7);
  const second = await taking(path, 8, running, withoutLinks);
  expect(second.kind).toBe("taken");
  // What is no longer the lock of the first is not its to take away.
  if (isTaken(first)) await first.release();
  expect(JSON.parse(readFileSync(path, "utf8")).pid).toBe(8);
  if (isTaken(second)) await second.release();
  expect(readdirSync(parentOf(path))).toEqual([]);
});

test("of eight takers at once exactly one wins, 50 times", async () => {
  for (let round = 0; round < 50; round += 1) {
    const path = `${fresh()}.lock`;
    if (round % 2 === 0) writeFileSync(path, `{"pid":${gone}}\n`);
    const pids = Array.from({ length: 8 }, (_, index) => gone + 1 + index);
    const locks = await Promise.all(pids.map((pid) => taking(path, pid, new Set(pids))));
    expect(locks.filter(isTaken)).toHaveLength(1);
    expect(readdirSync(parentOf(path))).toEqual(["x.ndjson.lock"]);
  }
});

interface Played {
  readonly winners: readonly number[];
  /** The takers that were not killed. */
  readonly running: Set<number>;
}

/**
 * Lets so many takers go for a lock, one call of one of them at a time: `choices` says whose turn it is, `deaths` at which
 * of its calls a taker is killed.
 */
async function play(path: string, deaths: readonly number[], choices: readonly number[]): Promise<Played> {
  const pids = deaths.map((_, index) => gone + 1 + index);
  const running = new Set(pids);
  const waiting: (() => void)[] = [];
  let busy = pids.length;
  let turn = 0;
  const rest = (): void => {
    busy -= 1;
    if (busy > 0 || waiting.length === 0) return;
    const choice = (choices[turn % choices.length] ?? 0) % waiting.length;
    turn += 1;
    busy += 1;
    for (const go of waiting.splice(choice, 1)) go();
  };
  const takers = pids.map(async (pid, index) => {
    const watched = watchFiles(async ({ number }) => {
      if (running.has(pid)) {
        await new Promise<void>((go) => {
          waiting.push(go);
          rest();
        });
      }
      if (number === deaths[index]) running.delete(pid);
      // Of what the dead still try nothing reaches the disk.
      return running.has(pid) ? undefined : "EIO";
    });
    const lock = await taking(path, pid, running, watched).catch(() => undefined);
    rest();
    return lock !== undefined && isTaken(lock) && running.has(pid) ? [pid] : [];
  });
  return { winners: (await Promise.all(takers)).flat(), running };
}

test("in whatever order the calls of takers come, and wherever they are killed, never do two win", {
  timeout: 60_000,
}, async () => {
  // Later than its last call means that a taker lives.
  const deaths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 });
  const choices = fc.array(fc.nat(3), { minLength: 1, maxLength: 100 });
  let deadTakers = 0;
  await fc.assert(
    fc.asyncProperty(deaths, choices, fc.boolean(), async (killedAt, order, isLeftBehind) => {
      const path = `${fresh()}.lock`;
      if (isLeftBehind) writeFileSync(path, `{"pid":${gone}}\n`);
      const { winners, running } = await play(path, killedAt, order);
      deadTakers += killedAt.length - running.size;
      expect(winners.length).toBeLessThanOrEqual(1);
      // Whatever the dead left there, the next one is refused by the winner, and by nobody else.
      const next = await taking(path, gone - 1, new Set([gone - 1, ...running]));
      expect(isTaken(next) ? [] : [next.pid]).toEqual(winners);
    }),
    { numRuns: 500 },
  );
  expect(deadTakers).toBeGreaterThan(100);
});
