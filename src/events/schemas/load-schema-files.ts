import { reasonOf } from "../../errors.ts";
import { bundledSchemas, type Schemas } from "./bundled.ts";

/** A schema that the user has: its name as in "Voice.WebhookEvent/3", and its parsed JSON. */
export interface SchemaFile {
  readonly name: string;
  readonly json: unknown;
}

/**
 * The bundled schemas with the user's added; one of the same name is replaced. Throws an Error that names the schema when
 * one cannot be compiled. A user's schema is trusted like code: its patterns run on every event.
 */
export async function loadSchemas(files: readonly SchemaFile[]): Promise<Schemas> {
  const { compileSchema } = await import("./compile-schema.ts");
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
