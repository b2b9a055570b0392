// `npm run harden` packs the package of a clean checkout and runs it on every line of Node.js that it promises to run on:
// what it prints must be right, and the same on each. The binaries come from npm and stay in the temporary folder.
import { deepEqual, equal, fail, match } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { load, readRecord, startListener, TOKEN } from "../load/listener.js";
import { packClean } from "./clean-checkout.js";

const run = promisify(execFile);

process.chdir(join(import.meta.dirname, "../.."));
const { version, engines } = JSON.parse(readFileSync("package.json", "utf8"));

/** The oldest that package.json allows, and the newest of each line with long-term support since. */
const versions = [engines.node.replace(/^>=(\d+\.\d+)$/, "$1.0"), "22", "24", "26"];

const folder = mkdtempSync(join(tmpdir(), "twilio-events-versions-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const event = readFileSync("samples/calls/answered.ndjson", "utf8").split("\n", 1)[0];
const many = join(folder, "many.ndjson");
writeFileSync(many, `${event}\n`.repeat(2000));

/** Each gets what runs the program on one version; `same` also compares the result with that of the first version. */
const checks = {
  "the version": async ({ program }) => {
    deepEqual(await program("--version"), { code: 0, stdout: `${version}\n`, stderr: "" });
  },
  help: async ({ same }) => {
    const { code, stdout } = await same("--help");
    equal(code, 0);
    const commands = stdout.split("\nCommands:\n")[1].matchAll(/^ {2}([a-z]+)/gm);
    for (const [, command] of commands) equal((await same(`${command} --help`)).code, 0);
  },
  "all samples, judged": async ({ same }) => {
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
    const places = stdout.trimEnd().split("\n");
    deepEqual(
      places.map((line) => JSON.parse(line).source.line),
      [1, 2, 3, 4, 5, 6],
    );
    match(stderr, /^Read 6 lines /);
  },
  "an event from a pipe": async ({ same }) => {
    const { code, stdout } = await same("extract", { stdin: event });
    deepEqual({ code, stdout }, { code: 0, stdout: `${event}\n` });
  },
  "a reader that goes away": async ({ program }) => {
    const { code, stderr } = await program(`extract ${many}`, { leaves: true });
    deepEqual({ code, stderr }, { code: 0, stderr: "" });
  },
  "a full disk": async ({ program }) => {
    if (!existsSync("/dev/full")) return;
    const stdout = openSync("/dev/full", "w");
    const { code, stderr } = await program("types", { stdout });
    closeSync(stdout);
    equal(code, 74);
    match(stderr, /no space left/);
  },
  "a record, signed, killed, read and sent again": async ({ program, binary }) => {
    const file = join(mkdtempSync(join(folder, "live-")), "record.ndjson");
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

const began = performance.now();
const bin = join(await packClean(folder), "bin/twilio-events.js");
say(`built and packed twice the same (${secondsSince(began)} s)`);
const binaries = await install();
const first = new Map();
for (const binary of binaries) {
  const start = performance.now();
  const { stdout } = await run(binary, ["--version"]);
  const faults = await faultsOn(binary);
  const passed = Object.keys(checks).length - faults.length;
  say(`Node.js ${stdout.trim()}: ${passed} checks passed, ${faults.length} failed (${secondsSince(start)} s)`);
  for (const fault of faults) say(`  ${fault.replaceAll("\n", "\n  ")}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** What went wrong on this version, in words. */
async function faultsOn(binary) {
  const program = (line, how) => start(binary, line, how);
  const same = async (line, how = {}) => {
    const result = await program(line, how);
    const key = `${line} < ${how.stdin}`;
    if (!first.has(key)) first.set(key, result);
    deepEqual(result, first.get(key), `twilio-events ${line}: other than on the first version`);
    return result;
  };
  const faults = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check({ program, same, binary });
    } catch (error) {
      faults.push(`${name}: ${error.message}`);
    }
  }
  return faults;
}

/** Runs a command line of the packed program; with `leaves`, nobody reads the output after its first bytes. */
async function start(binary, line, how = {}) {
  // Node.js itself can lock up as a process ends, once in thousands of times (nodejs/node issue 54918, open since 2024).
  return (await startOnce(binary, line, how)) ?? (await startOnce(binary, line, how)) ?? fail(`${line}: does not end`);
}

/** Undefined where the process has not ended after so long. */
async function startOnce(binary, line, { flags = [], env = {}, stdin = "", stdout = "pipe", leaves = false }) {
  const options = { stdio: ["pipe", stdout, "pipe"], env: { ...process.env, ...env } };
  const child = spawn(binary, [...flags, bin, ...line.split(" ")], options);
  // Who does not read its input may have ended before it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  if (leaves) child.stdout.once("data", () => child.stdout.destroy());
  const said = [leaves || stdout !== "pipe" ? "" : text(child.stdout), text(child.stderr)];
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (signal === "SIGKILL") say(`twilio-events ${line}: had to be ended`);
  return signal === "SIGKILL" ? undefined : { code, stdout: await said[0], stderr: await said[1] };
}

/** The paths of the binaries of all versions, taken from npm unless they are there from an earlier run. */
async function install() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const kept = ownFolder(join(tmpdir(), `twilio-events-node-${process.getuid?.() ?? "user"}`));
  const paths = [];
  for (const wanted of versions) {
    const name = `node-${platform}-${process.arch}`;
    const prefix = join(kept, wanted);
    const path = join(prefix, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
    if (!existsSync(path)) {
      const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
      await run("npm", ["install", ...quiet, "--prefix", prefix, `${name}@${wanted}`]);
    }
    paths.push(path);
  }
  return paths;
}

/** Makes the folder, or takes it if nobody else could have put programs there. */
function ownFolder(path) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(path);
  const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  if (!isOwn) throw new Error(`${path} belongs to somebody else, or others may write there`);
  return path;
}

function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
