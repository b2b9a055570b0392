import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../cli/random.ts";
import type { SendResult } from "../../webhook/sender.ts";

/** What is needed of a request to plan when it is sent. */
export interface Timed {
  /** Epoch milliseconds; undefined where nothing tells. */
  readonly at: number | undefined;
  readonly bytes: number;
}

/** A delivery at its time. */
export interface Step<T> {
  /** `again`: it is sent a second time. `dropped`: it is not sent. */
  readonly kind: "sent" | "again" | "dropped";
  /** Milliseconds from the first one on. */
  readonly dueMs: number;
  readonly delivery: T;
  /** It comes a second time, in this step or another. */
  readonly isDoubled: boolean;
}

export interface PlanOptions {
  /** So many times as fast; Infinity for no gaps. */
  readonly speed: number;
  readonly shuffle?: boolean | undefined;
  /** Which share of the deliveries comes twice, and which not at all. */
  readonly duplicate: number;
  readonly drop: number;
  /** Numbers for each choice, so that one choice leaves the others as they are. */
  readonly random: (name: "shuffle" | "duplicate" | "drop") => Pick<Random, "between" | "shuffle">;
}

/** So many are shuffled among each other, unless they are large. */
const MAX_SHUFFLED = 1000;
const MAX_SHUFFLED_BYTES = 16 * 1024 * 1024;

/** A second delivery comes behind at most so many others, as a retry of Twilio's does. */
const MAX_REPEAT_DISTANCE = 20;

const MILLION = 1_000_000;

interface Slot<T> {
  readonly dueMs: number;
  readonly delivery: T;
  readonly isDropped: boolean;
  /** Behind how many others it comes again. */
  readonly repeatAfter: number | undefined;
}

/**
 * Plans when each delivery is sent, in the gaps of the recorded times. Those whose time is earlier than one before them
 * do not wait, so the order stays; shuffled, deliveries change places and the times stay. The same dice give the same
 * plan. Of the input no more is held than what is shuffled.
 */
export async function* planDeliveries<T extends Timed>(
  deliveries: AsyncIterable<T>,
  { speed, shuffle, duplicate, drop, random }: PlanOptions,
): AsyncGenerator<Step<T>> {
  const dropRandom = random("drop");
  const duplicateRandom = random("duplicate");
  const shuffleRandom = random("shuffle");
  const dueOf = createClock(speed);
  const repeats: { readonly delivery: T; left: number }[] = [];
  let block: Slot<T>[] = [];
  let bytes = 0;
  let dueMs = 0;

  function* emit(): Generator<Step<T>> {
    const order = shuffle ? shuffleRandom.shuffle(block) : block;
    for (const [index, { delivery, isDropped, repeatAfter }] of order.entries()) {
      dueMs = block[index]?.dueMs ?? dueMs;
      const isDoubled = repeatAfter !== undefined;
      yield { kind: isDropped ? "dropped" : "sent", dueMs, delivery, isDoubled };
      if (isDropped) continue;
      for (const repeat of repeats) repeat.left--;
      if (isDoubled) repeats.push({ delivery, left: repeatAfter });
      yield* again(0);
    }
    block = [];
    bytes = 0;
  }

  /** The second deliveries that wait for no more than so many others. */
  function* again(left: number): Generator<Step<T>> {
    for (const repeat of repeats.filter((each) => each.left <= left)) {
      repeats.splice(repeats.indexOf(repeat), 1);
      yield { kind: "again", dueMs, delivery: repeat.delivery, isDoubled: true };
    }
  }

  for await (const delivery of deliveries) {
    const isDropped = dropRandom.between(0, MILLION - 1) < drop * MILLION;
    const isTwice = duplicateRandom.between(0, MILLION - 1) < duplicate * MILLION;
    const after = duplicateRandom.between(0, MAX_REPEAT_DISTANCE);
    block.push({
      dueMs: dueOf(delivery.at),
      delivery,
      isDropped,
      repeatAfter: isTwice && !isDropped ? after : undefined,
    });
    bytes += delivery.bytes;
    if (!shuffle || block.length === MAX_SHUFFLED || bytes >= MAX_SHUFFLED_BYTES) yield* emit();
  }
  yield* emit();
  yield* again(MAX_REPEAT_DISTANCE);
}

/** Milliseconds from the first time on, never less than before; what has no time goes with the one before it. */
function createClock(speed: number): (at: number | undefined) => number {
  let first: number | undefined;
  let latest = 0;
  return (at) => {
    if (at !== undefined) {
      first ??= at;
      latest = Math.max(latest, at - first);
    }
    return latest / speed;
  };
}

/** A clock of milliseconds that never goes back, and a wait that ends early at the signal. */
interface ReplayClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface RunOptions<T> {
  readonly steps: AsyncIterable<Step<T>>;
  send(delivery: T): Promise<SendResult>;
  /** How many may be under way at once. */
  readonly concurrency: number;
  /** Nothing is started after it. */
  readonly signal: AbortSignal;
  readonly clock?: ReplayClock;
  /** Called before a wait, with its milliseconds. */
  onWait?(ms: number): void;
  /** Called for each step when it is over: in the order of the answers. `outcome` is undefined for what was dropped. */
  onStep(step: Step<T>, outcome: SendResult | undefined): void;
}

/** The longest that a timer of Node can wait. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

const systemClock: ReplayClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(Math.min(ms, MAX_SLEEP_MS), undefined, { signal }).catch(() => undefined),
};

/**
 * Sends each step at its time, in order; a late one at once. Steps are taken only when they can be started, so that
 * memory does not grow. Resolves when all is answered, or what was under way at the signal.
 */
export async function runPlan<T>(options: RunOptions<T>): Promise<void> {
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
