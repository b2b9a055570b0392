import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { callStatuses } from "../events/event.ts";
import type { Filter } from "../findings/select-events.ts";
import { findNearest } from "../findings/suggest.ts";
import { expandInputs, type Source, type SourceError } from "../input/sources.ts";
import type { Io } from "../io.ts";

const INPUT_HELP = "file, folder, quoted glob, or - for standard input (the default where it is piped)";

/** The argument and the filters of every command that reads events. */
export function readsEvents<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return filtersEvents(command.argument("[input...]", INPUT_HELP))
    .option("--since <time>", "only events from this time on: ISO 8601, or back from now as in 2h, 3d")
    .option("--until <time>", "only events before this time")
    .option("--limit <n>", "stop after so many events", toCount);
}

/** The option of every command that can read big files in several threads. */
export function spreads<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command.option("--jobs <n>", "threads for files over 100 MB (the cores unless told)", toCount);
}

/** The filters that need no past. */
export function filtersEvents<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command
    .option("--call <sid>", "only the events of this call", toCallSid)
    .option("--type <glob>", "only types that match, as in '*.call.completed'", toTypePattern)
    .option("--status <list>", "only these call statuses, as in busy,failed", toStatuses);
}

/** The argument and the filters of commands that read calls: they choose whole calls, of which no event is left out. */
export function readsCalls<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command
    .argument("[input...]", INPUT_HELP)
    .option("--call <sid>", "only this call and its legs; the beginning or the end of the SID will do")
    .option("--type <glob>", "only calls with an event of a type that matches, as in '*.dial.finished'", toTypePattern)
    .option("--status <list>", "only calls that ended so, as in busy,failed", toStatuses)
    .option("--since <time>", "only calls with an event from this time on: ISO 8601, or back from now as in 2h, 3d")
    .option("--until <time>", "only calls with an event before this time")
    .option("--limit <n>", "stop after so many events", toCount);
}

/** The zone that Intl knows by the name that the user gave it. */
export function toTimeZone(text: string): string {
  if (text.toUpperCase() === "UTC") return "UTC";
  if (text === "local") return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--tz ${text}: no zone has this name; give UTC, local or one such as Europe/Berlin`);
  }
}

/** The options of every command that prints a result, but for its formats. */
export function printsResult<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command
    .option("-o, --output <file>", "write the result there instead of to standard output")
    .addOption(
      new Option("--color <when>", "when to use colors")
        .choices(["auto", "always", "never"] as const)
        .default("auto" as const),
    )
    .option("--ascii", "print ASCII only")
    .option("--width <n>", "columns to fill", toCount);
}

/** What the format option of a command says. */
export const formatOption = () => new Option("-f, --format <name>", "how to print it");

/** What the filters' options say. */
export interface FilterOptions {
  readonly call?: string | undefined;
  readonly type?: RegExp | undefined;
  readonly status?: ReadonlySet<string> | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly limit?: number | undefined;
}

/** The filter that the options ask for; relative times count back from `now`. */
export function toFilter(options: FilterOptions, now: Date): Filter {
  return {
    call: options.call,
    type: options.type,
    statuses: options.status,
    since: options.since === undefined ? undefined : toTime(options.since, now),
    until: options.until === undefined ? undefined : toTime(options.until, now),
    limit: options.limit,
  };
}

/**
 * What the command is to read: the inputs that were named, else standard input. At a terminal with nothing named there
 * is nothing to read: undefined.
 */
export async function toSources(
  names: readonly string[],
  io: Io,
): Promise<readonly (Source | SourceError)[] | undefined> {
  if (names.length === 0 && io.stdin.isTerminal) return undefined;
  return expandInputs(names.length === 0 ? ["-"] : names, io.stdin.chunks);
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Epoch milliseconds of an ISO 8601 time (UTC where it names no zone), or of one counted back from `now`: `2h`, `3d`. */
export function toTime(text: string, now: Date): number {
  const [, amount, unit] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return now.getTime() - Number(amount) * units[unit as keyof typeof units];
  }
  const time = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text)
    ? Date.parse(/[T ]/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text.replace(" ", "T")}Z` : text)
    : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(
      `'${text}' is no time: give ISO 8601, as in 2026-11-23T02:00Z, or back from now, as in 2h or 3d`,
    );
  }
  return time;
}

/** A positive whole number. */
export function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("It is not a positive whole number.");
  return count;
}

function toCallSid(text: string): string {
  if (!/^CA\w+$/.test(text)) throw new InvalidArgumentError("A call SID begins with CA.");
  return text;
}

function toStatuses(text: string): ReadonlySet<string> {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (callStatuses.includes(name)) continue;
    const close = findNearest(name, callStatuses);
    const hint = close === undefined ? `the call statuses are ${callStatuses.join(", ")}` : `did you mean ${close}?`;
    throw new UsageError(`--status ${text}: no call status is named '${name}'; ${hint}`);
  }
  return new Set(names);
}

/** `*` stands for any characters, `?` for one, `{a,b}` for either. */
export function toTypePattern(glob: string): RegExp {
  const source = glob
    .replace(/[\\^$.|()[\]+]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replace(/\{([^{}]*)\}/g, (_, list: string) => `(?:${list.replaceAll(",", "|")})`)
    .replace(/[{}]/g, "\\$&");
  return new RegExp(`^(?:com\\.twilio\\.(?:voice\\.)?)?${source}$`);
}

/** `2h` of data reads as `8.1 kB`. */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const names = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let name = 0;
  while (value >= 999.5 && name < names.length - 1) {
    value /= 1000;
    name++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${names[name]}`;
}

/** Help text with examples: each a command line and what it does. */
export function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return `\nExamples:\n${lines.map(([line, says]) => `  ${line.padEnd(width)}  ${says}`).join("\n")}`;
}
