import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/harness.ts";

/** Whether the program is installed here. */
export const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;

/** Writes the shell's completion script to a file of its own, and returns its path. */
export async function scriptFile(shell: string): Promise<string> {
  const { stdout, code } = await run(`twilio-events completion ${shell}`);
  if (code !== 0) throw new Error(`completion ${shell} ended with ${code}`);
  const file = join(mkdtempSync(join(tmpdir(), "completion-")), "script");
  writeFileSync(file, stdout);
  return file;
}

/** Runs a program without its user's settings, and returns what it printed. Throws what it complained of. */
export function shell(program: string, args: readonly string[], input = ""): string {
  const { stdout, stderr, status } = spawnSync(program, args, {
    input,
    encoding: "utf8",
    timeout: 30_000,
    env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), TERM: "dumb", LC_ALL: "C.UTF-8" },
  });
  if (status !== 0 || stderr !== "") throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
