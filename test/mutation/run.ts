// `node --import tsx test/mutation/run.ts`: coverage, and tests of the tests. The environment variable MUTANTS names
// modules or files, for example `find` or `src/redact/redact-xml.ts:10-40`.
import { defineTrial, runIfMain } from "../support/run-trials.ts";

export const trials = {
  coverage: defineTrial(
    "the percentage of code that tests run: all, or in a short run the modules that read untrusted bytes",
    async ({ isLong }) => {
      const { measureAll, measureModules } = await import("./coverage.ts");
      return isLong ? measureAll() : measureModules();
    },
    ({ misses }) => misses.length === 0,
  ),
  mutants: {
    ...defineTrial(
      "wrong small changes to the modules that read untrusted bytes, and the percentage for which a test fails",
      async () => {
        const { MIN_DETECTED_PERCENT: minPercent, mutantTrials } = await import("./mutants.ts");
        return { minPercent, modules: await mutantTrials(process.env.MUTANTS?.split(" ")) };
      },
      ({ minPercent, modules }) => Object.values(modules).every(({ percent }) => percent >= minPercent),
    ),
    isOnlyLong: true,
  },
};

await runIfMain(import.meta.url, trials);
