// Files that ask for too much: each must get its finding, cost bounded memory and time, and hide no other record.
import { gzipSync } from "node:zlib";
import { start } from "../support/spawn.js";
import { encodings } from "./encodings.js";

const MB = 1_000_000;
const whole = encodings["UTF-8"].bytes;
const good = whole.subarray(0, whole.indexOf(0x0a) + 1);
const [beforeBody = "", afterBody = ""] = good.toString().split(/(?<="responseBody":")[^"]*(?=")/);
const open = '{"specversion":"1.0","type":"com.twilio.voice.media.fetched","id":"VW1","source":"a"';

/** The text again and again, so many bytes of it in all. */
function* repeated(text, bytes) {
  const chunk = Buffer.from(text.repeat(Math.ceil(MB / text.length)));
  for (let made = 0; made < bytes; made += chunk.length) yield chunk;
}

/** What is made of each number, in pieces. */
function* counted(count, textOf) {
  for (let from = 0; from < count; from += 1000) {
    yield Array.from({ length: Math.min(1000, count - from) }, (_, at) => textOf(from + at)).join("");
  }
}

/** What stands on the line before a good one; the sizes are in MB, those of a long run `many` times those of a short one. */
const cases = {
  "5 million arrays in one another": {
    *lines() {
      yield* repeated("[", 5 * MB);
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 200 },
  },
  "5 million objects in one another": {
    *lines() {
      yield* repeated('{"a":', 25 * MB);
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 250 },
  },
  "an event that nests 5 million levels": {
    *lines() {
      yield `${open},"data":`;
      yield* repeated("[", 5 * MB);
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 200 },
  },
  "an event that nests 5 million levels and ends": {
    *lines() {
      yield `${open},"data":`;
      yield* repeated("[", 5 * MB);
      yield* repeated("]", 5 * MB);
      yield "}";
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 200 },
  },
  "an event that nests deeper than can be followed": {
    *lines() {
      yield `${open},"data":${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}`;
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 120 },
  },
  "a string that nests 2 million levels": {
    *lines() {
      yield '{"body":"';
      yield* repeated("[", 2 * MB);
      yield* repeated("]", 2 * MB);
      yield '"}';
    },
    ...{ says: "nested deeper than 128 levels", mostMB: 200 },
  },
  "a line of 40 MB": {
    *lines(many) {
      yield `${open},"data":"`;
      yield* repeated("a", 40 * MB * many);
      yield '"}';
    },
    ...{ says: "larger than 16 MiB", mostMB: 200 },
  },
  "a body of 40 MB": {
    *lines() {
      yield beforeBody;
      yield* repeated("QUFB", 40 * MB);
      yield afterBody.trimEnd();
    },
    ...{ says: "larger than 16 MiB", mostMB: 250 },
  },
  "a body of 11 MB": {
    *lines() {
      yield beforeBody;
      yield* repeated("QUFB", 11 * MB);
      yield afterBody.trimEnd();
    },
    ...{ says: "body-size", mostMB: 300, events: 2 },
  },
  "a million keys": {
    *lines() {
      yield open;
      yield* counted(MB, (key) => `,"key${key}":1`);
      yield "}";
    },
    ...{ says: "more than 800,000 values", mostMB: 300 },
  },
  "as many keys as may be": {
    *lines() {
      yield open;
      yield* counted(799_000, (key) => `,"key${key}":1`);
      yield "}";
    },
    ...{ says: "schema-unknown", mostMB: 300, events: 2 },
  },
  "a million keys alike": {
    *lines() {
      yield open;
      yield* repeated(',"a":1', 6 * MB);
      yield "}";
    },
    ...{ says: "more than 800,000 values", mostMB: 300 },
  },
  "half a million keys alike": {
    *lines() {
      yield open;
      yield* repeated(',"a":1', 3 * MB);
      yield "}";
    },
    ...{ says: 'key "a" stands 500', mostMB: 300, events: 2 },
  },
  "8 million numbers": {
    *lines() {
      yield `${open},"data":[1`;
      yield* repeated(",1", 15 * MB);
      yield "]}";
    },
    ...{ says: "more than 800,000 values", mostMB: 300 },
  },
  "as many objects as may be, each of another shape": {
    *lines() {
      yield `${open},"data":[1`;
      yield* counted(399_000, (key) => `,{"key${key}":1}`);
      yield "]}";
    },
    ...{ says: "schema-unknown", mostMB: 300, events: 2 },
  },
  "8,000 events in one record": {
    *lines() {
      yield `{"Records":[${good.toString().trimEnd()}`;
      yield* counted(7999, (id) => `,${good.toString().trimEnd().replace('"id":"', `"id":"${id}`)}`);
      yield "]}";
    },
    ...{ mostMB: 300, events: 8001 },
  },
  "keys that name what every object has": {
    *lines() {
      yield `${open},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"__proto__":{"sid":"CA1"},`;
      yield '"request":{"parameters":{"__proto__":"x","constructor":"y","toString":"z","CallSid":"CA1"}}}}';
    },
    ...{ says: "schema-unknown", mostMB: 120, events: 2 },
  },
  "base64 in base64 in base64": {
    *lines() {
      yield inBase64(inBase64(inBase64(good.toString())));
    },
    ...{ mostMB: 120, events: 2 },
  },
  "base64 in itself 20 times": {
    *lines() {
      let text = good.toString();
      for (let layer = 0; layer < 20; layer++) text = inBase64(text);
      yield text;
    },
    ...{ says: "16 layers", mostMB: 200 },
  },
  "gzip in base64 that unpacks to a thousand times as much": {
    *lines() {
      yield JSON.stringify({ data: gzipSync(Buffer.alloc(200 * MB, " ")).toString("base64") });
    },
    ...{ says: "it unpacks to more than 64 MiB", mostMB: 250 },
  },
};

const inBase64 = (text) => JSON.stringify({ data: Buffer.from(text).toString("base64") });

function* before(lines, many) {
  yield* lines(many);
  yield "\n";
  yield good;
}

/** Which commands, and how each tells that it has read so many events. */
const commands = { validate: ["-f", "compact"], decode: ["-f", "compact"], timeline: ["-f", "compact"], extract: [] };

/**
 * Runs each command, or those that are named, on each case, piped in. Returns for each run what it took, and what was
 * wrong: an exit code, a count of events or a finding other than it should be, or more memory than it may take.
 */
export async function extremeTrials({ many = 1, names = Object.keys(commands) } = {}) {
  const wrong = [];
  const took = {};
  for (const [what, { lines, says, mostMB, events = 1 }] of Object.entries(cases)) {
    for (const name of names) {
      const ended = await start([name, ...commands[name]], { input: before(lines, many) });
      const peakMB = Math.round(ended.peak / MB);
      const problem = problemOf(ended, { says: name === "validate" ? says : undefined, mostMB, peakMB, events });
      took[`${name}: ${what}`] = { peakMB, cpuMs: Math.round(ended.cpuMs) };
      if (problem !== undefined) wrong.push(`${name}: ${what}: ${problem}`);
    }
  }
  return { wrong, took };
}

function problemOf({ code, signal, stdout, stderr }, { says, mostMB, peakMB, events }) {
  if (signal !== null || (code !== 0 && code !== 1)) return `ended with ${signal ?? code}: ${stderr.slice(0, 200)}`;
  const found = /([\d,]+) events? found/.exec(stderr)?.[1]?.replaceAll(",", "");
  if (Number(found) !== events) return `${found} events found, not ${events}`;
  if (says !== undefined && !stdout.includes(says)) return `says nothing of "${says}": ${stdout.slice(0, 200)}`;
  return peakMB > mostMB ? `took ${peakMB} MB, more than ${mostMB}` : undefined;
}

/** A gzip file that unpacks to a thousand times as much: blanks, brackets and zeros; read step by step. */
export async function bombTrials({ megabytes }) {
  const wrong = [];
  const took = {};
  for (const [what, char] of Object.entries({ blanks: " ", brackets: "[", zeros: "\0" })) {
    const input = [
      gzipSync(Buffer.concat([Buffer.alloc(megabytes * MB, char), Buffer.from("\n"), good]), { level: 9 }),
    ];
    const ended = await start(["validate", "-f", "compact"], { input });
    const peakMB = Math.round(ended.peak / MB);
    took[what] = { peakMB, cpuMs: Math.round(ended.cpuMs) };
    const problem = problemOf(ended, { mostMB: 250, peakMB, events: 1 });
    if (problem !== undefined) wrong.push(`${what}: ${problem}`);
  }
  return { wrong, took };
}
