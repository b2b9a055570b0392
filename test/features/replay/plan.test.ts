import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/cli/random.ts";
import { type PlanOptions, planDeliveries, runPlan, type Step } from "../../../src/features/replay/plan.ts";
import type { SendResult } from "../../../src/webhook/sender.ts";

interface Numbered {
  readonly at: number | undefined;
  readonly bytes: number;
  readonly number: number;
}

const always: Omit<PlanOptions, "random"> = { speed: 1, shuffle: false, duplicate: 0, drop: 0 };

async function* numbered(times: readonly (number | undefined)[]): AsyncGenerator<Numbered> {
  for (const [number, at] of times.entries()) yield { at, bytes: 100, number };
}

async function plan(
  times: readonly (number | undefined)[],
  options: Partial<PlanOptions> = {},
  seed = 1,
): Promise<readonly Step<Numbered>[]> {
  const random: PlanOptions["random"] = (name) => createRandom(seed, name, 0);
  const steps: Step<Numbered>[] = [];
  for await (const step of planDeliveries(numbered(times), { ...always, random, ...options })) steps.push(step);
  return steps;
}

const evenly = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index * 10);
const numbersOf = (steps: readonly Step<Numbered>[]): readonly number[] => steps.map(({ delivery }) => delivery.number);
const sorted = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);

describe("times", () => {
  test("are the recorded ones, from the first one on", async () => {
    const steps = await plan([5000, 5100, 6000]);
    expect(steps.map(({ dueMs }) => dueMs)).toEqual([0, 100, 1000]);
  });

  test("ten times as fast, and without gaps", async () => {
    expect((await plan([0, 100, 1000], { speed: 10 })).map(({ dueMs }) => dueMs)).toEqual([0, 10, 100]);
    expect((await plan([0, 100, 1000], { speed: Infinity })).map(({ dueMs }) => dueMs)).toEqual([0, 0, 0]);
  });

  test("never go back: what is out of order goes in the order of the input", async () => {
    const steps = await plan([1000, 3000, 2000, 500, 4000]);
    expect(steps.map(({ dueMs }) => dueMs)).toEqual([0, 2000, 2000, 2000, 3000]);
    expect(numbersOf(steps)).toEqual([0, 1, 2, 3, 4]);
  });

  test("that are missing are those of the one before", async () => {
    expect((await plan([undefined, 1000, undefined, 1500])).map(({ dueMs }) => dueMs)).toEqual([0, 0, 0, 500]);
  });
});

describe("chance", () => {
  const wild = { shuffle: true, duplicate: 0.2, drop: 0.1 };

  test("the same seed makes the same plan, another seed another", async () => {
    const first = await plan(evenly(2500), wild, 7);
    expect(await plan(evenly(2500), wild, 7)).toEqual(first);
    expect(await plan(evenly(2500), wild, 8)).not.toEqual(first);
  });

  test("shares are about what was asked for", async () => {
    const steps = await plan(evenly(10_000), wild);
    const share = (kind: string): number => steps.filter((step) => step.kind === kind).length / 10_000;
    expect(share("dropped")).toBeCloseTo(0.1, 1);
    expect(share("again")).toBeCloseTo(0.9 * 0.2, 1);
  });

  test("all of a share, and none", async () => {
    expect((await plan(evenly(50), { drop: 1, duplicate: 1 })).every(({ kind }) => kind === "dropped")).toBe(true);
    expect((await plan(evenly(50), { duplicate: 1 })).length).toBe(100);
    expect((await plan(evenly(50))).every(({ kind }) => kind === "sent")).toBe(true);
  });

  test("of one choice leaves the others as they are", async () => {
    const dropped = (steps: readonly Step<Numbered>[]): readonly number[] =>
      sorted(numbersOf(steps.filter(({ kind }) => kind === "dropped")));
    const alone = dropped(await plan(evenly(500), { drop: 0.2 }));
    expect(alone.length).toBeGreaterThan(0);
    expect(dropped(await plan(evenly(500), { drop: 0.2, shuffle: true, duplicate: 0.5 }))).toEqual(alone);
  });

  test("whatever is asked for: each goes once or not at all, in times that never go back, and a second one behind the first", async () => {
    const share = fc.constantFrom(0, 0.1, 0.5, 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: undefined }), { maxLength: 80 }),
        fc.record({ shuffle: fc.boolean(), duplicate: share, drop: share }),
        fc.nat(),
        async (times, options, seed) => {
          const steps = await plan(times, options, seed);
          const once = steps.filter(({ kind }) => kind !== "again");
          expect(sorted(numbersOf(once))).toEqual(times.map((_, index) => index));
          for (const [index, step] of steps.entries()) {
            expect(step.dueMs).toBeGreaterThanOrEqual(steps[index - 1]?.dueMs ?? 0);
            if (step.kind !== "again") continue;
            const first = steps.findIndex(({ delivery, kind }) => delivery === step.delivery && kind === "sent");
            expect(first).toBeGreaterThanOrEqual(0);
            expect(first).toBeLessThan(index);
          }
          const twice = steps.filter(({ kind, isDoubled }) => kind === "sent" && isDoubled).length;
          expect(steps.filter(({ kind }) => kind === "again").length).toBe(twice);
        },
      ),
    );
  });

  test("shuffles within a thousand, while the times stay in order", async () => {
    const steps = await plan(evenly(3000), { shuffle: true });
    expect(steps.map(({ dueMs }) => dueMs)).toEqual(evenly(3000));
    expect(numbersOf(steps)).not.toEqual(numbersOf(await plan(evenly(3000))));
    for (const [place, number] of numbersOf(steps).entries()) {
      expect(Math.floor(number / 1000)).toBe(Math.floor(place / 1000));
    }
  });
});

