// `npm test`: runs vitest and prints the CPU time of all its processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");

/** CPU seconds of all child processes that ended. Undefined where the system doesn't tell. */
function cpuSecondsOfChildren(): number | undefined {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
    // Linux counts in hundredths of a second.
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}

const child = spawn(process.execPath, [vitest, "run", ...process.argv.slice(2)], { stdio: "inherit" });
const [code] = await once(child, "exit");
const seconds = cpuSecondsOfChildren();
if (seconds !== undefined) process.stdout.write(`CPU time: ${seconds.toFixed(0)} s\n`);
process.exitCode = code ?? 1;
