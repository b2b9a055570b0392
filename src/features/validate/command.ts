import { Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { addExitOptions, exitCodeOf } from "../../cli/exit-code.ts";
import { addEventInputs, toFilter } from "../../cli/filters.ts";
import {
  addJobsOption,
  addOutputOptions,
  examples,
  formatOption,
  schemasOption,
  slowOption,
  toSources,
  typesOption,
} from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addSharedRedactOptions } from "../../cli/redact-options.ts";
import { eventItem } from "../../findings/event-item.ts";
import { createRunStats } from "../../findings/run-stats.ts";
import { summaryItem } from "../../findings/summary-item.ts";
import {
  createValidator,
  openJudge,
  type ValidateJobOptions,
  type ValidateJobResult,
  type ValidateOptions,
} from "./job.ts";

/** `validate`: judges every event in the inputs. Exit 1 when a finding is at or above `--fail-on`. */
export function validateCommand({ io, exit, sizes }: Context) {
  const base = addJobsOption(
    addEventInputs(new Command("validate").description("Judge every event in the inputs, whatever wraps them.")),
  );
  return addExitOptions(addSharedRedactOptions(addOutputOptions(base)))
    .addOption(formatOption("pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown"))
    .option("-v, --verbose", "show infos and clean events too, and every finding")
    .addOption(slowOption())
    .addOption(schemasOption())
    .addOption(typesOption())
    .addHelpText(
      "after",
      examples([
        ["twilio-events validate capture.json", "one file"],
        ["twilio-events validate logs/ 'more/*.log.gz'", "a folder and a glob"],
        ["docker logs app 2>&1 | twilio-events validate", "what an app has logged"],
        ["twilio-events validate --call CA… --verbose app.log", "one call, with every detail"],
        ["twilio-events validate --rule sid-format=off -f compact .", "one finding a line, for grep"],
        ["twilio-events validate -f github captures/", "annotations in a GitHub workflow"],
        ["twilio-events validate -f sarif -o events.sarif captures/", "for code scanning"],
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io, command);
      const judging: ValidateOptions = {
        slowMs: options.slow * 1000,
        schemas: options.schemas,
        types: options.types,
        rules: options.rule,
      };
      const judge = await openJudge(judging);
      const result = await openResult(io, options, sources);
      const score = createRunStats();
      const { showsClean } = result;
      const visit = createValidator(judge, options.rule, showsClean, score, (found) => result.add(eventItem(found)));
      const filter = toFilter(options, io.now());
      const order: ValidateJobOptions = { ...judging, filter, part: result.order };
      const reading = startReading(io, sources, filter, {
        jobs: result.redactor ? 1 : options.jobs,
        sizes,
        parallel: {
          spec: { name: "validate", options: order },
          countsLines: result.order.isText,
          known: () => [],
          merge(batch: ValidateJobResult, linesBefore) {
            score.merge(batch.score);
            result.merge(batch.part, linesBefore, eventItem);
          },
        },
      });
      for await (const _ of reading.chunks(visit)) await result.flush();
      const summary = score.summary(reading.tally);
      result.add(summaryItem({ summary, coverage: reading.coverage(), isCutShort: reading.isCutShort() }));
      await result.end();
      await reading.report(options.format === "pretty" && result.isOnStdout);
      exit(exitCodeOf(reading.exitCode(options.allowEmpty === true), summary, options));
    });
}
