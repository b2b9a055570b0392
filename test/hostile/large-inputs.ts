// Inputs that use too much memory or time. Each must get its finding, use limited memory, and hide no other record.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Ended, start } from "../support/spawn.ts";

const MB = 1_000_000;
const calls = readFileSync(join(import.meta.dirname, "../../samples/calls/answered.ndjson"), "utf8");
const event = calls.slice(0, calls.indexOf("\n"));
const [beforeBody = "", afterBody = ""] = event.split(/(?<="responseBody":")[^"]*(?=")/);
const open = '{"specversion":"1.0","type":"com.twilio.voice.media.fetched","id":"VW1","source":"a"';

/** The text, repeated up to this many bytes. */
function* repeated(text: string, bytes: number): Generator<string | Buffer> {
  const chunk = Buffer.from(text.repeat(Math.ceil(MB / text.length)));
  for (let made = 0; made < bytes; made += chunk.length) yield chunk;
}

/** The texts of all numbers below `count`, in chunks. */
function* counted(count: number, textOf: (number: number) => string): Generator<string> {
  for (let from = 0; from < count; from += 1000) {
    yield Array.from({ length: Math.min(1000, count - from) }, (_, at) => textOf(from + at)).join("");
  }
}

interface LargeInput {
  /** The line before a valid event. A long run makes some of them `many` times as long. */
  lines(many: number): Iterable<string | Buffer>;
  /** Part of a finding's message. */
  readonly says?: string;
  readonly maxMB: number;
  /** The number of events, with the one after the line: 1 if it isn't given. */
  readonly events?: number;
}

const cases: Readonly<Record<string, LargeInput>> = {
  "5 million arrays in one another": {
    *lines() {
      yield* repeated("[", 5 * MB);
    },
    says: "nested deeper than 128 levels",
    maxMB: 200,
  },
  "5 million objects in one another": {
    *lines() {
      yield* repeated('{"a":', 25 * MB);
    },
    says: "nested deeper than 128 levels",
    maxMB: 250,
  },
  "an event that nests 5 million levels": {
    *lines() {
      yield `${open},"data":`;
      yield* repeated("[", 5 * MB);
    },
    says: "nested deeper than 128 levels",
    maxMB: 200,
  },
  "an event that nests 5 million levels and ends": {
    *lines() {
      yield `${open},"data":`;
      yield* repeated("[", 5 * MB);
      yield* repeated("]", 5 * MB);
      yield "}";
    },
    says: "nested deeper than 128 levels",
    maxMB: 200,
  },
  "an event that nests deeper than can be followed": {
    *lines() {
      yield `${open},"data":${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}`;
    },
    says: "nested deeper than 128 levels",
    maxMB: 120,
  },
  "a string that nests 2 million levels": {
    *lines() {
      yield '{"body":"';
      yield* repeated("[", 2 * MB);
      yield* repeated("]", 2 * MB);
      yield '"}';
    },
    says: "nested deeper than 128 levels",
    maxMB: 200,
  },
  "a line of 40 MB": {
    *lines(many) {
      yield `${open},"data":"`;
      yield* repeated("a", 40 * MB * many);
      yield '"}';
    },
    says: "larger than 16 MiB",
    maxMB: 200,
  },
  "a body of 40 MB": {
    *lines() {
      yield beforeBody;
      yield* repeated("QUFB", 40 * MB);
      yield afterBody;
    },
    says: "larger than 16 MiB",
    maxMB: 250,
  },
  "a body of 11 MB": {
    *lines() {
      yield beforeBody;
      yield* repeated("QUFB", 11 * MB);
      yield afterBody;
    },
    says: "body-size",
    maxMB: 300,
    events: 2,
  },
  "a million keys": {
    *lines() {
      yield open;
      yield* counted(MB, (key) => `,"key${key}":1`);
      yield "}";
    },
    says: "more than 800,000 values",
    maxMB: 300,
  },
  "as many keys as may be": {
    *lines() {
      yield open;
      yield* counted(799_000, (key) => `,"key${key}":1`);
      yield "}";
    },
    says: "schema-unknown",
    maxMB: 300,
    events: 2,
  },
  "a million keys alike": {
    *lines() {
      yield open;
      yield* repeated(',"a":1', 6 * MB);
      yield "}";
    },
    says: "more than 800,000 values",
    maxMB: 300,
  },
  "half a million keys alike": {
    *lines() {
      yield open;
      yield* repeated(',"a":1', 3 * MB);
      yield "}";
    },
    says: 'key "a" stands 500',
    maxMB: 300,
    events: 2,
  },
  "8 million numbers": {
    *lines() {
      yield `${open},"data":[1`;
      yield* repeated(",1", 15 * MB);
      yield "]}";
    },
    says: "more than 800,000 values",
    maxMB: 300,
  },
  "as many objects as may be, each of another shape": {
    *lines() {
      yield `${open},"data":[1`;
      yield* counted(399_000, (key) => `,{"key${key}":1}`);
      yield "]}";
    },
    says: "schema-unknown",
    maxMB: 300,
    events: 2,
  },
  "8,000 events in one record": {
    *lines() {
      yield `{"Records":[${event}`;
      yield* counted(7999, (id) => `,${event.replace('"id":"', `"id":"${id}`)}`);
      yield "]}";
    },
    maxMB: 300,
    events: 8001,
  },
  "keys that name what every object has": {
    *lines() {
      yield `${open},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"__proto__":{"sid":"CA1"},`;
      yield '"request":{"parameters":{"__proto__":"x","constructor":"y","toString":"z","CallSid":"CA1"}}}}';
    },
    says: "schema-unknown",
    maxMB: 120,
    events: 2,
  },
  "base64 in base64 in base64": {
    *lines() {
      yield inBase64(inBase64(inBase64(event)));
    },
    maxMB: 120,
    events: 2,
  },
  "base64 in itself 20 times": {
    *lines() {
      let text = event;
      for (let layer = 0; layer < 20; layer++) text = inBase64(text);
      yield text;
    },
    says: "16 layers",
    maxMB: 200,
  },
  "gzip in base64 that unpacks to a thousand times as much": {
    *lines() {
      yield JSON.stringify({ data: gzipSync(Buffer.alloc(200 * MB, " ")).toString("base64") });
    },
    says: "it unpacks to more than 64 MiB",
    maxMB: 250,
  },
};

const inBase64 = (text: string): string => JSON.stringify({ data: Buffer.from(text).toString("base64") });

function* beforeEvent(lines: LargeInput["lines"], many: number): Generator<string | Buffer> {
  yield* lines(many);
  yield `\n${event}\n`;
}

/** The commands and their options. */
const commands: Readonly<Record<string, readonly string[]>> = {
  validate: ["-f", "compact"],
  decode: ["-f", "compact"],
  timeline: ["-f", "compact"],
  extract: [],
};

interface LargeInputOptions {
  readonly many?: number;
  readonly commandNames?: readonly string[];
  readonly caseNames?: readonly string[];
}

/** Pipes each input into each command. Returns the peak memory, and what was wrong. */
export async function largeInputTrials({
  many = 1,
  commandNames = Object.keys(commands),
  caseNames = Object.keys(cases),
}: LargeInputOptions = {}) {
  const wrong: string[] = [];
  let peakMB = 0;
  for (const caseName of caseNames) {
    const { lines, says, maxMB, events = 1 } = cases[caseName] ?? { lines: () => [], maxMB: 0 };
    for (const name of commandNames) {
      const ended = await start([name, ...(commands[name] ?? [])], { input: beforeEvent(lines, many) });
      peakMB = Math.max(peakMB, Math.round(ended.peak / MB));
      const problem = findProblem(ended, { says: name === "validate" ? says : undefined, maxMB, events });
      if (problem !== undefined) wrong.push(`${name}: ${caseName}: ${problem}`);
    }
  }
  return { inputs: caseNames.length, peakMB, wrong };
}

interface Expected {
  readonly says?: string | undefined;
  readonly maxMB: number;
  readonly events: number;
}

function findProblem({ code, signal, stdout, stderr, peak }: Ended, { says, maxMB, events }: Expected) {
  if (signal !== null || (code !== 0 && code !== 1)) return `ended with ${signal ?? code}: ${stderr.slice(0, 200)}`;
  const found = /([\d,]+) events? found/.exec(stderr)?.[1]?.replaceAll(",", "");
  if (Number(found) !== events) return `${found} events found, not ${events}`;
  if (says !== undefined && !stdout.includes(says)) return `no finding says "${says}": ${stdout.slice(0, 200)}`;
  return peak > maxMB * MB ? `${Math.round(peak / MB)} MB, more than ${maxMB}` : undefined;
}

/** Gzip files that unpack to a thousand times their size: spaces, brackets and zeros. */
export async function bombTrials({
  megabytes,
  characters = [" ", "[", "\0"],
}: {
  readonly megabytes: number;
  readonly characters?: readonly string[];
}) {
  const wrong: string[] = [];
  let peakMB = 0;
  for (const character of characters) {
    const text = Buffer.concat([Buffer.alloc(megabytes * MB, character), Buffer.from(`\n${event}\n`)]);
    const ended = await start(["validate", "-f", "compact"], { input: [gzipSync(text, { level: 9 })] });
    peakMB = Math.max(peakMB, Math.round(ended.peak / MB));
    const problem = findProblem(ended, { maxMB: 250, events: 1 });
    if (problem !== undefined) wrong.push(`${JSON.stringify(character)}: ${problem}`);
  }
  return { files: characters.length, peakMB, wrong };
}
