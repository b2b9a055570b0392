import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type Run, run } from "../cli/harness.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-parallel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file with the contents; returns its path. */
export function fileOf(name: string, contents: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** All samples that are text, one behind the other: events, logs, wrappers, and whatever can be wrong with them. */
export function allSamples(): Buffer {
  const parts: Buffer[] = [];
  for (const kind of ["events", "wrapped", "calls", "broken"]) {
    for (const name of readdirSync(`samples/${kind}`).sort()) {
      const bytes = name.endsWith(".gz") ? Buffer.alloc(0) : readFileSync(`samples/${kind}/${name}`);
      // In the middle of a file UTF-16 is no text.
      if (!bytes.subarray(0, 4).includes(0)) parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

/** What the command line does on one thread, and with files of any size cut into ranges of so many bytes. */
export async function both(line: string, jobs: number, range: number): Promise<readonly [Run, Run]> {
  const alone = await run(`twilio-events ${line} --jobs 1`);
  const spread = await run(`twilio-events ${line} --jobs ${jobs}`, { sizes: { border: 0, range } });
  return [
    { ...alone, line },
    { ...spread, line },
  ];
}
