// Inputs that are nearly right: samples and documents of the conformance suites, changed at random. The same seed and
// number make the same input.
import { gzipSync } from "node:zlib";
import { tokens, values } from "./tokens.js";

/** Numbers that look random, from two whole numbers: the generator sfc32 of PractRand (public domain). */
export function createRandom(seed, number) {
  let a = seed | 0;
  let b = number | 0;
  let c = Math.floor(number / 2 ** 32) | 0;
  let counter = 1;
  function next() {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round++) next();
  const below = (count) => Math.floor((next() / 2 ** 32) * count);
  return { below, pick: (list) => list[below(list.length)], chance: (share) => next() / 2 ** 32 < share };
}

/** A mutator over the corpora: lists of bytes, of JSON texts and of XML texts, and the payloads. */
export function createMutator({ inputs, jsonTexts, xmlTexts, payloads }) {
  const hostile = [...tokens, ...payloads];

  const steps = [
    // Bytes.
    (bytes, random) => flipped(bytes, random),
    (bytes, random) => flipped(bytes, random),
    (bytes, random) => spliced(bytes, random.pick(inputs), random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(hostile)), random),
    (bytes, random) => inserted(bytes, Buffer.from(random.pick(tokens).repeat(1 + random.below(60))), random),
    (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
    (bytes, random) => bytes.subarray(random.below(bytes.length)),
    (bytes, random) => repeated(bytes, random),
    (bytes, random) => without(bytes, random),
    // Structure.
    ...Array(6).fill((bytes, random) => edited(bytes, random)),
    // Carriers.
    (bytes, random) => wrapped(bytes, random),
  ];

  /** One change to a JSON text in the input, made to its value; other input stays as it is. */
  function edited(bytes, random) {
    const { before, value, after } = jsonIn(bytes.toString("utf8"));
    if (value === undefined) return bytes;
    const changed = editedValue(value, random);
    const text = JSON.stringify(changed, undefined, random.chance(0.1) ? 1 : undefined) ?? "";
    const doubled = random.chance(0.1) ? twice(text, random) : text;
    return Buffer.from(`${before}${doubled}${after}`);
  }

  function editedValue(value, random) {
    const places = [];
    collect(value, undefined, undefined, places);
    const { holder, key } = random.pick(places);
    const change = random.below(7);
    const other = change < 3 ? random.pick(values) : change === 3 ? random.pick(hostile) : otherPart(random);
    if (holder === undefined) return random.chance(0.5) ? [value, other] : { a: value, Records: [value] };
    const old = holder[key];
    if (change === 5) Reflect.deleteProperty(holder, key);
    else if (change === 6 && typeof old === "string") holder[key] = mixed(old, random);
    else if (random.chance(0.15) && !Array.isArray(holder)) define(holder, random.pick(hostile), old);
    else if (key === "responseBody") holder[key] = Buffer.from(bodyText(random)).toString("base64");
    else holder[key] = other;
    return value;
  }

  const bodyText = (random) => (random.chance(0.7) ? mixed(random.pick(xmlTexts), random) : random.pick(hostile));

  const otherPart = (random) => {
    const places = [];
    collect(JSON.parse(random.pick(jsonTexts)), undefined, undefined, places);
    const { holder, key } = random.pick(places);
    return holder === undefined ? [] : holder[key];
  };

  const mixed = (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(hostile) + text.slice(at + random.below(3));
  };

  return {
    /** The input that the random numbers make, of at most so many bytes. */
    make(random, most = 16_384) {
      let bytes = random.pick(inputs);
      for (let left = 1 + random.below(5); left > 0; left--) {
        if (bytes.length > 0) bytes = random.pick(steps)(bytes, random).subarray(0, most);
      }
      return bytes;
    },
  };
}

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
  const times = random.chance(0.1) ? 400 : 1 + random.below(8);
  return Buffer.concat([bytes.subarray(0, from), ...Array(times).fill(part), bytes.subarray(from)]);
}

function without(bytes, random) {
  const from = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(60))]);
}

/** The first JSON object or array in the text that parses, on a line of its own, behind a prefix, or all of it. */
function jsonIn(text) {
  for (const [from, to] of spans(text)) {
    try {
      return { before: text.slice(0, from), value: JSON.parse(text.slice(from, to)), after: text.slice(to) };
    } catch {
      // The next one may.
    }
  }
  return { before: text, value: undefined, after: "" };
}

function* spans(text) {
  const start = text.search(/[{[]/);
  if (start < 0) return;
  yield [start, text.trimEnd().length];
  const end = text.indexOf("\n", start);
  if (end > 0) yield [start, end];
  const close = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  yield [start, close + 1];
}

/** Every place in the value, the value itself first. */
function collect(value, holder, key, places) {
  places.push({ holder, key });
  if (typeof value !== "object" || value === null || places.length > 400) return;
  for (const inner of Object.keys(value)) collect(value[inner], value, inner, places);
}

/** Sets an own property, whatever its name. */
const define = (holder, key, value) =>
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** A member of the JSON text, once more. */
function twice(text, random) {
  const members = [...text.matchAll(/"[^"\\]*":(?:"[^"\\]*"|\d+)/g)];
  if (members.length === 0) return text;
  const { 0: member, index } = random.pick(members);
  return `${text.slice(0, index)}${member},${text.slice(index)}`;
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
