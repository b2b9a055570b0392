import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../support/temporary-folder.ts";
import { jobs } from "./command-lines.ts";
import { findFailure } from "./find-failure.ts";
import { bundleProgram, loadProgram } from "./run-in-process.ts";

const folder = join(import.meta.dirname, "../corpus");

/** The inputs that failed once, by name. */
export const corpus: ReadonlyMap<string, Buffer> = new Map(
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name))]),
);

/** Runs every command line over every input of the corpus. Returns what fails. */
export function corpusTrial() {
  return inFolder(async (temporary) => {
    const program = loadProgram(await bundleProgram(temporary));
    const wrong: string[] = [];
    for (const [name, bytes] of corpus) {
      for (const job of jobs) {
        const failure = await findFailure(program, job, [bytes], { stuckMs: 2000 });
        if (failure !== undefined) wrong.push(`${name}: ${job.argv.join(" ")}: ${failure}`);
      }
    }
    return { inputs: corpus.size, runs: corpus.size * jobs.length, wrong };
  });
}
