import { Argument, Command, Option } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { readSchemas } from "../../cli/load-schemas.ts";
import { addOutputOptions, examples, formatOption, schemasOption, withSuggestions } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { UsageError } from "../../errors.ts";
import { bundledSchemas, type Schema, type Schemas } from "../../events/schemas/bundled.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { documentItem, tableItem } from "../../output/table-item.ts";
import { differences } from "./schema-diff.ts";

/** `schema`: prints a bundled schema, lists them, or says what changed between two. */
export function schemaCommand({ io }: Context) {
  return addOutputOptions(
    new Command("schema").description("Print a bundled JSON Schema, or what changed between two versions."),
  )
    .addArgument(
      withSuggestions(
        new Argument("[name]", "name and version, as in Voice.WebhookEvent/2; without it all are listed"),
        bundledNames,
      ),
    )
    .addOption(formatOption("pretty", "compact", "json", "ndjson"))
    .addOption(
      withSuggestions(
        new Option("--diff <names...>", "two names: say what changed from the first to the second"),
        bundledNames,
      ),
    )
    .addOption(schemasOption())
    .addHelpText(
      "after",
      examples([
        ["twilio-events schema", "what is bundled"],
        ["twilio-events schema Voice.WebhookEvent/2", "one schema, as JSON"],
        ["twilio-events schema --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2", "what changed"],
      ]),
    )
    .action(async (name, options) => {
      const schemas = options.schemas === undefined ? bundledSchemas : await readSchemas(options.schemas);
      const result = await openResult(io, options);
      if (options.diff !== undefined) {
        const [before, after] = options.diff;
        if (before === undefined || after === undefined || options.diff.length !== 2) {
          throw new UsageError("--diff takes two names, as in --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2");
        }
        const changes = differences(named(before, schemas).json, named(after, schemas).json);
        if (changes.length === 0) {
          await io.stderr.write(
            safe`twilio-events: ${escapeText(before)} and ${escapeText(after)} have the same fields\n`,
          );
        }
        if (changes.length > 0 || options.format !== "pretty")
          result.add(
            tableItem({
              columns: ["place", "change", before, after],
              rows: changes.map((change) => [
                change.pointer || "/",
                change.kind,
                change.before ?? "",
                change.after ?? "",
              ]),
              value: changes,
            }),
          );
      } else if (name !== undefined) {
        result.add(documentItem(JSON.stringify(named(name, schemas).json, null, 2)));
      } else {
        const list = [...schemas.values()].map((schema) => ({ name: schema.name, says: descriptionOf(schema) }));
        const rows = list.map((schema) => [schema.name, schema.says]);
        result.add(tableItem({ columns: ["name", "says"], rows, value: list }));
      }
      await result.end();
    });
}

const bundledNames = (): readonly string[] => [...bundledSchemas.keys()];

function named(name: string, schemas: Schemas): Schema {
  const schema = schemas.get(name.replace(/\.json$/, ""));
  if (schema) return schema;
  throw new UsageError(`no schema is named '${name}'; there are ${[...schemas.keys()].join(", ")}`);
}

function descriptionOf({ json }: Schema): string {
  return typeof json === "object" && json !== null && "description" in json ? String(json.description) : "";
}
