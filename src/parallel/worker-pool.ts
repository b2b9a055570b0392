import type { FromThread, JobOrder, ToThread } from "./protocol.ts";
import type { Unit } from "./split.ts";
import { startThread, type Thread } from "./threads.ts";

/** A unit that a thread reads, will read or has read. */
export interface Work {
  readonly unit: Unit;
  /** How much was known when it was given out. */
  readonly known: number;
  /** What was read and not merged yet. */
  readonly batches: Extract<FromThread, { kind: "batch" }>[];
  end: Extract<FromThread, { kind: "end" }> | undefined;
  failure: string | undefined;
}

/** Threads that do works in the order in which they are given. */
export interface WorkerPool {
  give(unit: Unit, known: readonly string[]): Work;
  /** The next batch of a work, which must be the first that is not dropped or done; undefined at its end. */
  next(work: Work): Promise<Work["batches"][number] | undefined>;
  drop(work: Work): void;
  /** Ends the threads; who waits for a batch gets none. */
  end(): void;
}

/** A thread has this many works: one at hand, one for when that is done. */
const MAX_LOAD = 2;

interface Member {
  readonly thread: Thread<ToThread>;
  readonly works: Map<number, Work>;
}

/** Starts so many threads; `program` is for tests. */
export function createWorkerPool(jobs: number, order: JobOrder, program?: string): WorkerPool {
  const members = new Set<Member>();
  const homes = new Map<Work, { readonly member: Member; readonly number: number }>();
  let waiting: { readonly work: Work; readonly known: readonly string[] }[] = [];
  let number = 0;
  let wake = (): void => undefined;
  let isOver = false;

  function assign(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const member = leastLoaded();
      if (member === undefined || member.works.size >= MAX_LOAD) return;
      waiting.shift();
      const { work, known } = next;
      const { input, range } = work.unit;
      member.works.set(++number, work);
      homes.set(work, { member, number });
      member.thread.post({ kind: "read", work: number, input: input.name, range, known });
    }
  }

  function leastLoaded(): Member | undefined {
    let least: Member | undefined;
    for (const member of members) if (least === undefined || member.works.size < least.works.size) least = member;
    return least;
  }

  function release(work: Work): void {
    const home = homes.get(work);
    home?.member.works.delete(home.number);
    homes.delete(work);
    assign();
  }

  function enlist(): void {
    const works = new Map<number, Work>();
    const thread = startThread<ToThread, FromThread>(
      order,
      {
        message(message) {
          const work = works.get(message.work);
          if (work === undefined) return;
          if (message.kind === "batch") work.batches.push(message);
          else {
            work.end = message;
            works.delete(message.work);
            assign();
          }
          wake();
        },
        failure(reason) {
          members.delete(member);
          for (const work of works.values()) work.failure = reason;
          wake();
        },
      },
      program,
    );
    const member: Member = { thread, works };
    members.add(member);
  }

  for (let job = 0; job < jobs; job++) enlist();

  return {
    give(unit, known) {
      const work: Work = { unit, known: known.length, batches: [], end: undefined, failure: undefined };
      waiting.push({ work, known });
      assign();
      return work;
    },
    async next(work) {
      for (;;) {
        const batch = work.batches.shift();
        if (batch !== undefined) {
          homes.get(work)?.member.thread.post({ kind: "merged", work: batch.work });
          return batch;
        }
        if (work.end !== undefined || isOver) {
          release(work);
          return undefined;
        }
        if (work.failure !== undefined) throw new Error(`reading ${nameOf(work.unit)}: ${work.failure}`);
        if (members.size === 0) throw new Error(`reading ${nameOf(work.unit)}: no thread is left`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    drop(work) {
      const home = homes.get(work);
      waiting = waiting.filter((each) => each.work !== work);
      if (home !== undefined && work.end === undefined) home.member.thread.post({ kind: "drop", work: home.number });
      release(work);
    },
    end() {
      isOver = true;
      for (const { thread } of members) thread.end();
      wake();
    },
  };
}

/** What a fault is told of: `bytes 8388608 to 16777216 of events.jsonl`. */
function nameOf({ input, range }: Unit): string {
  if (range === undefined) return input.name;
  const end = Number.isFinite(range.end) ? `${range.end}` : "the end";
  return `bytes ${range.start} to ${end} of ${input.name}`;
}
