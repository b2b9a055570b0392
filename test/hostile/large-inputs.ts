// Pipes large inputs into the program. Each must get its finding, use limited memory, and hide no other record.
import { gzipSync } from "node:zlib";
import { type Ended, start } from "../support/spawn.ts";
import { cases, event, type LargeInput, MB } from "./large-input-cases.ts";

function* beforeEvent(lines: LargeInput["lines"], many: number): Generator<string | Buffer> {
  yield* lines(many);
  yield `\n${event}\n`;
}

/** The commands and their options. */
const commands: Readonly<Record<string, readonly string[]>> = {
  validate: ["-f", "compact"],
  decode: ["-f", "compact"],
  timeline: ["-f", "compact"],
  extract: [],
};

interface LargeInputOptions {
  readonly many?: number;
  readonly commandNames?: readonly string[];
  readonly caseNames?: readonly string[];
}

/** Pipes each input into each command. Returns the peak memory, and what was wrong. */
export async function largeInputTrials({
  many = 1,
  commandNames = Object.keys(commands),
  caseNames = Object.keys(cases),
}: LargeInputOptions = {}) {
  const wrong: string[] = [];
  let peakMB = 0;
  for (const caseName of caseNames) {
    const { lines, says, maxMB, events = 1 } = cases[caseName] ?? { lines: () => [], maxMB: 0 };
    for (const name of commandNames) {
      const ended = await start([name, ...(commands[name] ?? [])], { input: beforeEvent(lines, many) });
      peakMB = Math.max(peakMB, Math.round(ended.peak / MB));
      const problem = findProblem(ended, { says: name === "validate" ? says : undefined, maxMB, events });
      if (problem !== undefined) wrong.push(`${name}: ${caseName}: ${problem}`);
    }
  }
  return { inputs: caseNames.length, peakMB, wrong };
}

interface Expected {
  readonly says?: string | undefined;
  readonly maxMB: number;
  readonly events: number;
}

function findProblem({ code, signal, stdout, stderr, peak }: Ended, { says, maxMB, events }: Expected) {
  if (signal !== null || (code !== 0 && code !== 1)) return `ended with ${signal ?? code}: ${stderr.slice(0, 200)}`;
  const found = /([\d,]+) events? found/.exec(stderr)?.[1]?.replaceAll(",", "");
  if (Number(found) !== events) return `${found} events found, not ${events}`;
  if (says !== undefined && !stdout.includes(says)) return `no finding says "${says}": ${stdout.slice(0, 200)}`;
  return peak > maxMB * MB ? `${Math.round(peak / MB)} MB, more than ${maxMB}` : undefined;
}

/** Gzip files that unpack to a thousand times their size: spaces, brackets and zeros. */
export async function bombTrials({
  megabytes,
  characters = [" ", "[", "\0"],
}: {
  readonly megabytes: number;
  readonly characters?: readonly string[];
}) {
  const wrong: string[] = [];
  let peakMB = 0;
  for (const character of characters) {
    const text = Buffer.concat([Buffer.alloc(megabytes * MB, character), Buffer.from(`\n${event}\n`)]);
    const ended = await start(["validate", "-f", "compact"], { input: [gzipSync(text, { level: 9 })] });
    peakMB = Math.max(peakMB, Math.round(ended.peak / MB));
    const problem = findProblem(ended, { maxMB: 250, events: 1 });
    if (problem !== undefined) wrong.push(`${JSON.stringify(character)}: ${problem}`);
  }
  return { files: characters.length, peakMB, wrong };
}
