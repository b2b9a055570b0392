// Runs trials: `npm run harden` runs all of them in minutes, `npm run torture` in hours. Both also run the named ones alone.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listedIn, renderFigures } from "./figures.ts";
import { machine } from "./machine.ts";

export interface TrialOptions {
  /** Whether it may take hours. */
  readonly isLong: boolean;
  /** How many inputs to try, where `--inputs` is given. */
  readonly inputs: number | undefined;
  /** The seed of `--seed`: 1 if it isn't given, or the time for a long run. */
  readonly seed: number;
}

export interface Trial {
  readonly description: string;
  /** Only `npm run torture` runs it, unless it is named. */
  readonly isOnlyLong?: boolean;
  run(options: TrialOptions): Promise<{ readonly figures: object; readonly isHeld: boolean }>;
}

export type Trials = Readonly<Record<string, Trial>>;

/** A trial that returns figures, and whether they are what SECURITY.md promises. */
export function defineTrial<Figures extends object>(
  description: string,
  run: (options: TrialOptions) => Promise<Figures>,
  holds: (figures: Figures) => boolean,
): Trial {
  return {
    description,
    async run(options) {
      const figures = await run(options);
      return { figures, isHeld: holds(figures) };
    },
  };
}

/** Runs the trials, prints their figures and writes them to `results/`, or `--out`. A broken promise is exit code 1. */
export async function runTrials(trials: Trials): Promise<void> {
  const number = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    options: { long: { type: "boolean" }, inputs: number, seed: number, out: { type: "string", default: "results" } },
    allowPositionals: true,
  });
  const { long: isLong = false, inputs, out } = values;
  const seed = Number(values.seed ?? (isLong ? Date.now() : 1));
  const options = { isLong, inputs: inputs === undefined ? undefined : Number(inputs), seed };
  const unknown = positionals.filter((name) => !Object.hasOwn(trials, name));
  if (unknown.length > 0) {
    throw new Error(`unknown trial ${unknown.join(", ")}. The trials are ${Object.keys(trials).join(", ")}`);
  }
  mkdirSync(out, { recursive: true });
  for (const [name, trial] of Object.entries(trials)) {
    if (positionals.length > 0 ? !positionals.includes(name) : trial.isOnlyLong && !isLong) continue;
    const start = performance.now();
    const { figures, isHeld } = await trial.run(options);
    const seconds = Math.round((performance.now() - start) / 1000);
    if (!isHeld) process.exitCode = 1;
    process.stdout.write(`${name}: ${isHeld ? "" : "FAILED: "}${renderFigures(figures)} (${seconds} s)\n`);
    for (const listed of listedIn(figures)) process.stdout.write(`  ${listed}\n`);
    const { description } = trial;
    const result = { name, description, isHeld, figures, seconds, date: new Date().toISOString(), machine: machine() };
    writeFileSync(join(out, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  }
}

/** Runs the trials of a file that was started by name. */
export async function runIfMain(url: string, trials: Trials): Promise<void> {
  if (process.argv[1] === fileURLToPath(url)) await runTrials(trials);
}
