import { isSystemError, noReadStats, prefilterFor, type ReadStats, selecting } from "../findings/select-events.ts";
import { readRange } from "../input/range-reader.ts";
import { readSource } from "../input/read-source.ts";
import { fileSource, problemOf } from "../input/sources.ts";
import { type FromThread, type JobOrder, MAX_WAITING, type ToThread } from "../parallel/protocol.ts";
import { type Inside, insideThread } from "../parallel/threads.ts";
import { commands } from "./commands.ts";

/** So many bytes are sent at a time. */
const BATCH = 1024 * 1024;

type Read = Extract<ToThread, { kind: "read" }>;

/** Does what the main thread asks for, in its order, for as long as there is one. */
export async function serve({ data, hear, post }: Inside<ToThread, FromThread>): Promise<void> {
  const { name, options } = data as JobOrder;
  let queue: Read[] = [];
  let current: number | undefined;
  let unmerged = 0;
  let isDropped = false;
  let wake = (): void => undefined;
  const news = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  hear((message) => {
    if (message.kind === "read") queue.push(message);
    else if (message.kind === "merged") unmerged -= message.work === current ? 1 : 0;
    else if (message.work === current) isDropped = true;
    else queue = queue.filter(({ work }) => work !== message.work);
    wake();
  });

  const load = commands.find((command) => command.name === name)?.job;
  if (load === undefined) throw new Error(`no task is named ${name}`);
  const create = await load();
  const job = await create(options as never);

  async function read({ work, input, range, known }: Read): Promise<void> {
    current = work;
    unmerged = 0;
    isDropped = false;
    const tally = noReadStats();
    let sent = noReadStats();
    const { filter, visit } = job.begin(known);
    const select = selecting(filter, tally, visit);
    const sieve = prefilterFor(filter, tally);

    function send(): void {
      const { batch, transferred } = job.take();
      post({ kind: "batch", work, batch, tally: difference(tally, sent) }, transferred);
      sent = { ...tally };
      unmerged++;
    }

    const reader = range
      ? readRange(input, range, tally, select, sieve)
      : readSource(fileSource(input, undefined), tally, select, { sieve });
    let reached = Number.POSITIVE_INFINITY;
    let problem: string | undefined;
    try {
      for (let next = await reader.next(); !isDropped; next = await reader.next()) {
        if (next.done) {
          reached = next.value ?? reached;
          break;
        }
        if (job.size() >= BATCH) send();
        while (unmerged >= MAX_WAITING && !isDropped) await news();
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      problem = problemOf(error);
    }
    if (isDropped) await reader.return(reached as never);
    send();
    post({ kind: "end", work, reached, problem }, []);
  }

  for (;;) {
    const next = queue.shift();
    if (next === undefined) await news();
    else await read(next);
  }
}

function difference(tally: ReadStats, before: ReadStats): ReadStats {
  const more = { ...tally };
  for (const key of Object.keys(before) as (keyof ReadStats)[]) more[key] -= before[key];
  return more;
}

const inside = insideThread<ToThread, FromThread>();
if (inside !== undefined) void serve(inside);
