// The benchmark's files, the same ones in every run. All events come from `sample`.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const bin = join(import.meta.dirname, "../../bin/twilio-events.js");

/** The scenarios without failed responses and deprecated types, which `toUsual` adds in known numbers. */
const usualScenarios =
  "answered no-answer busy failed canceled forwarded conference long machine lossy shuffled slow-callback".split(" ");

/** The forms of `sample`, in words, and two that are made of its lines. */
export const forms = [
  { name: "pretty-printed", form: "event" },
  { name: "arrays of 10 events, one per line", form: "batch" },
  { name: "docker json-file", form: "docker" },
  { name: "Kubernetes log lines (CRI)", form: "cri" },
  { name: "Kinesis records, base64", form: "kinesis" },
  { name: "Kinesis records for Lambda, base64", form: "lambda" },
  { name: "CloudWatch Logs for Lambda, gzip in base64", form: "cloudwatch" },
  { name: "one array on one line", form: "array" },
  { name: "NDJSON, gzip", form: "gzip" },
];

/**
 * Writes the sets `usual` and `distinct` of that many events, one per line, and returns for each its path, size, a call
 * and counts. `usual` is a sample with 1 % faulty events, 5 % deprecated types and 2 % failed responses. In `distinct`
 * every response body differs from all others and has 300 to 2,000 bytes; three in four are TwiML.
 */
export async function makeSets(folder, count) {
  return {
    usual: await makeSet(folder, "usual", count, usualScenarios, toUsual()),
    distinct: await makeSet(folder, "distinct", count, ["long"], toDistinct()),
  };
}

/** Writes the same events in each form, `sample.ndjson` and, for other tools, their TwiML; returns their number. */
export async function makeForms(folder, calls) {
  const path = (form) => join(folder, `sample.${form}`);
  const write = async (form, chunks) => pipeline(chunks, createWriteStream(path(form)));
  const sampled = (form) => sampleCalls(["all"], calls, form);
  for (const form of ["ndjson", "event", "batch", "docker", "cri", "kinesis", "lambda", "cloudwatch"]) {
    await write(
      form,
      each(sampled(form), (line) => `${line}\n`),
    );
  }
  let count = 0;
  await write(
    "array",
    each(sampled("ndjson"), (line) => `${count++ === 0 ? "[" : ","}${line}`, "]"),
  );
  await write("xml", each(sampled("ndjson"), twimlOf, "</bodies>", "<bodies>"));
  await pipeline(createReadStream(path("ndjson")), createGzip(), createWriteStream(path("gzip")));
  return count;
}

async function makeSet(folder, name, count, scenarios, change) {
  const path = join(folder, `${name}.ndjson`);
  const bodies = new Set();
  const counts = { events: 0, bodies: 0, faulty: 0, deprecated: 0, failed: 0 };
  let call;
  async function* lines() {
    for await (const sampled of sampleCalls(scenarios, count, "ndjson")) {
      if (counts.events === count) return;
      const { line, isFaulty } = change(sampled, counts.events);
      const body = /"responseBody":"([^"]*)"/.exec(line)?.[1];
      if (body !== undefined) bodies.add(createHash("md5").update(body).digest("latin1"));
      call ??= /"sid":"(CA\w+)"/.exec(line)?.[1];
      counts.events += 1;
      if (body !== undefined) counts.bodies += 1;
      if (isFaulty) counts.faulty += 1;
      else if (!line.includes('"response":{') || /"responseCode":[45]/.test(line)) counts.failed += 1;
      if (line.includes('"type":"com.twilio.voice.webhook.')) counts.deprecated += 1;
      yield `${line}\n`;
    }
  }
  await pipeline(lines, createWriteStream(path));
  return { path, bytes: statSync(path).size, call, ...counts, distinct: bodies.size };
}

/** The lines that `sample` prints. */
async function* sampleCalls(scenarios, calls, form) {
  const argv = [bin, "sample", ...scenarios, "--calls", String(calls), "--form", form];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    yield* createInterface({ input: child.stdout });
  } finally {
    child.kill();
  }
}

async function* each(lines, toText, end = "", start = "") {
  yield start;
  for await (const line of lines) yield toText(line);
  yield end;
}

/** Every 100th event gets the next fault, every 50th the next failure, and as many as needed a deprecated type. */
function toUsual() {
  let deprecated = 0;
  return (line, at) => {
    if (at % 100 === 99) return { line: faults[Math.floor(at / 100) % faults.length](line), isFaulty: true };
    if (at % 50 === 24) return { line: failures[Math.floor(at / 50) % failures.length](line, at) };
    const old = line.replace("voice.status-callback.call.", "voice.webhook.status-callback.call.");
    if (old === line || deprecated >= at / 20) return { line };
    deprecated += 1;
    return { line: old };
  };
}

