import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { RuleSettings } from "../pipeline.ts";
import { type RuleName, rules, type Severity } from "../rules.ts";

const levels = ["error", "warning", "info", "never"] as const;

/** The options of every command that judges: what findings weigh, and which of them fail the run. */
export function judges<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on").choices(levels).default("error" as const),
    )
    .option("--max-warnings <n>", "exit 1 when there are more warnings", toNumber)
    .addOption(
      new Option("--rule <name=severity>", "set a rule to off, info, warning or error (repeatable)")
        .argParser(toSetting)
        .default(noSettings(), "none"),
    )
    .option("--slow <seconds>", "report responses slower than this", toSeconds("--slow"), 5);
}

interface Failing {
  readonly failOn: (typeof levels)[number];
  readonly maxWarnings?: number | undefined;
}

/** Whether so many findings fail the run. */
export function isFailed(
  { errors, warnings, infos }: { readonly errors: number; readonly warnings: number; readonly infos: number },
  { failOn, maxWarnings }: Failing,
): boolean {
  const counts: Readonly<Record<Severity, number>> = { error: errors, warning: warnings, info: infos };
  const severities: readonly Severity[] = ["error", "warning", "info"];
  const failing = failOn === "never" ? [] : severities.slice(0, severities.indexOf(failOn) + 1);
  return failing.some((severity) => counts[severity] > 0) || warnings > (maxWarnings ?? Number.POSITIVE_INFINITY);
}

const noSettings = (): RuleSettings => new Map();

function toSetting(text: string, before: RuleSettings): RuleSettings {
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

/** A number of seconds above 0. */
export function toSeconds(option: string): (text: string) => number {
  return (text) => {
    const seconds = Number(text);
    if (!(seconds > 0)) throw new UsageError(`${option} ${text}: give a number of seconds, as in 2.5`);
    return seconds;
  };
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("It is not a whole number.");
  return number;
}
