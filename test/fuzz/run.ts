// `node --import tsx test/fuzz/run.ts`: commands and the listener on inputs that are almost valid.
import { availableParallelism } from "node:os";
import { defineTrial, runIfMain } from "../support/run-trials.ts";
import { neighborTrials } from "./broken-records.ts";
import { corpusTrial } from "./corpus.ts";
import { fuzzCommands } from "./fuzz-commands.ts";
import { fuzzListener } from "./fuzz-listener.ts";
import { repetitionTrials } from "./repeated-text.ts";

const noneWrong = ({ wrong }: { readonly wrong: readonly string[] }): boolean => wrong.length === 0;

/** Texts that once took seconds in some place. */
const slowUnits = ["a", "a=", "CallSid=", "type", "specversion: ", "\r", "\n", " ", "{", "<a:b/>", "//", ":", "'"];

export const trials = {
  corpus: defineTrial("inputs that failed once, through every command line", () => corpusTrial(), noneWrong),
  neighbors: defineTrial(
    "a broken record among five valid ones in arrays, objects and logs; `wrong` are those that hid a valid one",
    ({ isLong, seed }) => neighborTrials({ inputs: isLong ? 200_000 : 4000, seed }),
    noneWrong,
  ),
  repetition: defineTrial(
    "a few characters repeated up to 40,000, in each place; `wrong` takes time that grows faster than the text",
    ({ isLong }) =>
      repetitionTrials(isLong ? {} : { lines: ["validate -f ndjson", "decode", "redact"], units: slowUnits }),
    noneWrong,
  ),
  fuzz: defineTrial(
    "inputs that are almost valid, through every command that reads",
    ({ isLong, seed, inputs: count = isLong ? 100_000_000 : 400_000 }) =>
      fuzzCommands({ seed, count, threads: availableParallelism() }),
    ({ failures }) => failures.length === 0,
  ),
  "fuzz-listener": defineTrial(
    "malformed requests to a listener",
    ({ isLong, seed, inputs = 100_000_000 }) =>
      fuzzListener(isLong ? { seed, count: inputs / 100 } : { seed, seconds: 10 }),
    ({ failures }) => failures.length === 0,
  ),
};

await runIfMain(import.meta.url, trials);
