// `npm run bench` measures the built program and writes RESULTS.md; with `--quick` it only shows that the bench works.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadTrial } from "../load/listener-trials.ts";
import { machine } from "../support/machine.ts";
import { forms, makeData } from "./data.js";
import { interleave, median, node, ratio } from "./measure.js";
import { findPeers } from "./peers.js";

const { quick } = parseArgs({ options: { quick: { type: "boolean", default: false } } }).values;
const [count, rounds, pairs, manyRounds] = quick ? [2000, 3, 3, 1] : [100_000, 5, 15, 3];
const [nothing, parsing, validating, tenth] = ["`node -e 0`", "bare split + `JSON.parse`", "`validate`", "a tenth"];
const [decoding, manyOnOne] = ["`decode -f ndjson`", "`validate --jobs 1`"];

const root = join(import.meta.dirname, "../..");
const bin = join(root, "bin/twilio-events.js");
const bare = fileURLToPath(import.meta.resolve("./bare.js"));

const folder = mkdtempSync(join(tmpdir(), "twilio-events-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

await makeData(folder, count);
const peers = findPeers(folder);
const starts = await interleave(startUps(), pairs);
const others = { ...inputForms(), ...installed(), [tenth]: ours("validate --jobs 1", "tenth.jsonl", count / 10) };
const runs = await interleave({ ...throughputs(), ...others }, rounds);
const many = await interleave(manyEvents(), manyRounds);
const listening = await loadTrial(quick ? { rate: 500, seconds: 2 } : { rate: 2000, seconds: 60 });
const report = inWords();
process.stdout.write(report);
if (!quick) writeFileSync(join(import.meta.dirname, "RESULTS.md"), report);

function startUps() {
  const one = (name) => join(root, "samples/events", name);
  const ours = (...argv) => ({ argv: [process.execPath, bin, ...argv] });
  return {
    [nothing]: { argv: [process.execPath, "-e", "0"] },
    "`--version`": ours("--version"),
    "`--help`": ours("--help"),
    "`validate` of one event": ours("validate", one("call-completed.json")),
    "`decode` of one event": ours("decode", one("twiml-call-requested.json")),
    "`timeline` of one event": ours("timeline", one("call-completed.json")),
  };
}

function throughputs() {
  return {
    [parsing]: { ...node(bare, join(folder, "events.jsonl")), says: new RegExp(`^${count} $`) },
    [validating]: ours("validate --jobs 1", "events.jsonl"),
    "`validate -f ndjson`": { ...ours("validate -f ndjson --jobs 1", "events.jsonl"), prints: "much" },
    [decoding]: { ...ours("decode -f ndjson", "events.jsonl"), prints: "much", says: /^/ },
    "`extract`": { ...ours("extract --jobs 1", "events.jsonl"), prints: "much" },
    "`validate -f ndjson`, one event in ten broken": {
      ...ours("validate -f ndjson --jobs 1", "broken.jsonl"),
      prints: "much",
      code: 1,
    },
  };
}

function inputForms() {
  const files = [...forms, { name: "NDJSON, gzip", file: "events.jsonl.gz" }];
  return Object.fromEntries(files.map(({ name, file }) => [name, ours("validate --jobs 1", file)]));
}

function installed() {
  const all = [...peers.validating, ...peers.decoding];
  return Object.fromEntries(all.flatMap(({ name, command }) => (command ? [[name, command]] : [])));
}

/** Ten times the events, on one thread and on two. */
function manyEvents() {
  const says = new RegExp(`: ${number(count * 10)} events found`);
  const file = join(folder, "many.jsonl");
  const call = /"sid":"(CA\w+)"/.exec(readFileSync(join(folder, "tenth.jsonl"), "utf8"))[1];
  const both = (command) =>
    [1, 2].map((jobs) => [
      `\`${command.replace(call, "CA…")} --jobs ${jobs}\``,
      {
        ...node(bin, ...command.split(" "), "--jobs", jobs, file),
        ...(command === "validate" ? { says } : { prints: "much" }),
      },
    ]);
  return {
    [parsing]: { ...node(bare, file), says: new RegExp(`^${count * 10} $`) },
    ...Object.fromEntries(["validate", "validate -f ndjson", "timeline", `timeline --call ${call}`].flatMap(both)),
  };
}

/** The built program on a file of so many events, all of which it has to find. */
function ours(command, file, events = count) {
  const says = new RegExp(`: ${number(events)} events found`);
  return { ...node(bin, ...command.split(" "), join(folder, file)), says };
}

function inWords() {
  const row = (name, base) => [name, time(runs[name]), times(ratio(runs[name], runs[base])), megabytes(runs[name])];
  const growth = (events, each) => [number(events), time(each), megabytes(each)];
  const manyRow = ([name, each]) => [name, time(each), times(ratio(each, many[parsing])), megabytes(each)];
  const peerRow =
    (base) =>
    ({ name, version }) => {
      const label = version ? `${name} (${version})` : name;
      return runs[name]
        ? [label, time(runs[name]), times(ratio(runs[name], runs[base]))]
        : [label, "not installed", ""];
    };
  return `# What \`npm run bench\` measured

${number(count)} distinct events (${size()} of NDJSON) on ${machine()}.
Times are medians of ${rounds} runs that took turns (of ${pairs} for the start-up), ratios the medians of the ratios in each turn: compare
those, not the times of two machines.

## Start-up

${table(
  ["command", "time", "to bare Node.js"],
  Object.entries(starts).map(([name, each]) => [name, time(each), times(ratio(each, starts[nothing]))]),
)}

## Throughput

${table(
  ["command", "time", "to bare parsing", "peak memory"],
  Object.keys(throughputs()).map((name) => row(name, parsing)),
)}

## Growth

The same, by \`validate\` on one thread, of the first events, of all, and of ten times as many.

${table(
  ["events", "time", "peak memory"],
  [growth(count / 10, runs[tenth]), growth(count, runs[validating]), growth(count * 10, many[manyOnOne])],
)}

## Threads

${number(count * 10)} events, on one thread and on two; medians of ${manyRounds} runs. Files below 100 MB are read on one in any case.

${table(["command", "time", "to bare parsing", "peak memory"], Object.entries(many).map(manyRow))}

## Input forms

The same events, read by \`validate\`.

${table(
  ["form", "time", "to NDJSON", "peak memory"],
  Object.keys(inputForms()).map((name) => row(name, validating)),
)}

## Listening

\`listen --record\` takes ${number(listening.rate)} events a second for ${listening.seconds} s, each signed and checked, recorded and on disk
before it is answered. The sender runs on the same cores.

${table(
  ["events", "acknowledged", "lost", "half of the answers in", "99 % in", "slowest", "peak memory"],
  [
    [
      number(listening.sent),
      number(listening.acknowledged),
      number(listening.lost),
      milliseconds(listening.p50Ms),
      milliseconds(listening.p99Ms),
      milliseconds(listening.slowestMs),
      `${listening.peakMB} MB`,
    ],
  ],
)}

## Other tools

The same events, as lines or as an array. None of these finds events in a log, reads a body or knows a rule beyond its
condition or schema.

${table(["tool", "time", "to `validate`"], peers.validating.map(peerRow(validating)))}

The XML answers of these events, in one document: none of these has to find and decode them first.

${table(["tool", "time", "to `decode -f ndjson`"], peers.decoding.map(peerRow(decoding)))}
`;
}

function milliseconds(value) {
  return `${Math.round(value)} ms`;
}

function number(value) {
  return value.toLocaleString("en-US");
}

function size() {
  return `${Math.round(statSync(join(folder, "events.jsonl")).size / 1e6)} MB`;
}

function time(each) {
  const seconds = median(each.map((run) => run.seconds));
  return seconds < 0.3 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

function times(number) {
  return `${number.toFixed(2)} ×`;
}

function megabytes(each) {
  return `${Math.round(median(each.map(({ peak }) => peak)) / 1e6)} MB`;
}

/** A Markdown table, its columns aligned, the first to the left and the others to the right. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
