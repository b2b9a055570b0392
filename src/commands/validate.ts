import { Command } from "@commander-js/extra-typings";
import { ExitCode } from "../errors.ts";
import type { Fault } from "../input/document.ts";
import { createJudge } from "../judge.ts";
import { applySettings, createScore, type FoundEvent, textFindings, toEventItem, toFindingItem } from "../pipeline.ts";
import { rules } from "../rules.ts";
import type { Context } from "./index.ts";
import { readSchemas, readTypes } from "./judging.ts";
import { startReading } from "./reading.ts";
import { openResult } from "./result.ts";
import { examples, formatOption, printsResult, readsEvents, toFilter, toSources } from "./shared.ts";
import { decidesExit, exitCodeOf, toSeconds } from "./verdict.ts";

/** `validate`: judges every event in the inputs. Exit 1 when a finding is at or above `--fail-on`. */
export function validateCommand({ io, exit }: Context) {
  const base = readsEvents(
    new Command("validate").description("Judge every event in the inputs, whatever wraps them."),
  );
  return decidesExit(printsResult(base))
    .addOption(
      formatOption()
        .choices(["pretty", "compact", "json", "ndjson"] as const)
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
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io);
      if (!sources) {
        command.outputHelp({ error: true });
        return exit(ExitCode.Usage);
      }
      const judge = createJudge({
        slowMs: options.slow * 1000,
        ...(options.schemas !== undefined && { schemas: await readSchemas(options.schemas) }),
        ...(options.types !== undefined && { types: await readTypes(options.types) }),
      });
      const result = await openResult(io, options, sources);
      const reading = startReading(io, sources, toFilter(options, io.now()));
      const score = createScore();
      const visit = (item: FoundEvent | Fault): void => {
        if (item.kind === "event") {
          const findings = applySettings(withText(textFindings(item), judge(item.event)), options.rule);
          score.event(item.event, findings);
          if (findings.length > 0 || result.showsClean) result.add(toEventItem(item, findings));
        } else {
          const severity = options.rule.get(item.rule) ?? rules[item.rule].severity;
          if (severity === "off") return;
          score.finding(severity);
          result.add(toFindingItem(item, severity));
        }
      };
      for await (const _ of reading.chunks(visit)) await result.flush();
      const summary = score.summary(reading.tally);
      result.add({ kind: "summary", summary, coverage: reading.coverage() });
      await result.end();
      await reading.report(options.format === "pretty" && result.isOnStdout);
      exit(exitCodeOf(reading.exitCode(options.allowEmpty === true), summary, options));
    });
}

function withText<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length === 0 ? second : [...first, ...second];
}
