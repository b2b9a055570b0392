import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { isSystemError, noReadStats, prefilterFor, type ReadStats, selecting } from "../findings/select-events.ts";
import { readRange } from "../input/range-reader.ts";
import { readSource } from "../input/read-source.ts";
import { fileSource, problemOf } from "../input/sources.ts";
import { type FromThread, type JobSpec, MAX_UNMERGED, type ToThread } from "../parallel/protocol.ts";
import { commands } from "./commands.ts";

/** So many bytes are sent at a time. */
const RESULT_BYTES = 1024 * 1024;

type ReadMessage = Extract<ToThread, { kind: "read" }>;

/** Reads what the main thread asks for, in its order, for as long as there is a main thread. */
export async function serve(port: MessagePort, { name, options }: JobSpec): Promise<void> {
  let queue: ReadMessage[] = [];
  let current: number | undefined;
  let unmerged = 0;
  let isDropped = false;
  let wake = (): void => undefined;
  const nextMessage = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  port.on("message", (message: ToThread) => {
    if (message.kind === "read") queue.push(message);
    else if (message.kind === "merged") unmerged -= message.part === current ? 1 : 0;
    else if (message.part === current) isDropped = true;
    else queue = queue.filter(({ part }) => part !== message.part);
    wake();
  });
  const post = (message: FromThread, transferred: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transferred);

  const load = commands.find((command) => command.name === name)?.job;
  if (load === undefined) throw new Error(`no task is named ${name}`);
  const createJob = await load();
  const job = await createJob(options as never);

  async function read({ part, input, range, known }: ReadMessage): Promise<void> {
    current = part;
    unmerged = 0;
    isDropped = false;
    const tally = noReadStats();
    let sent = noReadStats();
    const { filter, visit } = job.begin(known);
    const select = selecting(filter, tally, visit);
    const sieve = prefilterFor(filter, tally);

    function send(): void {
      const { result, transferred } = job.take();
      post({ kind: "result", part, result, stats: difference(tally, sent) }, transferred);
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
        if (job.size() >= RESULT_BYTES) send();
        while (unmerged >= MAX_UNMERGED && !isDropped) await nextMessage();
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      problem = problemOf(error);
    }
    if (isDropped) await reader.return(reached as never);
    send();
    post({ kind: "end", part, reached, problem });
  }

  for (;;) {
    const next = queue.shift();
    if (next === undefined) await nextMessage();
    else await read(next);
  }
}

function difference(tally: ReadStats, before: ReadStats): ReadStats {
  const more = { ...tally };
  for (const key of Object.keys(before) as (keyof ReadStats)[]) more[key] -= before[key];
  return more;
}

if (parentPort !== null) void serve(parentPort, workerData);
