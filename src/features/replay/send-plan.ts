import { setTimeout as pause } from "node:timers/promises";
import type { Outcome } from "../../webhook/sender.ts";
import type { Step } from "./plan.ts";

/** A clock of milliseconds that never goes back, and a wait that ends early at the signal. */
interface ReplayClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ReplayOptions<T> {
  readonly steps: AsyncIterable<Step<T>>;
  send(delivery: T): Promise<Outcome>;
  /** How many may be under way at once. */
  readonly concurrency: number;
  /** Nothing is started after it. */
  readonly signal: AbortSignal;
  readonly clock?: ReplayClock;
  /** Called before a wait, with its milliseconds. */
  onWait?(ms: number): void;
  /** Called for each step when it is over: in the order of the answers. `outcome` is undefined for what was dropped. */
  onStep(step: Step<T>, outcome: Outcome | undefined): void;
}

/** The longest that a timer of Node can wait. */
const LONGEST_SLEEP = 2 ** 31 - 1;

const systemClock: ReplayClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(Math.min(ms, LONGEST_SLEEP), undefined, { signal }).catch(() => undefined),
};

/**
 * Sends each step at its time, in order; a late one at once. Steps are taken only when they can be started, so that
 * memory does not grow. Resolves when all is answered, or what was under way at the signal.
 */
export async function runReplay<T>(options: ReplayOptions<T>): Promise<void> {
  const { steps, send, concurrency, signal, clock = systemClock, onStep } = options;
  const running = new Set<Promise<void>>();
  let started: number | undefined;

  async function perform(step: Step<T>): Promise<void> {
    onStep(step, await send(step.delivery));
  }

  for await (const step of steps) {
    started ??= clock.now();
    if (step.kind === "dropped") {
      onStep(step, undefined);
      continue;
    }
    for (let left = 0; !signal.aborted; ) {
      left = started + step.dueMs - clock.now();
      if (left <= 0) break;
      options.onWait?.(left);
      await clock.sleep(left, signal);
    }
    while (running.size >= concurrency && !signal.aborted) await Promise.race(running);
    if (signal.aborted) break;
    const run = perform(step).finally(() => running.delete(run));
    running.add(run);
  }
  await Promise.all(running);
}
