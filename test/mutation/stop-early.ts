import fc from "fast-check";
import { beforeEach } from "vitest";

// There are hundreds of mutants, and most of them are found by the first few inputs.
fc.configureGlobal({ interruptAfterTimeLimit: 100 });

// What src/later.ts and src/remember.ts keep is made in one test and used in others. Stryker would run only the first of
// them against a mutant in there; told of no test, it runs them all.
const stryker: { currentTestId?: string | undefined } | undefined = Reflect.get(globalThis, "__stryker__");
beforeEach(() => {
  if (stryker !== undefined) stryker.currentTestId = undefined;
});
