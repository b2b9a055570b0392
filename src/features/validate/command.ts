import { Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/commands.ts";
import { examples, formatOption, printsResult, readsEvents, spreads, toFilter, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { redactsSharedOutput } from "../../cli/redact-options.ts";
import { decidesExit, exitCodeOf, toSeconds } from "../../cli/severity-options.ts";
import { ExitCode } from "../../errors.ts";
import { eventItem } from "../../findings/event-item.ts";
import { createRunStats } from "../../findings/run-stats.ts";
import { summaryItem } from "../../findings/summary-item.ts";
import { createValidator, openJudge, type ValidateBatch, type ValidateOptions, type ValidateOrder } from "./job.ts";

/** `validate`: judges every event in the inputs. Exit 1 when a finding is at or above `--fail-on`. */
export function validateCommand({ io, exit, sizes }: Context) {
  const base = spreads(
    readsEvents(new Command("validate").description("Judge every event in the inputs, whatever wraps them.")),
  );
  return decidesExit(redactsSharedOutput(printsResult(base)))
    .addOption(
      formatOption()
        .choices(["pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown"] as const)
        .default("pretty" as const),
    )
    .option("-v, --verbose", "show infos and clean events too, and every finding")
    .option("--slow <seconds>", "report responses slower than this", toSeconds("--slow"), 5)
    .option("--schemas <dir>", "JSON Schemas to add or replace: DIR/Voice.WebhookEvent/3.json")
    .option("--types <file>", "refresh the catalogue from the JSON of GET https://events.twilio.com/v1/Types")
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
      const sources = await toSources(names, io);
      if (!sources) {
        command.outputHelp({ error: true });
        return exit(ExitCode.Usage);
      }
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
      const order: ValidateOrder = { ...judging, filter, part: result.order };
      const reading = startReading(io, sources, filter, {
        jobs: result.redactor ? 1 : options.jobs,
        sizes,
        spread: {
          order: { name: "validate", options: order },
          countsLines: result.order.isText,
          known: () => [],
          merge(batch: ValidateBatch, linesBefore) {
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
