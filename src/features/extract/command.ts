import { Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/commands.ts";
import { examples, readsEvents, spreads, toFilter, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { redactsOutput } from "../../cli/redact-options.ts";
import { ExitCode } from "../../errors.ts";
import { documentItem } from "../../output/table-item.ts";
import type { ResultPart } from "../../parallel/partial-output.ts";
import { createExtracting, type ExtractOrder } from "./job.ts";

/** `extract`: the events alone, each on one line with every key and number as it was found. */
export function extractCommand({ io, exit, sizes }: Context) {
  const base = new Command("extract").description("Print the events alone, as found, one per line (NDJSON).");
  return spreads(redactsOutput(readsEvents(base)))
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
      const sources = await toSources(names, io);
      if (!sources) {
        command.outputHelp({ error: true });
        return exit(ExitCode.Usage);
      }
      const result = await openResult(io, { ...options, format: "ndjson", color: "never" }, sources);
      const filter = {
        ...toFilter(options, io.now()),
        names: options.call === undefined ? undefined : new Set([options.call]),
      };
      const reading = startReading(io, sources, filter, {
        jobs: result.redactor ? 1 : options.jobs,
        sizes,
        spread: {
          order: { name: "extract", options: { filter, part: result.order } satisfies ExtractOrder },
          countsLines: false,
          known: () => [],
          merge: (part: ResultPart<string>, linesBefore) => result.merge(part, linesBefore, documentItem),
        },
      });
      for await (const _ of reading.chunks(createExtracting((json) => result.add(documentItem(json)))))
        await result.flush();
      await result.end();
      await reading.report();
      exit(reading.exitCode(options.allowEmpty === true));
    });
}
