import { randomUUID } from "node:crypto";
import { codeOf, type Files, readSmall, writeNew } from "./journal-files.ts";

/** Who wants the lock, and how to tell whether whoever has it still runs. */
export interface LockOwner {
  readonly files: Files;
  readonly pid: number;
  isRunning(pid: number): boolean;
}

/** A lock that was taken. */
export interface AcquiredLock {
  readonly kind: "taken";
  release(): Promise<void>;
}

/** A lock that another has: the number of its process, where the lock tells. */
export interface HeldLock {
  readonly kind: "held";
  readonly pid: number | undefined;
}

interface Holder {
  readonly pid: number;
  /** When its process began, in a form that only compares; absent where the system does not tell. */
  readonly born?: string;
}

/**
 * Takes the lock file at the path. One that a process left behind (kill -9) is taken over: it names a process that does
 * not run, or one that began at another time, since numbers are used again, and in a container it is always 1.
 *
 * The lock appears with its text in it (link(2)), and only who has the guard beside it may replace it, once the lock is
 * seen to be still the one left behind. So of any number of takers one wins, wherever one of them stops. The guard is a
 * lock like this one.
 */
export async function acquireLock(path: string, owner: LockOwner): Promise<AcquiredLock | HeldLock> {
  const { files, pid } = owner;
  const token = randomUUID();
  const born = await birthOf(files, pid);
  const text = `${JSON.stringify({ pid, ...(born !== undefined && { born }), token })}\n`;
  const draft = `${path}.${token}`;
  const taken: AcquiredLock = { kind: "taken", release: () => release(files, path, text) };
  // On disk before it has its name: a lock that came empty out of a power failure would tell nothing.
  await writeNew(files, draft, text);
  try {
    // Each turn but the last means that another one took or left the lock meanwhile.
    for (;;) {
      if (await place(files, draft, path, text)) return taken;
      const found = await readSmall(files, path);
      if (found === undefined) continue;
      const holder = holderIn(found);
      if (holder === undefined || (await isAlive(holder, owner))) return { kind: "held", pid: holder?.pid };
      const guard = await acquireLock(`${path}.take`, owner);
      if (guard.kind === "held") return guard;
      try {
        if ((await readSmall(files, path)) === found) {
          await files.rename(draft, path);
          return taken;
        }
      } finally {
        await guard.release();
      }
    }
  } finally {
    await files.unlink(draft).catch(() => undefined);
  }
}

/** Gives the draft the lock's name too, unless there is a lock; returns whether it did. */
async function place(files: Files, draft: string, path: string, text: string): Promise<boolean> {
  try {
    await files.link(draft, path).catch((error) => {
      if (codeOf(error) === "EEXIST") throw error;
      // No hard links here (FAT, some shares). Made so, a lock may be seen empty: then it counts as held.
      return writeNew(files, path, text);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes the lock away, if it is still ours. Where that fails it names a process that ends, so it stops nobody. */
async function release(files: Files, path: string, text: string): Promise<void> {
  try {
    if ((await readSmall(files, path)) === text) await files.unlink(path);
  } catch {}
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, born } = JSON.parse(text);
    if (!Number.isSafeInteger(pid) || pid < 1) return undefined;
    return { pid, ...(typeof born === "string" && { born }) };
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, born }: Holder, { files, isRunning }: LockOwner): Promise<boolean> {
  if (!isRunning(pid)) return false;
  if (born === undefined) return true;
  const present = await birthOf(files, pid);
  return present === undefined || present === born;
}

/** When a process began: the machine's start and the clock ticks from there, field 22 of Linux's proc_pid_stat(5). */
async function birthOf(files: Files, pid: number): Promise<string | undefined> {
  try {
    const machine = await readSmall(files, "/proc/sys/kernel/random/boot_id");
    const stat = await readSmall(files, `/proc/${pid}/stat`);
    // The program's name, in parentheses, may hold blanks and parentheses; field 3 stands behind the last one.
    const ticks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3];
    return machine === undefined || ticks === undefined ? undefined : `${machine.trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}
