import fc from "fast-check";
import { beforeEach } from "vitest";

// There are hundreds of mutants, and the first inputs of a property detect most of them.
fc.configureGlobal({ interruptAfterTimeLimit: 100 });

// A memoized value is made in one test and used in others. Stryker would run only the first one against its mutants.
// Without a current test, it runs all of them.
const stryker: { currentTestId?: string | undefined } | undefined = Reflect.get(globalThis, "__stryker__");
beforeEach(() => {
  if (stryker !== undefined) stryker.currentTestId = undefined;
});
