import { Argument, Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { toTypePattern } from "../../cli/filters.ts";
import { readTypes } from "../../cli/load-schemas.ts";
import { addOutputOptions, examples, formatOption, typesOption, withSuggestions } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { UsageError } from "../../errors.ts";
import { createCatalog, type EventType, eventTypes } from "../../events/catalog.ts";
import { tableItem } from "../../output/table-item.ts";

/** `types`: the catalogue, whole or the types that are named. */
export function typesCommand({ io }: Context) {
  return addOutputOptions(new Command("types").description("List the event types: status, replacement, sinks, schema."))
    .addArgument(
      withSuggestions(new Argument("[type...]", "types or globs, as in '*.call.*'"), () =>
        eventTypes.map(({ type }) => type),
      ),
    )
    .addOption(formatOption("pretty", "compact", "json", "ndjson"))
    .addOption(typesOption())
    .addHelpText(
      "after",
      examples([
        ["twilio-events types", "the whole catalogue"],
        ["twilio-events types '*.call.completed'", "those that match"],
        ["twilio-events types -f json | jq '.[] | select(.status == \"deprecated\")'", "for a script"],
      ]),
    )
    .action(async (patterns, options) => {
      const fresh = options.types === undefined ? [] : await readTypes(options.types);
      const catalog = createCatalog(fresh);
      const types =
        patterns.length === 0 ? [...catalog.types.values()] : patterns.flatMap((glob) => matching(glob, catalog));
      const result = await openResult(io, options);
      const columns = ["type (com.twilio.voice.)", "status", "sinks", "replacement", "schema"];
      result.add(tableItem({ columns, rows: types.map(row), value: types }));
      await result.end();
    });
}

function matching(glob: string, { types, suggest }: ReturnType<typeof createCatalog>): readonly EventType[] {
  const pattern = toTypePattern(glob);
  const found = [...types.values()].filter(({ type }) => pattern.test(type));
  if (found.length > 0) return found;
  const nearest = suggest(glob);
  const hint = nearest === undefined ? "'twilio-events types' lists them all" : `did you mean ${nearest}?`;
  throw new UsageError(`no event type is named '${glob}'; ${hint}`);
}

/** Nearly all types begin alike, and what differs is what one looks for; the whole names are in the other formats. */
function row({ type, status, replacement, sinks, schema }: EventType): readonly string[] {
  return [short(type), status, sinks?.join(", ") ?? "", short(replacement ?? ""), schema ?? ""];
}

const short = (type: string): string => type.replace(/^com\.twilio\.voice\./, "");
