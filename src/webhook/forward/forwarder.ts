import { setTimeout as pause } from "node:timers/promises";
import { reasonOf } from "../../errors.ts";
import type { Journal } from "../journal/journal.ts";
import { codeOf } from "../journal/journal-files.ts";
import { followLines, type Next } from "../journal/record-lines.ts";
import { mayHaveArrived, type NoResponse } from "../network-error.ts";
import { toForwardedRequest } from "../outgoing-request.ts";
import type { Sender, SendResult } from "../sender.ts";
import type { RecordedRequest } from "../webhook-request.ts";
import { createBackoff, defaultWaits, type HealthNews, type Waits } from "./backoff.ts";
import { type Cursor, type CursorState, openCursor } from "./cursor.ts";
import { createPerCallQueue, type Entry, forwardable } from "./per-call-queue.ts";

/**
 * `delivered`: answered 2xx. `failing`: answered something else, which no second try would change. `given up`: every try
 * failed; it stays in the record, for replay. `unreadable`: no whole request of ours.
 */
type Verdict = "delivered" | "failing" | "given up" | "unreadable";

/** How one request of the record ended. */
export interface ForwardResult {
  readonly verdict: Verdict;
  /** Where it begins in the record. */
  readonly offset: number;
  readonly tries: number;
  readonly request: RecordedRequest | undefined;
  readonly outcome: SendResult | undefined;
}

/** Something to be told beside the requests. */
export type ForwardNews = HealthNews | { readonly kind: "trouble"; readonly words: string };

export interface ForwardOptions {
  /** The record that is forwarded. */
  readonly journal: Pick<Journal, "path" | "size" | "onGrowth">;
  readonly cursorPath: string;
  /** The target's name, its credentials masked: a cursor counts for one target. */
  readonly target: string;
  readonly sender: Sender;
  /** Whether to go on where the last run ended, or with what comes from now on. */
  readonly from: "cursor" | "end";
  readonly concurrency?: number;
  /** The URL that Twilio calls, where it is known. */
  readonly publicUrl?: URL;
  onResult(result: ForwardResult): void;
  onNews(news: ForwardNews): void;
  /** Milliseconds between tries. */
  readonly waits?: Waits;
}

/** No target may keep a retry waiting longer. */
const MAX_WAIT_MS = 30_000;

/** A file system in trouble is asked again after so many milliseconds. */
const TROUBLE_WAIT_MS = 1000;

export interface Forwarder {
  /** Whether it went on where the last run ended, and if not, why. */
  readonly state: CursorState;
  progress(): {
    /** Everything before this offset of the record is finished. */
    readonly offset: number;
    /** What was read to, at most a window ahead. */
    readonly readTo: number;
    readonly inFlight: number;
    readonly isDown: boolean;
  };
  /** Takes nothing new, and waits so long for what is in flight; what is not finished then comes again with the next run. */
  stop(options: { readonly drainMs: number }): Promise<void>;
}

/**
 * Sends on what a record holds, from the file and never from memory, so that a target which is down for hours costs
 * nothing but time. What concerns one call is sent in the order it came; the cursor makes it at least once.
 */
