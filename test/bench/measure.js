import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const peak = fileURLToPath(import.meta.resolve("./peak.cjs"));

/** What of the environment would slow down or change a run: certificates alone cost every start of Node.js 20 its ratio. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|FORCE_COLOR$)/.test(name)));

/** A command line of Node.js that also tells its peak memory. */
export function node(...argv) {
  return { argv: [process.execPath, "--require", peak, ...argv], tellsPeak: true };
}

/**
 * Runs the commands in turn, so often, so that whatever else the machine does meets all of them alike. Returns, for each
 * name, the runs: seconds from spawn to end and peak memory in bytes. A run that does not say what it should is an error.
 */
export async function interleave(commands, rounds) {
  const runs = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of Object.entries(commands)) {
      if (round === 0 || !command.isSlow) runs[name].push(await run(name, command));
    }
  }
  return runs;
}

/** `says` is asked for in what the command prints; without it, that goes to the null device as fast as it can. */
async function run(name, { argv, tellsPeak = false, says = /^/, prints = "little", codes = [0] }) {
  const stdout = prints === "little" ? "pipe" : "ignore";
  const start = process.hrtime.bigint();
  const child = spawn(argv[0], argv.slice(1), {
    env,
    stdio: ["ignore", stdout, "pipe", tellsPeak ? "pipe" : "ignore"],
  });
  const said = Promise.all(
    [child.stdio[1], child.stdio[2], child.stdio[3]].map((stream) => (stream ? text(stream) : "")),
  );
  const [code] = await once(child, "exit");
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const [printed, complained, bytes] = await said;
  const words = `${printed}${complained}`.replaceAll(/\s+/g, " ");
  if (!codes.includes(code) || !says.test(words)) throw new Error(`${name}: exit ${code}, ${words.slice(-500)}`);
  return { seconds, peak: tellsPeak ? Number(bytes) : undefined };
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The median of the ratios, round by round. */
export function ratio(runs, base) {
  return median(runs.map(({ seconds }, round) => seconds / base[round].seconds));
}
