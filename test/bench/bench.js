// `npm run bench` measures the built program and prints Markdown. `--quick` only shows that the bench works, `--events N`
// measures sets of another size.
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { loadTrial } from "../load/listener-trials.ts";
import { machine } from "../support/machine.ts";
import { forms, makeForms, makeSets } from "./data.js";

import { interleave, median, node, ratio } from "./measure.js";
import { findPeers } from "./peers.js";

const { quick, events } = parseArgs({
  options: { quick: { type: "boolean", default: false }, events: { type: "string" } },
}).values;
const [count, calls, rounds, pairs] = quick ? [2000, 100, 1, 3] : [Number(events ?? 200_000), 15_000, 3, 15];

const root = join(import.meta.dirname, "../..");
const bin = join(root, "bin/twilio-events.js");
const bare = fileURLToPath(import.meta.resolve("./bare.js"));
const [nothing, parsing, validating, decoding] = ["`node -e 0`", "bare split + `JSON.parse`", "NDJSON", "decode"];

const folder = mkdtempSync(join(tmpdir(), "twilio-events-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

const sets = await makeSets(folder, count);
const sampled = await makeForms(folder, calls);
const peers = findPeers(folder);

print(`# Benchmark

${new Date().toISOString().slice(0, 10)}, on ${machine()}.
Times are medians of ${rounds} runs that took turns (of ${pairs} for the startup). Ratios are medians of the ratios in each turn. Compare
ratios, not times, and only those of runs on an idle machine. ${load()}

## Sets

${table(
  ["set", "events", "size", "distinct bodies", "faulty", "deprecated", "failed responses"],
  Object.entries(sets).map(([name, set]) => [
    name,
    number(set.events),
    `${Math.round(set.bytes / 1e6)} MB`,
    percent(set.distinct / set.bodies),
    ...[set.faulty, set.deprecated, set.failed].map((part) => percent(part / set.events)),
  ]),
)}
`);

const setRuns = await interleave(
  Object.fromEntries(Object.entries(sets).flatMap(([name, set]) => Object.entries(onSet(name, set)))),
  rounds,
);
for (const [name, set] of Object.entries(sets)) {
  const base = setRuns[`${name}: ${parsing}`];
  const rows = Object.keys(onSet(name, set)).map((key) => {
    const runs = setRuns[key];
    return [key.slice(name.length + 2), time(runs), times(ratio(runs, base)), megabytes(runs)];
  });
  print(`## Set "${name}"\n\n${table(["command", "time", "to bare parsing", "peak memory"], rows)}\n\n${load()}\n`);
}

const starts = await interleave(startUps(), pairs);
print(`## Startup

${table(
  ["command", "time", "to bare Node.js"],
  Object.entries(starts).map(([name, runs]) => [name, time(runs), times(ratio(runs, starts[nothing]))]),
)}
`);

const formRuns = await interleave(onForms(), rounds);
print(`## Input forms

The same ${number(sampled)} events, read by \`validate\` on one thread.

${table(
  ["form", "time", "to NDJSON", "peak memory"],
  [validating, ...forms.map(({ name }) => name)].map((name) => {
    const runs = formRuns[name];
    return [name, time(runs), times(ratio(runs, formRuns[validating])), megabytes(runs)];
  }),
)}

## Other tools

The same events, as lines or as an array. None of these tools finds events in a log, reads a response body or knows a rule
other than its condition or schema.

${table(["tool", "time", "to `validate`"], peers.validating.map(peerRow(validating)))}

The TwiML of these events in one document. None of these tools has to find and decode it first.

${table(["tool", "time", "to `decode -f ndjson`"], peers.decoding.map(peerRow(decoding)))}
`);

const trial = await loadTrial(quick ? { rate: 500, seconds: 2 } : { rate: 2000, seconds: 60 });
print(`## Listening

\`listen --record\` gets ${number(trial.rate)} events a second for ${trial.seconds} s. It verifies and records each one and writes it to disk
before it responds. The sender runs on the same cores.

${table(
  ["events", "acknowledged", "lost", "median", "99 %", "slowest", "peak memory"],
  [
    [
      ...[trial.sent, trial.acknowledged, trial.lost].map(number),
      ...[trial.p50Ms, trial.p99Ms, trial.slowestMs].map((ms) => `${Math.round(ms)} ms`),
      `${trial.peakMB} MB`,
    ],
  ],
)}
`);

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

/** The commands on a set. Files below 100 MB are read on one thread anyway. */
function onSet(name, { path, call }) {
  const ours = (command) => ({
    ...node(bin, ...command.split(" "), path),
    // Without `-f ndjson` the summary is on stdout.
    ...(command.startsWith("validate --jobs") || { prints: "much" }),
    ...(command.startsWith("timeline") || { says: new RegExp(`Read ${number(count)} lines`) }),
    codes: [0, 1],
  });
  const commands = {
    [parsing]: { ...node(bare, path), says: new RegExp(`^${count} lines`) },
    "`validate --jobs 1`": ours("validate --jobs 1"),
    "`validate --jobs 2`": ours("validate --jobs 2"),
    "`validate -f ndjson --jobs 1`": ours("validate -f ndjson --jobs 1"),
    "`timeline --jobs 1`": ours("timeline --jobs 1"),
    "`timeline --jobs 2`": ours("timeline --jobs 2"),
    "`timeline --call CA… --jobs 1`": ours(`timeline --call ${call} --jobs 1`),
    "`decode -f ndjson`": ours("decode -f ndjson"),
    "`extract --jobs 1`": ours("extract --jobs 1"),
  };
  return Object.fromEntries(Object.entries(commands).map(([key, command]) => [`${name}: ${key}`, command]));
}

/** The same events in each form, and other tools on them. */
function onForms() {
  const file = (form) => join(folder, `sample.${form}`);
  const validate = (form) => ({
    ...node(bin, "validate", "--jobs", "1", file(form)),
    says: new RegExp(`\\b${number(sampled)} events`),
  });
  const others = [...peers.validating, ...peers.decoding];
  return {
    [validating]: validate("ndjson"),
    ...Object.fromEntries(forms.map(({ name, form }) => [name, validate(form)])),
    [decoding]: { ...node(bin, "decode", "-f", "ndjson", file("ndjson")), prints: "much" },
    ...Object.fromEntries(others.flatMap(({ name, command }) => (command ? [[name, command]] : []))),
  };
}

function peerRow(base) {
  return ({ name, version }) => {
    const label = version ? `${name} (${version})` : name;
    const runs = formRuns[name];
    return runs ? [label, time(runs), times(ratio(runs, formRuns[base]))] : [label, "not installed", ""];
  };
}

/** The load of the last five minutes. Above 2, the machine was busy with something other than this benchmark. */
function load() {
  return `Load average: ${loadavg()[1].toFixed(1)}.`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

function number(value) {
  return value.toLocaleString("en-US");
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

function time(runs) {
  const seconds = median(runs.map((run) => run.seconds));
  return seconds < 0.3 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

function times(value) {
  return `${value.toFixed(2)} ×`;
}

function megabytes(runs) {
  return `${Math.round(median(runs.map(({ peak }) => peak)) / 1e6)} MB`;
}

/** A Markdown table, its columns aligned, the first to the left and the others to the right. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