test("no more is read than is shuffled, and without shuffling nothing ahead", async () => {
  let read = 0;
  async function* counted(): AsyncGenerator<Numbered> {
    for (;;) {
      yield { at: read, bytes: 100, number: read };
      read++;
    }
  }
  const random: PlanOptions["random"] = (name) => createRandom(1, name, 0);
  for (const [shuffle, most] of [
    [false, 100],
    [true, 1000],
  ] as const) {
    read = 0;
    let taken = 0;
    for await (const _ of planDeliveries(counted(), { ...always, shuffle, random })) if (++taken === 100) break;
    expect(read).toBeLessThanOrEqual(most);
  }
});

describe("sending", () => {
  const answer: SendResult = { status: 200, ms: 1, head: "", digest: "", isCut: false };

  /** A clock that stands still but for the waits. */
  function createClock(): { readonly times: number[]; now(): number; sleep(ms: number): Promise<void> } {
    let time = 100;
    const times: number[] = [];
    return {
      times,
      now: () => time,
      sleep: async (ms) => {
        times.push(ms);
        time += ms;
      },
    };
  }

  async function* stepsAt(...due: readonly number[]): AsyncGenerator<Step<number>> {
    for (const [delivery, dueMs] of due.entries()) yield { kind: "sent", dueMs, delivery, isDoubled: false };
  }

  test("each at its time; one that is late at once", async () => {
    const clock = createClock();
    const sent: (readonly [number, number])[] = [];
    await runPlan<number>({
      steps: stepsAt(0, 50, 60, 1000),
      concurrency: 1,
      signal: new AbortController().signal,
      clock,
      async send(delivery) {
        sent.push([delivery, clock.now() - 100]);
        if (delivery === 1) await clock.sleep(30);
        return answer;
      },
      onStep: () => undefined,
    });
    expect(sent).toEqual([
      [0, 0],
      [1, 50],
      [2, 80],
      [3, 1000],
    ]);
  });

  test("so many at once and no more, begun in order", async () => {
    const begun: number[] = [];
    const waiting: (() => void)[] = [];
    let most = 0;
    const done = runPlan<number>({
      steps: stepsAt(...Array.from({ length: 20 }, () => 0)),
      concurrency: 3,
      signal: new AbortController().signal,
      clock: createClock(),
      send(delivery) {
        begun.push(delivery);
        return new Promise((resolve) => {
          waiting.push(() => resolve(answer));
          most = Math.max(most, waiting.length);
          if (waiting.length === 3 || begun.length === 20) for (const end of waiting.splice(0)) end();
        });
      },
      onStep: () => undefined,
    });
    await done;
    expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(3);
  });

  test("a wait ends at the signal, and nothing more is sent", async () => {
    const stop = new AbortController();
    const sent: number[] = [];
    await runPlan<number>({
      steps: stepsAt(0, 1e9, 2e9),
      concurrency: 1,
      signal: stop.signal,
      async send(delivery) {
        sent.push(delivery);
        return answer;
      },
      onStep: () => undefined,
      onWait: () => stop.abort(),
    });
    expect(sent).toEqual([0]);
  });
});
