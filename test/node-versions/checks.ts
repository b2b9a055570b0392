// Checks of the packed program on one version of Node.js.
import { deepEqual, equal, match } from "node:assert/strict";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { load, readRecord, startListener, TOKEN } from "../load/listener.ts";

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Options for Node.js. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** A descriptor that gets stdout. */
  readonly output?: number;
  /** Whether the reader of stdout goes away after the first bytes. */
  readonly stopsReading?: boolean;
}

export type RunProgram = (line: string, options?: ProgramOptions) => Promise<ProgramResult>;

export interface Subject {
  /** Runs a command line of the packed program. */
  readonly program: RunProgram;
  /** Does the same and compares the result with that on the first version. */
  readonly same: RunProgram;
  /** The path of Node.js. */
  readonly binary: string;
  /** The path of the packed program. */
  readonly bin: string;
  /** An empty folder. */
  readonly folder: string;
}

const { version } = packageJson;
const [event = ""] = readFileSync("samples/calls/answered.ndjson", "utf8").split("\n", 1);

/** All checks, by name. Add a check here. */
export const checks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  "the version": async ({ program }) => {
    deepEqual(await program("--version"), { code: 0, stdout: `${version}\n`, stderr: "" });
  },
  help: async ({ same }) => {
    const { code, stdout } = await same("--help");
    equal(code, 0);
    const commands = (stdout.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z]+)/gm);
    for (const [, command] of commands) equal((await same(`${command} --help`)).code, 0);
  },
  "all samples, validated": async ({ same }) => {
    for (const format of ["pretty", "compact", "ndjson"]) equal((await same(`validate -f ${format} samples/`)).code, 1);
    equal((await same("validate samples/events samples/wrapped samples/calls")).code, 0);
  },
  "all events, extracted": async ({ same }) => {
    const { events } = JSON.parse((await same("validate -f json samples/")).stdout).summary;
    const { code, stdout } = await same("extract samples/");
    deepEqual({ code, lines: stdout.split("\n").length - 1 }, { code: 0, lines: events });
  },
  "files by a glob": async ({ same }) => {
    equal((await same("validate samples/{calls,events}/call-*.json")).code, 0);
  },
  "bodies, decoded": async ({ same }) => {
    equal((await same("decode samples/events")).code, 0);
  },
  "types and schemas": async ({ same }) => {
    equal((await same("types")).code, 0);
    equal((await same("schema --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2")).code, 0);
  },
  "a schema of the user's": async ({ same }) => {
    const stdin = event.replace("Voice.WebhookEvent/2", "Voice.WebhookEvent/3");
    const { code, stdout } = await same("validate -f compact --schemas test/cli/input/schemas", { stdin });
    equal(code, 1);
    match(stdout, /^-:1:\d+ +error +schema .*"edge"/);
  },
  "a line ends at 0x0A alone": async ({ same }) => {
    const inString = ["\u2028", "\u2029", "\u0085", "\r"].map((end) => event.replace("{", `{"note":"a${end}b",`));
    const lines = [...inString, event.replaceAll(',"', ',\r"'), event];
    const { stdout, stderr } = await same("validate -f ndjson", { stdin: `${lines.join("\n")}\n` });
    deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).source.line),
      [1, 2, 3, 4, 5, 6],
    );
    match(stderr, /^Read 6 lines /);
  },
  "an event from a pipe": async ({ same }) => {
    const { code, stdout } = await same("extract", { stdin: event });
    deepEqual({ code, stdout }, { code: 0, stdout: `${event}\n` });
  },
  "a reader that goes away": async ({ program, folder }) => {
    const many = join(folder, "many.ndjson");
    writeFileSync(many, `${event}\n`.repeat(2000));
    const { code, stderr } = await program(`extract ${many}`, { stopsReading: true });
    deepEqual({ code, stderr }, { code: 0, stderr: "" });
  },
  "a full disk": async ({ program }) => {
    if (!existsSync("/dev/full")) return;
    const output = openSync("/dev/full", "w");
    const { code, stderr } = await program("types", { output });
    closeSync(output);
    equal(code, 74);
    match(stderr, /no space left/);
  },
  "a record, signed, killed, read and sent again": async ({ program, binary, bin, folder }) => {
    const file = join(folder, "record.ndjson");
    const publicUrl = "https://abc.example.com/";
    const args = ["--record", file, "--public-url", publicUrl, "--require-signature"];
    const started = { env: { TWILIO_AUTH_TOKEN: TOKEN }, binary, bin };
    const first = await startListener(args, started);
    const loaded = await load({ port: first.port, count: 300, publicUrl });
    first.child.kill("SIGKILL");
    await first.exited;
    deepEqual({ acknowledged: loaded.acknowledged.length, broken: loaded.broken }, { acknowledged: 300, broken: 0 });
    const { code, stdout } = await program(`verify -f ndjson --url ${publicUrl} ${file}`, { env: started.env });
    deepEqual({ code, lines: stdout.trimEnd().split("\n").length }, { code: 0, lines: 300 });
    const second = await startListener(["--record", `${file}.2`], started);
    const replayed = await program(`replay -f json --speed max --to http://127.0.0.1:${second.port}/ ${file}`);
    second.child.kill("SIGTERM");
    deepEqual({ code: replayed.code, ended: (await second.exited).code }, { code: 0, ended: 0 });
    equal((await readRecord(`${file}.2`)).numbers.size, 300);
  },
  "no code is made of strings": async ({ same }) => {
    const flags = ["--disallow-code-generation-from-strings"];
    equal((await same("validate -f ndjson samples/", { flags })).code, 1);
    equal((await same("decode samples/events", { flags })).code, 0);
  },
};
