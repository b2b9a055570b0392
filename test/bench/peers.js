import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const schemas = join(import.meta.dirname, "../../src/events/schemas");

/** What else is used on such files, as told by its own words. Each does a small part of what `validate` does. */
const peers = [
  {
    name: "jq, three conditions",
    probe: ["jq", "--version"],
    version: /^jq-(\S+)/,
    argv: ({ lines }) => [
      "jq",
      "-c",
      'select(.specversion != "1.0" or (.type | startswith("com.twilio.") | not) or .data.sid == null)',
      lines,
    ],
  },
  {
    name: "Miller, two conditions",
    probe: ["mlr", "--version"],
    version: /(\d+\.\d+\.\d+)/,
    argv: ({ lines }) => [
      "mlr",
      "--ijsonl",
      "--ojsonl",
      "filter",
      '$specversion != "1.0" || !($type =~ "^com.twilio.")',
      lines,
    ],
  },
  {
    name: "Sourcemeta jsonschema --fast, one schema",
    probe: ["jsonschema", "version"],
    version: /(?:^|JSON Schema CLI - v)(\d+\.\d+\.\d+)$/m,
    argv: ({ lines, schema }) => ["jsonschema", "validate", "--fast", schema, lines],
  },
  {
    name: "ajv-cli, one schema, an array",
    probe: ["ajv", "help"],
    version: /ajv compile/,
    argv: ({ array, arraySchema }) => ["ajv", "validate", "--strict=false", "-s", arraySchema, "-d", array],
  },
  {
    name: "python-jsonschema, one schema, an array",
    probe: ["python3", "-m", "jsonschema", "--version"],
    version: /^(\d\S+)/m,
    argv: ({ array, arraySchema }) => ["python3", "-m", "jsonschema", "-i", array, arraySchema],
    isSlow: true,
  },
];

/** What else indents XML, given the same TwiML in one document. */
const decodePeers = [
  {
    name: "xmllint --format",
    probe: ["xmllint", "--version"],
    version: /version (\d+)/,
    argv: ({ bodies }) => ["xmllint", "--huge", "--format", bodies],
  },
  {
    name: "Prettier with its XML plugin",
    probe: ["prettier", "--version"],
    version: /^(\d\S+)/m,
    argv: ({ bodies }) => ["prettier", "--plugin=@prettier/plugin-xml", bodies],
    isSlow: true,
  },
];

/** The peers, each with its version and, where it is installed, its command line for the events in the folder. */
export function findPeers(folder) {
  const [lines, array, bodies] = ["ndjson", "array", "xml"].map((form) => join(folder, `sample.${form}`));
  const files = { lines, array, bodies, ...writeSchemas(folder) };
  const find = ({ name, probe, version, argv, isSlow }) => {
    const { stdout, stderr } = spawnSync(probe[0], probe.slice(1), { encoding: "utf8" });
    const found = version.exec(`${stdout ?? ""}${stderr ?? ""}`);
    return { name, version: found?.[1], command: found ? { argv: argv(files), isSlow, prints: "much" } : undefined };
  };
  return { validating: peers.map(find), decoding: decodePeers.map(find) };
}

/** One JSON Schema for an envelope with its data, which is what a validator of one schema can be given. */
function writeSchemas(folder) {
  const [event, data] = ["CloudEvents/1.0", "Voice.WebhookEvent/2"].map(readSchema);
  const whole = { ...event, properties: { ...event.properties, data } };
  const array = { $schema: event.$schema, type: "array", items: { ...whole, $schema: undefined } };
  const paths = { schema: join(folder, "schema.json"), arraySchema: join(folder, "array-schema.json") };
  writeFileSync(paths.schema, JSON.stringify(whole));
  writeFileSync(paths.arraySchema, JSON.stringify(array));
  return paths;
}

function readSchema(name) {
  const schema = JSON.parse(readFileSync(`${schemas}/${name}.json`, "utf8"));
  return name.startsWith("CloudEvents") ? schema : { ...schema, $schema: undefined };
}
