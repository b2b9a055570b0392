import { describeValue, excerpt, type Finding, placeOfValue, quote } from "../findings/finding.ts";
import type { Catalog } from "./catalog.ts";
import type { TwilioEvent } from "./event.ts";
import { eventFinding, type SchemaProblem, type UnknownSchema } from "./rules.ts";
import { familyOf, latestOf, type Schema, type Schemas } from "./schemas/bundled.ts";
import type { SchemaError } from "./schemas/validators.js";

interface SchemaContext {
  readonly catalog: Catalog;
  readonly schemas: Schemas;
}

/** Reports schema-unknown, and schema for `data` against the schema that `dataschema` names. */
export function checkData(event: TwilioEvent, context: SchemaContext, findings: Finding[]): void {
  const schema = chooseSchema(event, context, findings);
  if (schema === undefined) return;
  if (event.data !== undefined) {
    if (!schema.validate(event.data)) report(schema, "/data", event.data, findings);
  } else if (event.value.data === undefined) {
    findings.push(eventFinding("schema", { fault: "missing", schema: schema.name, key: "data" }, { pointer: "" }));
  } else {
    const found = `${describeValue(event.value.data)}${event.dataIsText ? " that is no JSON object" : ""}`;
    const fault: SchemaProblem = { fault: "value", schema: schema.name, expected: "an object", found };
    findings.push(eventFinding("schema", fault, placeOfValue("/data", event.value.data)));
  }
}

/** Reports schema: a Call Events item or a status callback, as a whole, against what its documentation says. */
export function checkStructure(event: TwilioEvent, schemas: Schemas, findings: Finding[]): void {
  const schema = schemas.get(event.kind === "callback" ? "Api.StatusCallback/2010-04-01" : "Api.CallEvent/2010-04-01");
  if (schema !== undefined && !schema.validate(event.value)) report(schema, "", event.value, findings);
}

/**
 * The schema to judge `data` by: the one named; when nothing usable is named, the latest of the family in question. A
 * family that has no schema here is not judged, and not worth a word when the catalogue expects it for the type.
 */
function chooseSchema(
  event: TwilioEvent,
  { catalog, schemas }: SchemaContext,
  findings: Finding[],
): Schema | undefined {
  const { schema: name, type } = event;
  const family = type === undefined ? undefined : catalog.types.get(type)?.schema;
  const named = name === undefined ? undefined : schemas.get(name);
  const namedFamily = name === undefined ? undefined : familyOf(name);
  if (named !== undefined && (family === undefined || family === namedFamily)) return named;
  const raw = event.value.dataschema;
  const say = (data: UnknownSchema): void => {
    findings.push(
      eventFinding("schema-unknown", data, raw === undefined ? { pointer: "" } : placeOfValue("/dataschema", raw)),
    );
  };
  if (name === undefined || namedFamily === undefined) {
    const latest = family === undefined ? undefined : latestOf(family, schemas);
    const judgedBy = latest?.name;
    say(
      raw === undefined ? { fault: "missing", judgedBy } : { fault: "ill-typed", found: describeValue(raw), judgedBy },
    );
    return latest;
  }
  if (type !== undefined && family !== undefined && family !== namedFamily) {
    say({ fault: "misfit", found: name, type, family, judgedBy: named?.name });
    return named;
  }
  const latest = latestOf(namedFamily, schemas);
  if (latest !== undefined || family === undefined) {
    say({ fault: "unbundled", found: String(raw), judgedBy: latest?.name });
  }
  return latest;
}

function report(schema: Schema, base: string, root: unknown, findings: Finding[]): void {
  for (const error of schema.validate.errors ?? []) {
    const pointer = base + error.instancePath;
    if (error.keyword === "required") {
      const key = String(error.params.missingProperty);
      findings.push(eventFinding("schema", { fault: "missing", schema: schema.name, key }, { pointer }));
      continue;
    }
    const value = resolve(root, error.instancePath);
    const expected = expectation(error);
    const fault: SchemaProblem =
      expected === undefined
        ? { fault: "other", schema: schema.name, problem: error.message ?? `breaks ${error.keyword}` }
        : { fault: "value", schema: schema.name, expected, found: describeValue(value) };
    findings.push(eventFinding("schema", fault, placeOfValue(pointer, value)));
  }
}

/** What a keyword asks for, in words; undefined for those that ajv's own message says best. */
function expectation({ keyword, params }: SchemaError): string | undefined {
  switch (keyword) {
    case "type":
      return [params.type]
        .flat()
        .map((type) => withArticle(String(type)))
        .join(" or ");
    case "enum":
      return `one of ${[params.allowedValues]
        .flat()
        .map((value) => excerpt(String(value)))
        .join(", ")}`;
    case "const":
      return JSON.stringify(params.allowedValue);
    case "pattern":
      return params.pattern === "^[0-9]+$"
        ? "a whole number"
        : `a string that matches ${quote(String(params.pattern))}`;
    default:
      return undefined;
  }
}

function withArticle(type: string): string {
  if (type === "null") return type;
  return `${/^[aio]/.test(type) ? "an" : "a"} ${type}`;
}

/** The value at a JSON Pointer that came out of this very value. */
function resolve(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}
