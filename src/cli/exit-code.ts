import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ExitCode, UsageError } from "../errors.ts";
import type { Severity } from "../findings/finding.ts";
import { isRule, rules } from "../findings/rules.ts";
import type { RunSummary } from "../findings/run-stats.ts";
import type { RuleSettings } from "../findings/select-events.ts";
import { findNearest } from "../findings/suggest.ts";
import type { NoOptions, OptionsOf } from "./options.ts";

const failLevels = ["error", "warning", "info", "never"] as const;

/** The options of every command that judges: what the rules weigh, and what makes it fail. */
export function addExitOptions<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  const failing = command
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on").choices(failLevels).default("error" as const),
    )
    .option("--max-warnings <n>", "exit 1 when there are more warnings", toNumber);
  return addRuleOption(failing).option("--allow-empty", "exit 0 when no event is found");
}

/** The option of every command that judges: what its rules weigh. */
export function addRuleOption<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command.addOption(
    new Option("--rule <name=severity>", "set a rule to off, info, warning or error (repeatable)")
      .argParser(toSetting)
      .default(noSettings(), "none"),
  );
}

type Counts = Pick<RunSummary, "errors" | "warnings" | "infos">;

/** How the run ends: as the reading asks for where it went wrong or was interrupted, else by what was found. */
export function exitCodeOf(
  read: ExitCode,
  summary: Counts,
  { failOn, maxWarnings }: OptionsOf<typeof addExitOptions<[], NoOptions>>,
): ExitCode {
  if (read === ExitCode.Usage || read === ExitCode.Interrupted) return read;
  const { errors, warnings, infos } = summary;
  const counts = [errors, warnings, infos].slice(0, (failLevels.indexOf(failOn) + 1) % failLevels.length);
  const isOver = warnings > (maxWarnings ?? Number.POSITIVE_INFINITY);
  return isOver || counts.some((count) => count > 0) ? ExitCode.Findings : read;
}

const noSettings = (): RuleSettings => new Map();

function toSetting(text: string, before: RuleSettings): RuleSettings {
  const [name = "", severity = ""] = text.split("=", 2);
  if (!isRule(name)) {
    const close = findNearest(name, Object.keys(rules));
    const hint = close === undefined ? `the rules are ${Object.keys(rules).join(", ")}` : `did you mean ${close}?`;
    throw new UsageError(`--rule ${text}: no rule is named '${name}'; ${hint}`);
  }
  if (!isSetting(severity)) throw new UsageError(`--rule ${text}: give off, info, warning or error, as in ${name}=off`);
  return new Map([...before, [name, severity]]);
}

const isSetting = (text: string): text is Severity | "off" => ["off", "info", "warning", "error"].includes(text);

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("It is not a whole number.");
  return number;
}
