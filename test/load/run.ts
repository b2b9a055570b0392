// `node --import tsx test/load/run.ts`: the listener under load, killed and stopped, and large inputs.
import { defineTrial, runIfMain } from "../support/run-trials.ts";
import { journalTrials } from "./journal-trials.ts";
import { killTrials, loadTrial, secondSignal, stopTrials } from "./listener-trials.ts";
import { memoryTrials } from "./memory-trials.ts";
import { outageTrial } from "./outage-trial.ts";

interface Loss {
  readonly lost: number;
  readonly corrupt?: number;
  readonly code?: number | null;
  readonly acknowledged: number;
}

const losesNothing = ({ lost, corrupt = 0, code = 0, acknowledged }: Loss): boolean =>
  lost === 0 && corrupt === 0 && code === 0 && acknowledged > 1000;

export const trials = {
  kill: defineTrial(
    "`kill -9` of a listener under load; each acknowledged event is in the record",
    ({ isLong }) => killTrials({ trials: isLong ? 200 : 6, acksPerTrial: isLong ? 700 : 400 }),
    losesNothing,
  ),
  stop: defineTrial(
    "SIGINT and SIGTERM under load",
    ({ isLong }) => stopTrials({ trials: isLong ? 50 : 4 }),
    ({ cleanExits, trials: count, slowestMs, ...loss }) =>
      losesNothing(loss) && cleanExits === count && slowestMs <= 6000,
  ),
  "second-signal": defineTrial(
    "a second signal while the app doesn't respond",
    () => secondSignal(),
    ({ tookMs }) => tookMs <= 200,
  ),
  load: defineTrial(
    "signed events at a steady rate: verified, recorded, synced, acknowledged",
    ({ isLong }) => loadTrial(isLong ? { rate: 2000, seconds: 60 } : { rate: 500, seconds: 4 }),
    ({ sent, p99Ms, slowestMs, peakMB, rate, ...loss }) =>
      losesNothing(loss) &&
      loss.acknowledged === sent &&
      (rate === 2000 ? p99Ms <= 250 : slowestMs < 5000 && !(peakMB >= 200)),
  ),
  outage: defineTrial(
    "the app behind `--forward-to` is down, then starts",
    ({ isLong }) => outageTrial(isLong ? { rate: 500, downSeconds: 300 } : { rate: 400, downSeconds: 4 }),
    ({ disorder, grownMB, repeats, downSeconds, ...loss }) =>
      // In a long outage, the listener can send a request again.
      losesNothing(loss) && disorder === 0 && !(grownMB > 50) && (repeats === 0 || downSeconds > 60),
  ),
  journal: defineTrial(
    "`kill -9` of processes that keep a record; each acknowledged line is in it once",
    ({ isLong }) => journalTrials({ trials: isLong ? 400 : 20 }),
    ({ repeated, ...loss }) => losesNothing(loss) && repeated === 0,
  ),
  memory: defineTrial(
    "100 MB of NDJSON, of gzip and of one array, and lines of 17 and 64 MB",
    () => memoryTrials(),
    ({ wrong }) => wrong.length === 0,
  ),
};

await runIfMain(import.meta.url, trials);
