// `node --import tsx test/node-versions/run.ts`: packs a clean checkout and runs it on each supported version of Node.js.
import { deepEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import packageJson from "../../package.json" with { type: "json" };
import { defineTrial, runIfMain } from "../support/run-trials.ts";
import { inFolder } from "../support/temporary-folder.ts";
import { checks, type ProgramOptions, type ProgramResult, type RunProgram } from "./checks.ts";
import { packClean } from "./clean-checkout.ts";
import { installNode } from "./install-node.ts";

/** The oldest version that package.json allows, and the newest of each later line with long-term support. */
const versions = [packageJson.engines.node.replace(/^>=(\d+\.\d+)$/, "$1.0"), "22", "24", "26"];

/** A process that takes longer than this doesn't end. */
const STUCK_MS = 60_000;

/** Runs all checks on all versions. */
function versionTrial() {
  return inFolder(async (folder) => {
    const bin = join(await packClean(folder), "bin/twilio-events.js");
    const results = new Map<string, ProgramResult>();
    const wrong: string[] = [];
    for (const [at, binary] of (await installNode(versions)).entries()) {
      const program: RunProgram = (line, options) => runTwice(binary, bin, line, options);
      const same: RunProgram = async (line, options = {}) => {
        const result = await program(line, options);
        const key = `${line} < ${options.stdin}`;
        if (!results.has(key)) results.set(key, result);
        deepEqual(result, results.get(key), `twilio-events ${line}: not as on the first version`);
        return result;
      };
      for (const [name, check] of Object.entries(checks)) {
        try {
          await check({ program, same, binary, bin, folder: mkdtempSync(join(folder, "check-")) });
        } catch (error) {
          wrong.push(`Node.js ${versions[at]}, ${name}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
    return { versions: versions.join(" "), checks: Object.keys(checks).length, wrong };
  });
}

/** Runs a command line, and again if it hangs: a rare bug of Node.js itself (nodejs/node issue 54918). */
async function runTwice(
  binary: string,
  bin: string,
  line: string,
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const result = (await runOnce(binary, bin, line, options)) ?? (await runOnce(binary, bin, line, options));
  if (result === undefined) throw new Error(`${line}: doesn't end`);
  return result;
}

/** Returns undefined if the process doesn't end. */
async function runOnce(
  binary: string,
  bin: string,
  line: string,
  { flags = [], env = {}, stdin = "", output, stopsReading = false }: ProgramOptions,
): Promise<ProgramResult | undefined> {
  const child = spawn(binary, [...flags, bin, ...line.split(" ")], {
    stdio: ["pipe", output ?? "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  // A program that doesn't read its input can end before it is written.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(stdin);
  if (stopsReading) child.stdout?.once("data", () => child.stdout?.destroy());
  const stdout = stopsReading || child.stdout === null ? "" : text(child.stdout);
  const stderr = child.stderr === null ? "" : text(child.stderr);
  const timer = setTimeout(() => child.kill("SIGKILL"), STUCK_MS);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (signal === "SIGKILL") process.stderr.write(`twilio-events ${line}: didn't end and was killed\n`);
  return signal === "SIGKILL" ? undefined : { code, stdout: await stdout, stderr: await stderr };
}

export const trials = {
  "node-versions": defineTrial(
    "the package, built twice from a clean checkout with the same bytes, on each supported version of Node.js",
    () => versionTrial(),
    ({ wrong }) => wrong.length === 0,
  ),
};

await runIfMain(import.meta.url, trials);
