import type { Reporter, TestModule } from "vitest/node";

/** A vitest reporter that fails the run if a test was skipped, in CI on Linux: there, all programs are installed. */
export const failOnSkipped: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!process.env.CI || process.platform !== "linux") return;
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    for (const { fullName, module } of skipped)
      process.stderr.write(`skipped: ${module.relativeModuleId}: ${fullName}\n`);
    if (skipped.length > 0) process.exitCode = 1;
  },
};