/** Each makes an event invalid, or a line unreadable. */
const faults = [
  (line) => line.slice(0, line.length / 2),
  (line) => line.replace('"data":{', '"data":{"attempt":,'),
  (line) => line.replace(/"sid":"CA\w+",/, ""),
  (line) => line.replace(/"responseCode":(\d+)/, '"responseCode":"$1"'),
  (line) => line.replace('"method":"POST",', ""),
  (line) => line.replace("WebhookEvent/2", "WebhookEvent/9"),
  (line) => line.replace(/"time":"[^"]+"/, '"time":"24.08.2025 15:50"'),
  (line) => line.replace(/"id":"VW\w+",/, ""),
  (line) => line.replace('"specversion":"1.0"', '"specversion":"0.3"'),
  (line) => line.replace("com.twilio.voice.", "com.twilio.voize."),
  (line) => line.replace(/"responseBody":"[^"]{4}/, '"responseBody":"%3C%'),
  (line) => withBody(line, "text/xml", "<Response><Say>Hello</Response>"),
  (line) => withBody(line, "text/xml", "<Response><Speak>Hello & goodbye</Speak></Response>"),
];

const failures = [
  (line) => withBody(line, "text/plain", "Service Unavailable", 503),
  (line) => withBody(line, "text/html", "<!DOCTYPE html><html><body><pre>Cannot POST /voice</pre></body></html>", 404),
  (line, at) => withBody(line, "application/json", `{"error":"timeout","request":${at}}`, 500),
  (line) => line.replace(/,"response":\{[^}]*\}/, ""),
];

function withBody(line, contentType, body, code = 200) {
  return line
    .replace(/"responseCode":\d+/, `"responseCode":${code}`)
    .replace(/"contentType":"[^"]*"/, `"contentType":"${contentType}"`)
    .replace(/"responseBody":"[^"]*"/, `"responseBody":"${Buffer.from(body).toString("base64")}"`);
}

function toDistinct() {
  const random = seeded(20250824);
  return (line, at) => {
    const isTwiml = line.includes('"type":"com.twilio.voice.twiml.');
    const [start, end, parts, type] = isTwiml ? twimlParts : jsonParts;
    const bytes = 300 + (random() % 1400);
    let body = start;
    // The number of the event makes the body unlike all others. No part has more than 250 bytes.
    while (Buffer.byteLength(body) < bytes) body += parts[random() % parts.length](at, random() % 1e6);
    return { line: withBody(line, type, body + end) };
  };
}

const names = ["José Núñez", "Łukasz Wójcik", "Jürgen Weiß", "Zoë O'Brien", "佐藤 陽子", "Smith &amp; Søn"];
const nameOf = (number) => names[number % names.length];

const twimlParts = [
  '<?xml version="1.0" encoding="UTF-8"?><Response>',
  "</Response>",
  [
    (at, number) => `<Say voice="Polly.Joanna">Hello ${nameOf(number)}, order ${at} has ${number} items.</Say>`,
    (at, number) => `<Pause length="${1 + (number % 5)}"/><Play>https://media.example.com/${at}/${number}.mp3</Play>`,
    (at, number) =>
      `<Gather numDigits="4" timeout="${1 + (number % 9)}" action="/voice/menu/${at}"><Say>Enter ${number}.</Say></Gather>`,
    (at, number) =>
      `<Dial timeout="20"><Number statusCallback="/voice/${at}">+1555${2e6 + number}</Number></Dial><!-- ${nameOf(number)} -->`,
    (at, number) =>
      `<Enqueue workflowSid="WW7d0c3a9be1f84c2f9a5e6b0d41c8f273"><Task>{"order":${at},"skill":"${nameOf(number)}"}</Task></Enqueue>`,
  ],
  "text/xml; charset=utf-8",
];

const jsonParts = [
  '{"items":[',
  "{}]}",
  [(at, number) => `{"order":${at},"name":"${nameOf(number)}","number":"+1555${2e6 + number}"},`],
  "application/json",
];

/** The TwiML of an event without its declaration; empty for other bodies. */
function twimlOf(line) {
  const body = Buffer.from(/"responseBody":"([^"]*)"/.exec(line)?.[1] ?? "", "base64").toString("utf8");
  return body.startsWith("<") ? `${body.replace(/^<\?xml[^>]*\?>\s*/, "")}\n` : "";
}

/** Numbers of 32 bits, by Marsaglia's xorshift. */
function seeded(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