export async function createForwarder(options: ForwardOptions): Promise<Forwarder> {
  const { journal, cursorPath, target, sender, from, concurrency = 8, publicUrl, onResult, onNews } = options;
  const { retries, down } = options.waits ?? defaultWaits;
  const stopping = new AbortController();
  const health = createBackoff({ probe: sender.probe, waits: down, signal: stopping.signal, onNews, onUp: dispatch });
  const tail = await followLines(journal.path);
  let cursor: Cursor;
  try {
    cursor = await openCursor(cursorPath, { target, record: tail.id, size: journal.size }, from);
  } catch (error) {
    await tail.close();
    throw error;
  }
  tail.skipTo(cursor.offset);
  let { finished } = cursor;
  const window = createPerCallQueue();
  let filling: Promise<void> | undefined;
  let mustFill = false;
  const inFlight = new Set<Promise<void>>();
  let isCursorStuck = false;
  let isClosed = false;

  const isStopped = (): boolean => stopping.signal.aborted;
  const sleep = (ms: number): Promise<void> => pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const lowWater = (): number => window.first()?.start ?? tail.offset;

  /** Reads ahead while the window has room, and once more for each call in the meantime. */
  function fill(): void {
    mustFill = true;
    filling ??= fillAll();
  }

  async function fillAll(): Promise<void> {
    while (mustFill && !isStopped()) {
      mustFill = false;
      await readAhead();
    }
    filling = undefined;
  }

  async function readAhead(): Promise<void> {
    try {
      while (!isStopped() && window.hasRoom()) {
        const next = await tail.next(journal.size);
        if (next === undefined || !(await take(next))) return;
        dispatch();
      }
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      onNews({ kind: "trouble", words: `the record cannot be read: ${reasonOf(error)}` });
      mustFill = true;
      await sleep(TROUBLE_WAIT_MS);
    }
  }

  /** Whether there may be more to read at once. */
  async function take(next: Exclude<Next, undefined>): Promise<boolean> {
    if (next === "moved" || next === "cut") {
      // The offsets of two files must not meet: the old one is finished first, and asked for again then.
      if (window.first() !== undefined) return false;
      if (next === "moved") await tail.reopen();
      else {
        onNews({ kind: "trouble", words: "the record is shorter than before; forwarding goes on at its end" });
        tail.skipTo(journal.size);
      }
      finished = new Set();
      await cursor.restart(tail.id, tail.offset);
      return true;
    }
    if (finished.has(next.start)) return true;
    const request = next.bytes && forwardable(next.bytes);
    const entry = window.add(next.start, next.end - next.start, request);
    if (request === undefined) await finish(entry, "unreadable", undefined);
    return true;
  }

  function dispatch(): void {
    while (!isStopped() && !health.isDown() && inFlight.size < concurrency) {
      const entry = window.nextReady();
      if (entry === undefined) return;
      const delivery = deliver(entry).finally(() => {
        inFlight.delete(delivery);
        dispatch();
        fill();
      });
      inFlight.add(delivery);
    }
  }

  async function deliver(entry: Entry): Promise<void> {
    const { request } = entry;
    if (request === undefined) return;
    const outcome = await sender.send(toForwardedRequest(request, publicUrl));
    entry.tries++;
    if ("problem" in outcome) return unanswered(entry, outcome);
    health.answered(outcome.ms);
    if (outcome.status < 500) {
      return finish(entry, outcome.status >= 200 && outcome.status < 300 ? "delivered" : "failing", outcome);
    }
    const again = retries[entry.failures++];
    if (again === undefined) return finish(entry, "given up", outcome);
    void sleep(Math.min(MAX_WAIT_MS, Math.max(again, outcome.retryAfterMs ?? 0))).then(() => {
      window.putBack(entry);
      dispatch();
    });
  }

  /**
   * A target that cannot be reached is down, and nothing is given up for that. One that was reached and did not answer is
   * down too, unless it has answered others since: then, after as many tries as an error gets, the fault is this request's.
   */
  async function unanswered(entry: Entry, problem: NoResponse): Promise<void> {
    if (problem.problem === "stopped") return;
    if (mayHaveArrived(problem)) {
      entry.lostAt ??= health.answers();
      if (entry.losses++ >= retries.length && health.answers() > entry.lostAt) {
        return finish(entry, "given up", problem);
      }
    }
    window.putBack(entry);
    health.failed(problem);
  }

  /** The place in flight is given up only when the cursor has the record: so a kill repeats no more than are in flight. */
  async function finish(entry: Entry, verdict: Verdict, outcome: SendResult | undefined): Promise<void> {
    const { request, start, tries } = entry;
    if (isClosed) return;
    window.finish(entry);
    const isNoted = await cursor.finish(start, lowWater());
    if (!isNoted && !isCursorStuck) {
      onNews({ kind: "trouble", words: `${cursorPath} cannot be written; what is sent now may be sent again later` });
    }
    isCursorStuck = !isNoted;
    onResult({ verdict, offset: start, tries, request, outcome });
  }

  const stopListening = journal.onGrowth(fill);
  fill();

  return {
    state: cursor.state,
    progress: () => ({ offset: lowWater(), readTo: tail.offset, inFlight: inFlight.size, isDown: health.isDown() }),
    async stop({ drainMs }) {
      if (isStopped()) return;
      stopListening();
      stopping.abort();
      await filling;
      const limit = new AbortController();
      const waited = pause(drainMs, undefined, { signal: limit.signal }).catch(() => undefined);
      await Promise.race([Promise.all(inFlight), waited]);
      limit.abort();
      isClosed = true;
      await cursor.close();
      await tail.close();
    },
  };
}
