import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const samples = join(import.meta.dirname, "../../samples");
const time = "2025-08-24T13:50:43.871Z";

/** How events stand in a file: `toText` gives the text of a hundred lines of JSON, `between` parts it from the next. */
export const forms = [
  { name: "one array on one line", file: "array.json", toText: (lines) => lines.join(","), between: ",", ends: "[]" },
  { name: "concatenated", file: "concatenated.json", toText: (lines) => lines.join("") },
  {
    name: "lines behind a log prefix",
    file: "prefixed.log",
    toText: each((line) => `${time} INFO  [webhook] ${line}\n`),
  },
  {
    name: "pretty-printed",
    file: "pretty.json",
    toText: each((line) => `${JSON.stringify(JSON.parse(line), null, 2)}\n`),
  },
  { name: "docker json-file", file: "docker.log", toText: each((line) => `${toDocker(line)}\n`) },
  { name: "Kinesis records for a Lambda, base64", file: "kinesis.json", toText: (lines) => `${toKinesis(lines)}\n` },
];

/** Writes so many events to the file, a line each: the first of them are those of every smaller file. */
export function makeLines(path, count) {
  const descriptor = openSync(path, "wx");
  const batch = [];
  for (const line of events(count)) {
    batch.push(line);
    if (batch.length === 1000) writeSync(descriptor, `${batch.splice(0).join("\n")}\n`);
  }
  if (batch.length > 0) writeSync(descriptor, `${batch.join("\n")}\n`);
  closeSync(descriptor);
}

/**
 * Makes the files in the folder, the same ones in every run: each form, `events.jsonl` and a gzip of it, `tenth.jsonl`
 * with a tenth of the events, `many.jsonl` with ten times as many, `broken.jsonl` with every tenth event replaced by a
 * broken one, and `bodies.xml` with the answers that are XML in one document.
 */
export async function makeData(folder, count) {
  const lines = [...events(count)];
  const ndjson = { file: "events.jsonl", toText: each((line) => `${line}\n`) };
  for (const form of [ndjson, ...forms]) write(folder, form, lines);
  write(folder, { ...ndjson, file: "tenth.jsonl" }, lines.slice(0, count / 10));
  write(folder, { ...ndjson, file: "broken.jsonl" }, breakEveryTenth(lines));
  makeLines(join(folder, "many.jsonl"), count * 10);
  writeFileSync(join(folder, "bodies.xml"), `<bodies>\n${lines.flatMap(xmlOf).join("\n")}\n</bodies>\n`);
  const [from, to] = ["events.jsonl", "events.jsonl.gz"].map((file) => join(folder, file));
  await pipeline(createReadStream(from), createGzip(), createWriteStream(to));
}

function write(folder, { file, toText, between = "", ends = "" }, lines) {
  const descriptor = openSync(join(folder, file), "wx");
  writeSync(descriptor, ends.slice(0, 1));
  for (let at = 0; at < lines.length; at += 100) {
    writeSync(descriptor, `${at === 0 ? "" : between}${toText(lines.slice(at, at + 100))}`);
  }
  writeSync(descriptor, ends.slice(1));
  closeSync(descriptor);
}

/** Whole calls, as in samples/calls, each with SIDs, numbers and times of its own. */
function* events(count) {
  const calls = readdirSync(`${samples}/calls`)
    .filter((name) => name.endsWith(".ndjson"))
    .map((name) => readFileSync(`${samples}/calls/${name}`, "utf8").trimEnd().split("\n"));
  const random = seeded(20250824);
  for (let made = 0, number = 0; made < count; number += 1) {
    const retell = storyteller(random, number);
    for (const line of calls[number % calls.length].slice(0, count - made)) {
      yield retell(line);
      made += 1;
    }
  }
}

/** The answer in an event, without its declaration, if it is XML. */
function xmlOf(line) {
  const body = Buffer.from(/"responseBody":"([^"]*)"/.exec(line)?.[1] ?? "", "base64").toString("utf8");
  return body.startsWith("<") ? [body.replace(/^<\?xml[^>]*\?>\s*/, "")] : [];
}

function breakEveryTenth(lines) {
  const broken = readdirSync(`${samples}/broken`)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => asLine(readFileSync(`${samples}/broken/${name}`, "utf8")) ?? []);
  const random = seeded(4);
  return lines.map((line, at) => (at % 10 === 9 ? storyteller(random, at)(broken[at % broken.length]) : line));
}

/** The sample in one line, if it is JSON at all. */
function asLine(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const telling =
  /[A-Z]{2}[0-9a-f]{32}|\+1\d{10}|\d{4}-\d\d-\d\dT[\d:.]+Z|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ \+0000/g;

/** Gives an event other SIDs (but the account's), other numbers and a later time: the same ones for the same ones. */
function storyteller(random, number) {
  const shift = number * 7000;
  const names = new Map();
  const rename = (old, make) => names.get(old) ?? names.set(old, make()).get(old);
  const tell = (word) => {
    if (word.startsWith("AC")) return word;
    if (word.startsWith("+1")) return rename(word, () => `${word.slice(0, -4)}${1000 + (random() % 9000)}`);
    if (word.length === 34) return rename(word, () => `${word.slice(0, 2)}${hex(random, 32)}`);
    const later = new Date(Date.parse(word) + shift);
    return word.endsWith("Z") ? later.toISOString() : later.toUTCString().replace("GMT", "+0000");
  };
  const tellInside = (body) => {
    const text = Buffer.from(body, "base64").toString("latin1");
    const told = text.replace(telling, tell);
    return told === text ? body : Buffer.from(told, "latin1").toString("base64");
  };
  return (line) => line.replace(telling, tell).replace(/(?<="responseBody":")[^"]+/, tellInside);
}

function hex(random, length) {
  let digits = "";
  while (digits.length < length) digits += random().toString(16).padStart(8, "0");
  return digits;
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

function each(toText) {
  return (lines) => lines.map(toText).join("");
}

function toDocker(line) {
  return JSON.stringify({ log: `${line}\n`, stream: "stdout", time });
}

function toKinesis(lines) {
  const Records = lines.map((line, at) => ({
    kinesis: { partitionKey: "1", sequenceNumber: String(at), data: Buffer.from(line).toString("base64") },
    eventSource: "aws:kinesis",
    eventName: "aws:kinesis:record",
  }));
  return JSON.stringify({ Records });
}
