/** What may stand before the name of a command, and with each: the flags and what they say, as the help has them. */
export const programOptions = {
  version: ["-V, --version", "print the version"],
  debug: ["--debug", "print the stack when twilio-events itself fails"],
  help: ["-h, --help", "display help for command"],
} as const satisfies Readonly<Record<string, readonly [flags: string, says: string]>>;

/** What the program is, in one line. */
export const programSays = "Finds Twilio Event Streams voice events in any file, log or pipe, and judges them.";

/** The environment variables that are looked at. Add one here where `io.env` is read. */
export const environment = [
  ["TWILIO_AUTH_TOKEN", "the auth token of signatures; two with a comma between"],
  ["NO_COLOR", "no colors, when it is set to anything"],
  ["FORCE_COLOR", "colors in a pipe too, unless 0 or false; before NO_COLOR"],
  ["TERM", "dumb for a terminal without colors"],
  ["TZ", "the zone of --tz local"],
  ["GITHUB_STEP_SUMMARY", "the file that -f github appends to"],
  ["GITHUB_WORKSPACE", "the folder that -f github tells paths from"],
] as const satisfies readonly (readonly [name: string, says: string])[];

/** The variables for the end of the help, one a line. */
export function environmentHelp(): string {
  const width = Math.max(...environment.map(([name]) => name.length));
  return `\nEnvironment:\n${environment.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`).join("\n")}`;
}
