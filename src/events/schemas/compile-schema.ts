import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { reasonOf } from "../../errors.ts";
import { bundledSchemas, type Schemas } from "./bundled.ts";
import type { Validate } from "./validators.js";

/** A schema that the user has: its name as in "Voice.WebhookEvent/3", and its parsed JSON. */
interface SchemaFile {
  readonly name: string;
  readonly json: unknown;
}

/**
 * The bundled schemas with the user's added; one of the same name is replaced. Throws an Error that names the schema when
 * one cannot be compiled. A user's schema is trusted like code: its patterns run on every event.
 * Brings ajv along, so import it when needed only.
 */
export function loadSchemas(files: readonly SchemaFile[]): Schemas {
  const schemas = new Map(bundledSchemas);
  for (const { name, json } of files) {
    try {
      schemas.set(name, { name, json, validate: compileSchema(json) });
    } catch (error) {
      throw new Error(`schema ${name} cannot be used: ${reasonOf(error)}`);
    }
  }
  return schemas;
}

/**
 * Compiles a JSON Schema of draft-07, 2019-09 or 2020-12, and throws an Error that says why it cannot. Formats are
 * annotations here: a schema may name some that ajv does not know.
 */
function compileSchema(json: unknown): Validate {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("it is not a JSON object");
  if ("$async" in json) throw new Error("it is asynchronous");
  const Compiler = compilerOf("$schema" in json ? String(json.$schema) : "");
  const options = {
    allErrors: true,
    ownProperties: true,
    strict: false,
    validateFormats: false,
    logger: false,
  } as const;
  return new Compiler(options).compile(json);
}

function compilerOf(dialect: string) {
  if (dialect.includes("2020-12")) return Ajv2020;
  return dialect.includes("2019-09") ? Ajv2019 : Ajv;
}
