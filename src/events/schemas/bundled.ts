import { memoize } from "../../input/memoize.ts";
import callEvent from "./Api.CallEvent/2010-04-01.json" with { type: "json" };
import statusCallback from "./Api.StatusCallback/2010-04-01.json" with { type: "json" };
import cloudEvents from "./CloudEvents/1.0.json" with { type: "json" };
import webhookEvent1 from "./Voice.WebhookEvent/1.json" with { type: "json" };
import webhookEvent2 from "./Voice.WebhookEvent/2.json" with { type: "json" };
import { type Validate, validators } from "./validators.js";

export interface Schema {
  /** Family and version: "Voice.WebhookEvent/2". */
  readonly name: string;
  readonly json: unknown;
  readonly validate: Validate;
}

/** Schemas by name. */
export type Schemas = ReadonlyMap<string, Schema>;

/** The schemas that come with the program. Add a schema version here, beside its JSON file; `npm run build` compiles it. */
export const bundledSchemas: Schemas = byName([
  bundled("Voice.WebhookEvent/1", webhookEvent1),
  bundled("Voice.WebhookEvent/2", webhookEvent2),
  bundled("CloudEvents/1.0", cloudEvents),
  bundled("Api.CallEvent/2010-04-01", callEvent),
  bundled("Api.StatusCallback/2010-04-01", statusCallback),
]);

/** "Voice.WebhookEvent/2" belongs to the family "Voice.WebhookEvent". */
export const familyOf = memoize((name: string): string => {
  const end = name.lastIndexOf("/");
  return end === -1 ? name : name.slice(0, end);
});

/** The schema of a family with the highest version. */
export function latestOf(family: string, schemas: Schemas): Schema | undefined {
  let latest: Schema | undefined;
  for (const schema of schemas.values()) {
    if (familyOf(schema.name) !== family) continue;
    if (latest === undefined || versionOf(schema) > versionOf(latest)) latest = schema;
  }
  return latest;
}

function versionOf(schema: Schema): number {
  return Number(schema.name.slice(schema.name.lastIndexOf("/") + 1));
}

function byName(schemas: readonly Schema[]): Schemas {
  return new Map(schemas.map((schema) => [schema.name, schema]));
}

function bundled(name: string, json: unknown): Schema {
  const validate = validators[name];
  if (validate === undefined) throw new Error(`${name} has no validator; run npm run build`);
  return { name, json, validate };
}
