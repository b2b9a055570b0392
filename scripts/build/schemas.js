// JSON Schemas become plain functions, so that no schema is compiled when the program starts.
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

/** Returns a module that exports `validators`, by name and version: "Voice.WebhookEvent/2". */
export function compileSchemas(folder) {
  const ajv = new Ajv({
    allErrors: true,
    // Strict mode throws on every mistake in a schema, including what the logger would only warn of.
    strict: true,
    logger: false,
    allowUnionTypes: true,
    // The schemas limit lengths only from 0, so UTF-16 units do, and no helper of Ajv is needed at run time.
    unicode: false,
    // No schema names a key that every object inherits, so `ownProperties` isn't needed. It costs more than the rest.
    code: { source: true, esm: true, lines: false },
  });
  const names = readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(".json"))
    .map((path) => path.replaceAll("\\", "/").slice(0, -".json".length))
    .sort();
  for (const name of names) ajv.addSchema(JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")), name);
  const code = standaloneCode(ajv, Object.fromEntries(names.map((name, index) => [`schema${index}`, name])));
  if (/\b(?:require|import)\b\s*[(*{"']/.test(code)) throw new Error("a validator needs a run-time helper of Ajv");
  const table = names.map((name, index) => `${JSON.stringify(name)}: schema${index}`).join(", ");
  return `${code}\nexport const validators = { ${table} };\n`;
}
