import { setTimeout as pause } from "node:timers/promises";
import type { NoResponse } from "../network-error.ts";
import type { Sender } from "../sender.ts";

/** Milliseconds between two looks at a target that is down: doubled each time, from the first up to the last. */
interface DownWaits {
  readonly first: number;
  readonly last: number;
}

/** Milliseconds between tries. */
export interface Waits {
  /** After an answer of 500 or more: so many tries more, each after its time. */
  readonly retries: readonly number[];
  /** While the target is down: the first, doubled each time up to the last. */
  readonly down: DownWaits;
}

export const defaultWaits: Waits = { retries: [250, 1000, 4000], down: { first: 100, last: 5000 } };

/** The target has gone down, or has answered again: an outage is told once, however many requests feel it. */
export type HealthNews =
  | { readonly kind: "down"; readonly problem: NoResponse }
  | { readonly kind: "up"; readonly ms: number };

export interface Backoff {
  /** While it is down nothing is to be sent. */
  isDown(): boolean;
  /** How many answers there were. */
  answers(): number;
  answered(ms: number): void;
  /** Takes the target for down until it takes connections again. */
  failed(problem: NoResponse): void;
}

export interface HealthOptions {
  readonly probe: Sender["probe"];
  readonly waits: DownWaits;
  readonly signal: AbortSignal;
  onNews(news: HealthNews): void;
  /** Called when sending may go on. */
  onUp(): void;
}

/** Keeps watch over a target. The time between two looks grows until there is an answer, not only a connection. */
export function createBackoff({ probe, waits, signal, onNews, onUp }: HealthOptions): Backoff {
  let wait = waits.first;
  let answers = 0;
  let isDown = false;
  let isOutage = false;

  async function recover(): Promise<void> {
    for (;;) {
      await pause(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, waits.last);
      if (signal.aborted) return;
      if (!("problem" in (await probe()))) break;
    }
    isDown = false;
    onUp();
  }

  return {
    isDown: () => isDown,
    answers: () => answers,
    answered(ms) {
      answers++;
      wait = waits.first;
      if (!isOutage) return;
      isOutage = false;
      onNews({ kind: "up", ms });
    },
    failed(problem) {
      if (isDown) return;
      isDown = true;
      if (!isOutage) onNews({ kind: "down", problem });
      isOutage = true;
      void recover();
    },
  };
}
