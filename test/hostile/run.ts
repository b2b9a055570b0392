// `node --import tsx test/hostile/run.ts`: text and files that do harm, and personal data in redacted output.
import { defineTrial, runIfMain } from "../support/run-trials.ts";
import { bombTrials, largeInputTrials } from "./large-inputs.ts";
import { listenerDisplayTrials } from "./listener-display.ts";
import { canaryTrial } from "./redaction-trials.ts";
import { tableTrials } from "./table-trials.ts";
import { mistakeTrials, payloadTrials, randomTrials } from "./terminal-trials.ts";

interface Part {
  readonly wrong: readonly string[];
}

const noneWrong = (parts: Readonly<Record<string, Part>>): boolean =>
  Object.values(parts).every(({ wrong }) => wrong.length === 0);

export const trials = {
  canaries: defineTrial(
    "made-up people in every place of an event, searched in all redacted output",
    ({ isLong }) => canaryTrial({ events: isLong ? 10_000 : 1000 }),
    ({ leaks, unhidden, runs, bytes }) => leaks === 0 && unhidden === 4 && runs === 25 && bytes > 10_000_000,
  ),
  terminal: defineTrial(
    "hostile texts in every place, on a terminal emulator; `wrong` are those with an effect",
    async ({ isLong, seed }) => ({
      payloads: await payloadTrials({ step: isLong ? 1 : 29 }),
      random: await randomTrials({ inputs: isLong ? 20_000 : 1000, seed }),
      mistakes: await mistakeTrials({ step: isLong ? 1 : 16 }),
      listener: await listenerDisplayTrials({ step: isLong ? 1 : 27 }),
    }),
    (parts) => noneWrong(parts) && parts.payloads.payloads >= 56 && parts.payloads.places >= 60,
  ),
  files: defineTrial(
    "inputs of the worst kind, and gzip that unpacks to 1,000 times its size",
    async ({ isLong }) => ({
      inputs: await largeInputTrials(isLong ? { many: 15 } : { commandNames: ["validate", "extract"] }),
      bombs: await bombTrials({ megabytes: isLong ? 1000 : 60 }),
    }),
    noneWrong,
  ),
  tables: defineTrial(
    "tables of 100,000 rows: little memory and time",
    () => tableTrials(),
    ({ wrong }) => wrong.length === 0,
  ),
};

await runIfMain(import.meta.url, trials);
