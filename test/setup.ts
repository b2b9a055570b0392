import { execFileSync } from "node:child_process";

/** Builds once: the validators are generated, and some tests run the built program. */
export function setup(): void {
  // The tests say themselves when there is colour, whatever the developer's shell wishes for.
  for (const name of ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"]) delete process.env[name];
  execFileSync(process.execPath, ["scripts/build/build.js"], { stdio: "inherit" });
}
