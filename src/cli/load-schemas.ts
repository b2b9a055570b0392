import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { reasonOf, UsageError } from "../errors.ts";
import { type EventType, parseTypes } from "../events/catalog.ts";
import type { Schemas } from "../events/schemas/bundled.ts";
import { problemOf } from "../input/sources.ts";

/** The bundled schemas with those of the folder: `DIR/Voice.WebhookEvent/3.json` adds or replaces one. */
export async function readSchemas(folder: string): Promise<Schemas> {
  const { glob } = await import("tinyglobby");
  const files = await glob("**/*.json", { cwd: folder, absolute: true, expandDirectories: false }).catch(() => []);
  if (files.length === 0) {
    throw new UsageError(`--schemas ${folder}: no JSON file there; it needs files such as Voice.WebhookEvent/3.json`);
  }
  const schemas = await Promise.all(
    files.map(async (file) => ({
      name: relative(folder, file).replaceAll("\\", "/").slice(0, -5),
      json: await readJson(file, "--schemas"),
    })),
  );
  try {
    const { loadSchemas } = await import("../events/schemas/compile-schema.ts");
    return loadSchemas(schemas);
  } catch (error) {
    throw new UsageError(`--schemas ${folder}: ${reasonOf(error)}`);
  }
}

/** The account's own catalogue of types, from the JSON that the Event Streams API gives. */
export async function readTypes(file: string): Promise<readonly EventType[]> {
  const json = await readJson(file, "--types");
  try {
    return parseTypes(json);
  } catch (error) {
    throw new UsageError(`--types ${file}: ${reasonOf(error)}`);
  }
}

async function readJson(file: string, option: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    const problem = error instanceof SyntaxError ? "it is not JSON" : problemOf(error);
    throw new UsageError(`${option} ${file}: ${problem}`);
  }
}
