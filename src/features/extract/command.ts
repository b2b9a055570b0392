import { Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { addEventInputs, toFilter } from "../../cli/filters.ts";
import { addJobsOption, examples, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addRedactOptions } from "../../cli/redact-options.ts";
import { documentItem } from "../../output/table-item.ts";
import type { ResultPart } from "../../parallel/partial-output.ts";
import { createEventWriter, type ExtractJobOptions } from "./job.ts";

/** `extract`: the events alone, each on one line with every key and number as it was found. */
export function extractCommand({ io, exit, sizes }: Context) {
  const base = new Command("extract").description("Print the events alone, as found, one per line (NDJSON).");
  return addJobsOption(addRedactOptions(addEventInputs(base)))
    .option("-o, --output <file>", "write the events there instead of to standard output")
    .option("--allow-empty", "exit 0 when no event is found")
    .addHelpText(
      "after",
      examples([
        ["docker logs app 2>&1 | twilio-events extract | jq .type", "the adapter for jq"],
        ["twilio-events extract --call CA… logs/ > call.ndjson", "one call, out of a folder"],
        ["twilio-events extract 'lake/**/*.gz' -o events.ndjson", "from Firehose objects to NDJSON"],
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io, command);
      const result = await openResult(io, { ...options, format: "ndjson", color: "never" }, sources);
      const filter = {
        ...toFilter(options, io.now()),
        names: options.call === undefined ? undefined : new Set([options.call]),
      };
      const reading = startReading(io, sources, filter, {
        jobs: result.redactor ? 1 : options.jobs,
        sizes,
        parallel: {
          spec: { name: "extract", options: { filter, part: result.order } satisfies ExtractJobOptions },
          countsLines: false,
          known: () => [],
          merge: (part: ResultPart<string>, linesBefore) => result.merge(part, linesBefore, documentItem),
        },
      });
      const visit = createEventWriter((json) => result.add(documentItem(json)));
      for await (const _ of reading.chunks(visit)) await result.flush();
      await result.end();
      await reading.report();
      exit(reading.exitCode(options.allowEmpty === true));
    });
}
