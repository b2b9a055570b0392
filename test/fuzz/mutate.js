// Inputs that are nearly right: samples and documents of the conformance suites, changed at random. The same random numbers
// make the same input.
import { gzipSync } from "node:zlib";
import { edited, templateOf } from "./json-template.js";
import { tokens, values } from "./tokens.js";

/** An input has at most so many bytes. */
const MOST = 16_384;

/** A mutator over the corpora: lists of bytes, of records (an event on a line each) and of XML texts, and the payloads. */
export function createMutator({ inputs, records, xmlTexts, payloads }) {
  const hostile = [...tokens, ...payloads];
  const valueTexts = values.map((value) => JSON.stringify(value));
  const [documents, lines] = [inputs, records].map((list) => list.map(prepared));

  const parts = {
    raw: (random) => random.pick(hostile),
    value: (random) => (random.chance(0.7) ? random.pick(valueTexts) : otherPart(random)),
    body: (random) => Buffer.from(bodyText(random)).toString("base64"),
  };

  const steps = [
    (bytes, random) => flipped(bytes, random),
    (bytes, random) => flipped(bytes, random),
    (bytes, random) => spliced(bytes, random.pick(random.chance(0.5) ? lines : documents).bytes, random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(tokens).repeat(1 + random.below(60))), random),
    (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
    (bytes, random) => bytes.subarray(random.below(bytes.length)),
    (bytes, random) => repeated(bytes, random),
    (bytes, random) => without(bytes, random),
    (bytes, random) => wrapped(bytes, random),
  ];

  const bodyText = (random) => (random.chance(0.7) ? mixed(random.pick(xmlTexts), random) : random.pick(hostile));

  function otherPart(random) {
    const { template } = random.pick(lines);
    const { from, to } = random.pick(template.places);
    return template.text.slice(from, to);
  }

  const mixed = (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(hostile) + text.slice(at + random.below(3));
  };

  /** Some of the steps, one after the other. */
  function stepped(bytes, random, count) {
    let changed = bytes;
    for (let left = count; left > 0 && changed.length > 0; left--) {
      changed = random.pick(steps)(changed, random).subarray(0, MOST);
    }
    return changed;
  }

  return {
    /** The input that the random numbers make: mostly a record, whose values are changed, or its bytes, or both. */
    make(random) {
      const { bytes, template } = random.pick(random.chance(0.6) ? lines : documents);
      if (template.places.length === 0 || random.chance(0.3)) return stepped(bytes, random, 1 + random.below(4));
      const changed = Buffer.from(edited(template, random, parts));
      return stepped(changed, random, random.chance(0.4) ? 1 + random.below(2) : 0).subarray(0, MOST);
    },
    /** The bytes, such as a request, after one to three of the steps. */
    change: (bytes, random) => stepped(bytes, random, 1 + random.below(3)),
  };
}

const prepared = (bytes) => ({ bytes, template: templateOf(bytes.toString("utf8")) });

function flipped(bytes, random) {
  const changed = Buffer.from(bytes);
  for (let left = 1 + random.below(6); left > 0; left--) {
    const at = random.below(changed.length);
    changed[at] = random.chance(0.5) ? changed[at] ^ (1 << random.below(8)) : random.below(256);
  }
  return changed;
}

const spliced = (one, other, random) =>
  Buffer.concat([one.subarray(0, random.below(one.length)), other.subarray(random.below(other.length))]);

function inserted(bytes, what, random) {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function repeated(bytes, random) {
  const from = random.below(bytes.length);
  const part = bytes.subarray(from, from + 1 + random.below(random.chance(0.2) ? 1000 : 40));
  const times = Math.min(random.chance(0.1) ? 400 : 1 + random.below(8), Math.ceil(MOST / part.length));
  return Buffer.concat([bytes.subarray(0, from), ...Array(times).fill(part), bytes.subarray(from)]);
}

function without(bytes, random) {
  const from = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(60))]);
}

const wrappers = [
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

const wrapped = (bytes, random) => Buffer.from(random.pick(wrappers)(bytes.toString("utf8")));
