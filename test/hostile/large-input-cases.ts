// Inputs that try to use too much memory or time.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export const MB = 1_000_000;
const calls = readFileSync(join(import.meta.dirname, "../../samples/calls/answered.ndjson"), "utf8");
/** A valid event. */
export const event = calls.slice(0, calls.indexOf("\n"));
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

export interface LargeInput {
  /** The line before a valid event. A long run makes some of them `many` times as long. */
  lines(many: number): Iterable<string | Buffer>;
  /** Part of a finding's message. */
  readonly says?: string;
  readonly maxMB: number;
  /** The number of events, with the one after the line: 1 if it isn't given. */
  readonly events?: number;
}

/** Inputs by name. Add an input here. */
export const cases: Readonly<Record<string, LargeInput>> = {
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
