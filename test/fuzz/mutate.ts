// Makes inputs that are almost valid, by random changes of seed inputs. The same random numbers make the same input.
import { gzipSync } from "node:zlib";
import type { Random } from "../support/random.ts";
import { edit, type JsonTemplate, type Replacements, toTemplate } from "./json-template.ts";
import { tokens, values } from "./tokens.ts";

const MAX_INPUT_BYTES = 16_384;

/** The inputs that a mutator changes. */
export interface Seeds {
  readonly inputs: readonly Buffer[];
  /** Inputs with one event on each line. */
  readonly records: readonly Buffer[];
  readonly xmlTexts: readonly string[];
  /** Texts that act on terminals. */
  readonly payloads: readonly string[];
}

export interface Mutator {
  /** Makes an input: mostly a record with other values, other bytes, or both. */
  make(random: Random): Buffer;
  /** Changes bytes one to three times. */
  change(bytes: Buffer, random: Random): Buffer;
}

interface Seed {
  readonly bytes: Buffer;
  readonly template: JsonTemplate;
}

type Change = (bytes: Buffer, random: Random) => Buffer;

/** Creates a mutator of the seeds. */
export function createMutator({ inputs, records, xmlTexts, payloads }: Seeds): Mutator {
  const hostile = [...tokens, ...payloads];
  const valueTexts = values.map((value) => JSON.stringify(value));
  const documents = inputs.map(toSeed);
  const lines = records.map(toSeed);

  const replacements: Replacements = {
    raw: (random) => random.pick(hostile),
    value: (random) => (random.chance(0.7) ? random.pick(valueTexts) : otherPart(random)),
    body: (random) => Buffer.from(bodyText(random)).toString("base64"),
  };

  const steps: readonly Change[] = [
    flipBits,
    flipBits,
    (bytes, random) => splice(bytes, random.pick(random.chance(0.5) ? lines : documents).bytes, random),
    (bytes, random) => insert(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => insert(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => insert(bytes, Buffer.from(random.pick(tokens).repeat(1 + random.below(60))), random),
    (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
    (bytes, random) => bytes.subarray(random.below(bytes.length)),
    repeatPart,
    removePart,
    wrap,
  ];

  const bodyText = (random: Random): string =>
    random.chance(0.7) ? withToken(random.pick(xmlTexts), random) : random.pick(hostile);

  function otherPart(random: Random): string {
    const { template } = random.pick(lines);
    const { from, to } = random.pick(template.places);
    return template.text.slice(from, to);
  }

  const withToken = (text: string, random: Random): string => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(hostile) + text.slice(at + random.below(3));
  };

  /** Applies random steps, one after the other. */
  function applySteps(bytes: Buffer, random: Random, count: number): Buffer {
    let changed = bytes;
    for (let left = count; left > 0 && changed.length > 0; left--) {
      changed = random.pick(steps)(changed, random).subarray(0, MAX_INPUT_BYTES);
    }
    return changed;
  }

  return {
    make(random) {
      const { bytes, template } = random.pick(random.chance(0.6) ? lines : documents);
      if (template.places.length === 0 || random.chance(0.3)) return applySteps(bytes, random, 1 + random.below(4));
      const changed = Buffer.from(edit(template, random, replacements));
      return applySteps(changed, random, random.chance(0.4) ? 1 + random.below(2) : 0).subarray(0, MAX_INPUT_BYTES);
    },
    change: (bytes, random) => applySteps(bytes, random, 1 + random.below(3)),
  };
}

const toSeed = (bytes: Buffer): Seed => ({ bytes, template: toTemplate(bytes.toString("utf8")) });

function flipBits(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + random.below(6); left > 0; left--) {
    const at = random.below(changed.length);
    changed[at] = random.chance(0.5) ? (changed[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
  }
  return changed;
}

const splice = (one: Buffer, other: Buffer, random: Random): Buffer =>
  Buffer.concat([one.subarray(0, random.below(one.length)), other.subarray(random.below(other.length))]);

function insert(bytes: Buffer, inserted: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

function repeatPart(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length);
  const part = bytes.subarray(from, from + 1 + random.below(random.chance(0.2) ? 1000 : 40));
  const times = Math.min(random.chance(0.1) ? 400 : 1 + random.below(8), Math.ceil(MAX_INPUT_BYTES / part.length));
  return Buffer.concat([bytes.subarray(0, from), ...Array(times).fill(part), bytes.subarray(from)]);
}

function removePart(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(60))]);
}

const wrappers: readonly ((text: string) => string | Buffer)[] = [
  (text) => JSON.stringify(text),
  (text) => JSON.stringify({ log: `${text}\n`, stream: "stdout", time: "2026-11-23T02:00:00Z" }),
  (text) => JSON.stringify({ log: text, stream: "stdout" }),
  (text) => JSON.stringify({ Records: [{ kinesis: { data: Buffer.from(text).toString("base64") } }] }),
  (text) =>
    JSON.stringify({
      method: "POST",
      url: "/?bodySHA256=0",
      headers: { "x-twilio-signature": text.slice(0, 28) },
      body: text,
    }),
  (text) =>
    JSON.stringify({ headers: { "ce-specversion": "1.0", "ce-type": text.slice(0, 40), "ce-id": "1" }, body: text }),
  (text) => JSON.stringify({ PRIORITY: "6", MESSAGE: [...Buffer.from(text.slice(0, 500))] }),
  (text) => Buffer.from(text).toString("base64"),
  (text) => `[${text}]`,
  (text) => `{"Records":[${text},${text}]}`,
  (text) => `x,"${text.replaceAll('"', '""')}",1`,
  (text) => text.replace(/^/gm, "2026-11-23T02:00:00.1Z stdout F "),
  (text) => text.replace(/^/gm, "web-1  | "),
  (text) => `GET /?e=${encodeURIComponent(text)} HTTP/1.1`,
  (text) => `a="${JSON.stringify(text).slice(1, -1)}"`,
  (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  (text) => Buffer.from(text, "latin1"),
  (text) => gzipSync(text, { level: 1 }),
  (text) => JSON.stringify({ awslogs: { data: gzipSync(text, { level: 1 }).toString("base64") } }),
  (text) => `POST /a HTTP/1.1\r\nHost: a\r\nX-Twilio-Signature: b\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
];

function wrap(bytes: Buffer, random: Random): Buffer {
  const wrapped = random.pick(wrappers)(bytes.toString("utf8"));
  return typeof wrapped === "string" ? Buffer.from(wrapped) : wrapped;
}
