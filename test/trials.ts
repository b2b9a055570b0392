// All trials: `npm run harden` runs them in minutes, and `npm run torture` in hours.
import { trials as fuzz } from "./fuzz/run.ts";
import { trials as hostile } from "./hostile/run.ts";
import { trials as load } from "./load/run.ts";
import { trials as mutation } from "./mutation/run.ts";
import { trials as nodeVersions } from "./node-versions/run.ts";
import { runTrials } from "./support/run-trials.ts";

await runTrials({ ...nodeVersions, ...load, ...hostile, ...fuzz, ...mutation });
