// Makes tables with 100,000 rows.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { begin, start } from "../support/spawn.ts";
import { inFolder } from "../support/temporary-folder.ts";

const ROWS = 100_000;
const MB = 1_000_000;

/** Lists event types from a catalog. Memory and time stay small. */
async function listTypes(folder: string, format: string): Promise<string | undefined> {
  const types = Array.from({ length: ROWS }, (_, at) => ({ type: `com.twilio.voice.made.${at}`, status: "available" }));
  const path = join(folder, "types.json");
  await writeFile(path, JSON.stringify({ types }));
  const { code, stdout, peak, cpuMs } = await start(["types", "-f", format, "--types", path]);
  const isRight = code === 0 && stdout.includes(`made.${ROWS - 1}`) && peak < 200 * MB && cpuMs < 3000;
  return isRight ? undefined : `types -f ${format}: exit ${code}, ${Math.round(peak / MB)} MB, ${Math.round(cpuMs)} ms`;
}

function* makeCalls(): Generator<Buffer> {
  const call = readFileSync(join(import.meta.dirname, "../../samples/calls/busy.ndjson"), "utf8");
  for (let at = 0; at < ROWS; at++) {
    const digits = at.toString(16).padStart(8, "0");
    yield Buffer.from(call.replaceAll(/(CA|VW)[0-9a-f]{8}/g, `$1${digits}`));
  }
}

/** Lists calls. The first rows are printed before the last call is rendered. */
async function listCalls(): Promise<string | undefined> {
  const { child, ended } = begin(["timeline"], { input: makeCalls(), isPaused: true });
  let rows = 0;
  let pieces = 0;
  for await (const piece of child.stdout ?? []) {
    pieces++;
    rows += String(piece).split("\n").length - 1;
  }
  const { code, peak } = await ended;
  if (code === 0 && rows > ROWS && pieces > 100 && peak < 250 * MB) return undefined;
  return `timeline: exit ${code}, ${rows} rows in ${pieces} pieces, ${Math.round(peak / MB)} MB`;
}

/** Returns what was wrong. */
export function tableTrials() {
  return inFolder(async (folder) => {
    const problems = [await listCalls()];
    for (const format of ["pretty", "compact", "ndjson"]) problems.push(await listTypes(folder, format));
    return { tables: problems.length, wrong: problems.filter((problem) => problem !== undefined) };
  });
}
