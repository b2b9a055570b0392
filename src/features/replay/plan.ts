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

/** Numbers that look random, the same in each run with the same seed. */
interface Dice {
  between(least: number, most: number): number;
  shuffle<T>(list: readonly T[]): T[];
}

export interface PlanOptions {
  /** So many times as fast; Infinity for no gaps. */
  readonly speed: number;
  readonly shuffle?: boolean | undefined;
  /** Which share of the deliveries comes twice, and which not at all. */
  readonly duplicate: number;
  readonly drop: number;
  /** Dice for each choice, so that one choice leaves the others as they are. */
  readonly dice: (name: "shuffle" | "duplicate" | "drop") => Dice;
}

/** So many are shuffled among each other, unless they are large. */
const SHUFFLED = 1000;
const SHUFFLED_BYTES = 16 * 1024 * 1024;

/** A second delivery comes behind at most so many others, as a retry of Twilio's does. */
const LATEST_REPEAT = 20;

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
  { speed, shuffle, duplicate, drop, dice }: PlanOptions,
): AsyncGenerator<Step<T>> {
  const dropDice = dice("drop");
  const duplicateDice = dice("duplicate");
  const shuffleDice = dice("shuffle");
  const dueOf = createClock(speed);
  const repeats: { readonly delivery: T; left: number }[] = [];
  let block: Slot<T>[] = [];
  let bytes = 0;
  let dueMs = 0;

  function* emit(): Generator<Step<T>> {
    const order = shuffle ? shuffleDice.shuffle(block) : block;
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
    for (let index = 0; index < repeats.length; ) {
      const repeat = repeats[index];
      if (repeat === undefined || repeat.left > left) index++;
      else {
        repeats.splice(index, 1);
        yield { kind: "again", dueMs, delivery: repeat.delivery, isDoubled: true };
      }
    }
  }

  for await (const delivery of deliveries) {
    const isDropped = dropDice.between(0, MILLION - 1) < drop * MILLION;
    const isTwice = duplicateDice.between(0, MILLION - 1) < duplicate * MILLION;
    const after = duplicateDice.between(0, LATEST_REPEAT);
    block.push({
      dueMs: dueOf(delivery.at),
      delivery,
      isDropped,
      repeatAfter: isTwice && !isDropped ? after : undefined,
    });
    bytes += delivery.bytes;
    if (!shuffle || block.length === SHUFFLED || bytes >= SHUFFLED_BYTES) yield* emit();
  }
  yield* emit();
  yield* again(LATEST_REPEAT);
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
