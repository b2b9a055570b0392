import type { ChildProcess } from "node:child_process";
import type { Interface } from "node:readline";

export function bundleJournal(folder: string): Promise<string>;

export function startAppending(options: {
  readonly bundle: string;
  readonly path: string;
  readonly first?: number;
  readonly writers?: number;
  readonly bytes?: number;
}): { readonly child: ChildProcess; readonly lines: Interface };

export interface Killed {
  readonly trials: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly repeated: number;
  readonly corrupt: number;
  readonly torn: number;
}

export function killTrials(options: {
  readonly trials: number;
  /** From 0 to below 1, as of Math.random. */
  readonly random?: () => number;
}): Promise<Killed>;
