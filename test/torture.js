// The long runs behind the promises: `npm run torture`, or some of them by name. Tells what each counted, one line each, and
// keeps it in RESULTS.md; a promise that did not hold is exit code 1. `npm run torture -- fuzz --inputs N` tries so many
// inputs instead of a hundred million, which take hours.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { neighborTrials } from "./fuzz/broken-records.js";
import { fuzzAndKeep, tellProgress } from "./fuzz/fuzz-commands.js";
import { fuzzListenAndKeep } from "./fuzz/fuzz-listener.js";
import { repetitionTrials } from "./fuzz/repeated-text.js";
import { bombTrials, extremeTrials } from "./hostile/large-inputs.js";
import { canaryTrial } from "./hostile/redaction-trials.js";
import { listenTrials, mistakeTrials, payloadTrials, randomTrials } from "./hostile/terminal-trials.js";
import { killTrials, loadTrial, outageTrial, secondSignal, stopTrials } from "./load/listener-trials.js";
import { measureAll } from "./mutation/coverage.js";
import { mutantFigures } from "./mutation/mutants.js";
import { keepResult, wordsOf } from "./support/results.js";

const { values, positionals: named } = parseArgs({ options: { inputs: { type: "string" } }, allowPositionals: true });
const inputs = Number(values.inputs ?? 100_000_000);

const peak = ({ wrong, took }) => ({ wrong, peakMB: Math.max(...Object.values(took).map(({ peakMB }) => peakMB)) });
const isWhole = ({ lost, corrupt = 0, code = 0 }) => lost === 0 && corrupt === 0 && code === 0;
const noneWrong = (parts) => Object.values(parts).every(({ wrong }) => wrong.length === 0);

/** Each run: what it does, in words; does it and returns figures; tells whether they are what is promised. */
const runs = {
  kill: {
    what: "`kill -9` of a listener under load; each acknowledged event is in the record",
    run: () => killTrials({ trials: 200, acksPerTrial: 700 }),
    holds: isWhole,
  },
  stop: {
    what: "SIGINT and SIGTERM under load",
    run: async () => {
      const { codes, ...rest } = await stopTrials({ trials: 50 });
      return { ...rest, wellEnded: codes[0] ?? 0 };
    },
    holds: ({ wellEnded, trials, slowestMs, ...rest }) => isWhole(rest) && wellEnded === trials && slowestMs <= 6000,
  },
  "second-signal": {
    what: "a second signal while the app does not answer",
    run: secondSignal,
    holds: ({ ms }) => ms <= 200,
  },
  load: {
    what: "signed events at a steady rate: checked, recorded, synced, answered",
    run: () => loadTrial({ rate: 2000, seconds: 60 }),
    holds: ({ p99Ms, ...rest }) => isWhole(rest) && p99Ms <= 250,
  },
  outage: {
    what: "the app behind `--forward-to` is down, then comes up",
    run: () => outageTrial({ rate: 500, downSeconds: 300 }),
    holds: ({ disorder, grownMB, ...rest }) => isWhole(rest) && disorder === 0 && grownMB <= 50,
  },
  canaries: {
    what: "made-up people in every place of an event, searched for in all that is redacted",
    run: () => canaryTrial({ events: 10_000 }),
    holds: ({ leaks }) => leaks === 0,
  },
  terminal: {
    what: "hostile texts at every place, on a terminal emulator; `wrong` are those that acted on it",
    run: async () => ({
      payloads: await payloadTrials(),
      random: await randomTrials({ inputs: 20_000, seed: Date.now() }),
      mistakes: await mistakeTrials(),
      listen: await listenTrials(),
    }),
    holds: noneWrong,
  },
  files: {
    what: "files of the worst kind, and gzip that unpacks to 1,000 times as much",
    run: async () => ({
      extremes: peak(await extremeTrials({ many: 15 })),
      bombs: peak(await bombTrials({ megabytes: 1000 })),
    }),
    holds: noneWrong,
  },
  repetition: {
    what: "the same few characters 40,000 long, at each place; `wrong` take time that grows faster than the text",
    run: () => repetitionTrials(),
    holds: ({ wrong }) => wrong.length === 0,
  },
  neighbors: {
    what: "a broken record among five good ones, in arrays, objects and logs; `wrong` are those that hid one",
    run: () => neighborTrials({ inputs: 200_000, seed: Date.now() }),
    holds: ({ wrong }) => wrong.length === 0,
  },
  fuzz: {
    what: "inputs that are nearly right, through every command that reads, and requests to a listener",
    run: async () => ({
      ...(await fuzzAndKeep({
        seed: Date.now(),
        count: inputs,
        threads: availableParallelism(),
        progress: tellProgress,
      })),
      listen: await fuzzListenAndKeep({ seed: Date.now(), count: inputs / 100 }),
    }),
    holds: ({ faults, listen }) => faults.length + listen.faults.length === 0,
  },
  coverage: {
    what: "the share of the code that the tests run, in percent",
    run: measureAll,
    holds: ({ misses }) => misses.length === 0,
  },
  mutants: {
    what: "wrong small changes to the modules that untrusted bytes pass; the share that their tests notice, in percent",
    run: mutantFigures,
    holds: ({ least, ...modules }) => Object.values(modules).every((percent) => percent >= least),
  },
};

/** What the figures list, in words: what was wrong. */
function listed(figures) {
  return Object.entries(figures).flatMap(([key, value]) => {
    if (Array.isArray(value)) return value.map((one) => `${key}: ${one}`);
    return typeof value === "object" && value !== null ? listed(value) : [];
  });
}

const unknown = named.filter((name) => !Object.hasOwn(runs, name));
if (unknown.length > 0) throw new Error(`no run ${unknown.join(", ")}; there are ${Object.keys(runs).join(", ")}`);
for (const [name, { what, run, holds }] of Object.entries(runs)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const figures = await run();
  const isHeld = holds(figures);
  if (!isHeld) process.exitCode = 1;
  process.stdout.write(`${name}: ${isHeld ? "" : "NOT AS PROMISED: "}${wordsOf(figures)}\n`);
  for (const one of listed(figures)) process.stdout.write(`  ${one}\n`);
  await keepResult({ name, what, isHeld, figures: wordsOf(figures), order: Object.keys(runs) });
}
