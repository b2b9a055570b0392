import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ExitCode, UsageError } from "../errors.ts";
import { createJudge } from "../judge.ts";
import { nearest } from "../nearest.ts";
import { applySettings, createScore, textFindings, toEventItem, toFindingItem } from "../pipeline.ts";
import { type RuleName, rules, type Severity } from "../rules.ts";
import type { Context } from "./index.ts";
import { readSchemas, readTypes } from "./judging.ts";
import { startReading } from "./reading.ts";
import { openResult } from "./result.ts";
import { examples, formatOption, printsResult, readsEvents, toFilter, toSources } from "./shared.ts";

const levels = ["error", "warning", "info", "never"] as const;

/** `validate`: judges every event in the inputs. Exit 1 when a finding is at or above `--fail-on`. */
export function validateCommand({ io, exit }: Context) {
  const base = readsEvents(
    new Command("validate").description("Judge every event in the inputs, whatever wraps them."),
  );
  return printsResult(base)
    .addOption(
      formatOption()
        .choices(["pretty", "compact", "json", "ndjson"] as const)
        .default("pretty" as const),
    )
    .option("-v, --verbose", "show infos and clean events too, and every finding")
    .addOption(new Option("--fail-on <severity>", "exit 1 from this severity on").choices(levels).default("error"))
    .option("--max-warnings <n>", "exit 1 when there are more warnings", toNumber)
    .addOption(
      new Option("--rule <name=severity>", "set a rule to off, info, warning or error (repeatable)")
        .argParser(toSetting)
        .default(noSettings(), "none"),
    )
    .option("--slow <seconds>", "report responses slower than this", toSeconds, 5)
    .option("--schemas <dir>", "JSON Schemas to add or replace: DIR/Voice.WebhookEvent/3.json")
    .option("--types <file>", "refresh the catalogue from the JSON of GET https://events.twilio.com/v1/Types")
    .option("--allow-empty", "exit 0 when no event is found")
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
      for await (const batch of reading.batches()) {
        for (const item of batch) {
          if (item.kind === "event") {
            const findings = applySettings(withText(textFindings(item), judge(item.event)), options.rule);
            score.event(item.event, findings);
            if (findings.length > 0 || result.showsClean) result.add(toEventItem(item, findings));
          } else {
            const severity = options.rule.get(item.rule) ?? rules[item.rule].severity;
            if (severity === "off") continue;
            score.finding(severity);
            result.add(toFindingItem(item, severity));
          }
        }
        await result.flush();
      }
      const summary = score.summary(reading.tally);
      result.add({ kind: "summary", summary, coverage: reading.coverage() });
      await result.end();
      await reading.report(options.format === "pretty" && result.isOnStdout);
      const read = reading.exitCode(options.allowEmpty === true);
      const counts = { error: summary.errors, warning: summary.warnings, info: summary.infos };
      const failed =
        reaches(counts, options.failOn) || summary.warnings > (options.maxWarnings ?? Number.POSITIVE_INFINITY);
      const isOverruled = read === ExitCode.Usage || read === ExitCode.Interrupted;
      exit(failed && !isOverruled ? ExitCode.Findings : read);
    });
}

function withText<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length === 0 ? second : [...first, ...second];
}

function reaches(counts: Readonly<Record<Severity, number>>, level: (typeof levels)[number]): boolean {
  if (level === "never") return false;
  const severities: readonly Severity[] = ["error", "warning", "info"];
  return severities.slice(0, severities.indexOf(level) + 1).some((severity) => counts[severity] > 0);
}

type Settings = ReadonlyMap<RuleName, Severity | "off">;

const noSettings = (): Settings => new Map();

function toSetting(text: string, before: Settings): Settings {
  const [name = "", severity = ""] = text.split("=", 2);
  if (!isRule(name)) {
    const close = nearest(name, Object.keys(rules));
    const hint = close === undefined ? `the rules are ${Object.keys(rules).join(", ")}` : `did you mean ${close}?`;
    throw new UsageError(`--rule ${text}: no rule is named '${name}'; ${hint}`);
  }
  if (!isSetting(severity)) throw new UsageError(`--rule ${text}: give off, info, warning or error, as in ${name}=off`);
  return new Map([...before, [name, severity]]);
}

const isRule = (name: string): name is RuleName => Object.hasOwn(rules, name);

const isSetting = (text: string): text is Severity | "off" => ["off", "info", "warning", "error"].includes(text);

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--slow ${text}: give a number of seconds, as in 2.5`);
  return seconds;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("It is not a whole number.");
  return number;
}
