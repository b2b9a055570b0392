// The long runs behind the promises: `npm run torture`, or some of them by name. Prints what it counted, one line each.
// `npm run torture -- fuzz --inputs N` fuzzes with so many inputs instead of a hundred million, which take hours.
import { parseArgs } from "node:util";
import { bombTrials, extremeTrials } from "./files.js";
import { fuzzAndKeep, tellProgress } from "./fuzz.js";
import { fuzzListenAndKeep } from "./fuzz-listen.js";
import { canaryTrial } from "./redaction.js";
import { listenTrials, mistakeTrials, payloadTrials, randomTrials } from "./terminal.js";
import { killTrials, loadTrial, outageTrial, secondSignal, stopTrials } from "./trials.js";

const { values, positionals: named } = parseArgs({ options: { inputs: { type: "string" } }, allowPositionals: true });
const inputs = Number(values.inputs ?? 100_000_000);

const runs = {
  kill: () => killTrials({ trials: 200, acksPerTrial: 700 }),
  stop: () => stopTrials({ trials: 50 }),
  "second-signal": secondSignal,
  load: () => loadTrial({ rate: 2000, seconds: 60 }),
  outage: () => outageTrial({ rate: 500, downSeconds: 300 }),
  canaries: () => canaryTrial({ events: 10_000 }),
  terminal: async () => ({
    payloads: await payloadTrials(),
    random: await randomTrials({ inputs: 20_000, seed: Date.now() }),
    mistakes: await mistakeTrials(),
    listen: await listenTrials(),
  }),
  files: async () => ({ extremes: await extremeTrials({ many: 15 }), bombs: await bombTrials({ megabytes: 1000 }) }),
  fuzz: async () => ({
    ...(await fuzzAndKeep({ seed: Date.now(), count: inputs, threads: 2, progress: tellProgress })),
    listen: await fuzzListenAndKeep({ seed: Date.now(), count: inputs / 100 }),
  }),
};

for (const [name, run] of Object.entries(runs)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const counted = Object.entries(await run()).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  process.stdout.write(`${name}: ${counted.join(", ")}\n`);
}
