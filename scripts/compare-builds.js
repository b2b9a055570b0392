// Compares the output of two builds byte for byte: stdout, stderr and exit code of many command lines over many inputs.
// Usage: node scripts/compare-builds.js OLD NEW [--mutations N] INPUT…
// OLD and NEW are built checkouts. Each INPUT is a file or a directory. With --mutations, each file is also piped in N times
// with random damage. With --share 5, a fifth of the command lines run on each file. With
// --threads, worker threads read the directories too. Exits 1 when anything differs.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: {
    mutations: { type: "string", default: "0" },
    only: { type: "string" },
    share: { type: "string", default: "1" },
    threads: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const [oldRoot, newRoot, ...inputs] = positionals;
const require = createRequire(import.meta.url);
const builds = [oldRoot, newRoot].map((root) => require(resolve(root, "dist/main.cjs")).main);

const folder = mkdtempSync(join(tmpdir(), "compare-builds-"));
const key = join(folder, "redact.key");
writeFileSync(key, `${"0123456789abcdef".repeat(4)}\n`, { mode: 0o600 });

/** Command lines with the input's name in place of FILE. */
const perFile = [
  ...["pretty", "compact", "json", "ndjson", "github", "sarif", "junit"].map((f) => `validate -f ${f} FILE`),
  "validate -v --width 60 --color always FILE",
  "validate -v --ascii --width 160 FILE",
  "validate --redact --redact-key KEY -f ndjson FILE",
  "validate --rule sid-format=error --rule schema=off --max-warnings 0 --slow 1 FILE",
  ...["pretty", "compact", "json", "ndjson", "github", "sarif", "junit"].map((f) => `decode -f ${f} FILE`),
  "decode --color always --width 60 FILE",
  "decode --raw FILE",
  "decode --redact --redact-key KEY FILE",
  ...["pretty", "json", "ndjson"].map((f) => `timeline -f ${f} FILE`),
  ...["validate", "decode", "timeline"].map((name) => `${name} -f markdown --redact-key KEY FILE`),
  "timeline -f mermaid --redact-key KEY FILE",
  "timeline --color always --width 60 -v FILE",
  "timeline --ascii --width 160 --tz Europe/Berlin FILE",
  "timeline --redact --redact-key KEY FILE",
  "timeline --all --sort findings -v FILE",
  "extract FILE",
  "extract --type *.ringing --since 2025-01-01T00:00Z FILE",
  "extract --redact --redact-key KEY FILE",
  "redact --redact-key KEY FILE",
  "report --redact-key KEY -o - FILE",
  "report --no-redact -o - FILE",
  ...["pretty", "json", "ndjson"].map((f) => `verify -f ${f} FILE`),
  "verify --url https://example.com/voice FILE",
  "migrate FILE",
  "migrate --diff -f ndjson FILE",
  "migrate --check FILE",
  "replay --dry-run --to http://127.0.0.1:9 FILE",
  "replay --dry-run --to http://127.0.0.1:9 -f json --speed 10 --shuffle --seed 7 FILE",
];

const alone = [
  "",
  "--help",
  "--version",
  "explain",
  "explain -f json",
  "explain 11200",
  "explain call-open",
  "explain Gather -f markdown",
  "types",
  "types -f json",
  "schema",
  "schema Voice.WebhookEvent/2",
  "schema --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2",
  "completion bash",
  "completion zsh",
  "completion fish",
  "validat x",
  "validate --nope",
  "validate missing-file.json",
  "validate --since yesterday -",
  "timeline --call",
  ..."validate decode timeline extract listen replay verify redact types schema sample migrate report explain completion"
    .split(" ")
    .map((name) => `${name} --help`),
];

async function run(main, argv, { stdin, columns, sizes }) {
  const said = { stdout: "", stderr: "" };
  const output = (name) => ({
    isTerminal: columns !== undefined,
    columns,
    write: async (text) => {
      said[name] += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    },
  });
  async function* chunks() {
    if (stdin !== undefined) yield stdin;
  }
  const code = await main(
    argv,
    {
      stdin: { isTerminal: stdin === undefined, chunks: chunks() },
      stdout: output("stdout"),
      stderr: output("stderr"),
      env: { TWILIO_AUTH_TOKEN: "12345" },
      now: () => new Date("2025-08-24T14:50:00Z"),
      onInterrupt: () => () => undefined,
      pid: 4242,
      isRunning: () => true,
    },
    sizes,
  );
  return { ...said, code };
}

let runs = 0;
const different = [];

async function compare(line, world = {}) {
  const argv = line
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => (word === "KEY" ? key : word));
  const [before, after] = [await run(builds[0], argv, world), await run(builds[1], argv, world)];
  runs++;
  const parts = ["stdout", "stderr", "code"].filter((part) => before[part] !== after[part]);
  if (parts.length === 0) return;
  different.push(line);
  if (different.length > 40) return;
  process.stdout.write(`different ${parts.join(", ")}: ${line}${world.name ? ` < ${world.name}` : ""}\n`);
  for (const part of parts.slice(0, 1))
    process.stdout.write(firstDifference(String(before[part]), String(after[part])));
}

function firstDifference(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const at = a.findIndex((line, index) => line !== b[index]);
  const index = at === -1 ? a.length : at;
  return `  line ${index + 1}\n  - ${a[index]?.slice(0, 300)}\n  + ${b[index]?.slice(0, 300)}\n`;
}

/** Files below the path, in the order of their names. */
function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

/** Random numbers that are the same in each run. */
function createRandom(seed) {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0) || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** The bytes with one to four pieces removed, repeated, moved or changed. */
function damaged(bytes, random) {
  let text = bytes;
  for (let times = 1 + random(4); times > 0; times--) {
    const from = random(text.length + 1);
    const to = Math.min(text.length, from + random(40));
    const piece = text.subarray(from, to);
    const other = random(text.length + 1);
    const inserted = [
      [],
      [piece, piece],
      [Buffer.from(["{", "}", '"', "\\", "[", "]", ",", "\n", "\r", "\0", "&", "=", "%7B", "é"][random(14)])],
      [text.subarray(other, other + random(60)), piece],
    ][random(4)];
    text = Buffer.concat([text.subarray(0, from), ...inserted, text.subarray(to)]);
  }
  return text;
}

const lines = values.only === undefined ? perFile : perFile.filter((line) => line.includes(values.only));
if (values.only === undefined)
  for (const line of alone) for (const columns of [undefined, 60, 100]) await compare(line, { columns });
for (const input of inputs) {
  const files = filesIn(input);
  for (const file of files) {
    const isChosen = createRandom(file);
    for (const line of lines) if (isChosen(Number(values.share)) === 0) await compare(line.replace("FILE", file));
    const bytes = readFileSync(file);
    for (let index = 0; index < Number(values.mutations); index++) {
      const random = createRandom(`${file} ${index}`);
      const stdin = damaged(bytes, random);
      const line = lines[random(lines.length)].replace("FILE", "-");
      await compare(line, { stdin, name: `${file}, mutation ${index}` });
    }
  }
  for (const line of lines) {
    await compare(line.replace("FILE", input), { columns: 100 });
    if (values.threads && /^(?:validate|extract|timeline)/.test(line)) {
      await compare(`${line.replace("FILE", input)} --jobs 2`, { sizes: { border: 0, range: 20_000 } });
    }
  }
}
process.stdout.write(`${runs.toLocaleString("en-US")} runs, ${different.length} different\n`);
process.exitCode = different.length === 0 ? 0 : 1;
