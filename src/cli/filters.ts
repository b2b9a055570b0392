import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { callStatuses } from "../events/event.ts";
import type { Filter } from "../findings/select-events.ts";
import { findNearest } from "../findings/suggest.ts";
import { type NoOptions, type OptionsOf, toCount } from "./options.ts";

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

/** The options of `readsEvents` and `readsCalls`. */
export type FilterOptions = OptionsOf<typeof readsEvents<[], NoOptions>>;

/** The filter that the options ask for; relative times count back from `now`. */
export function toFilter(options: Partial<FilterOptions>, now: Date): Filter {
  return {
    call: options.call,
    type: options.type,
    statuses: options.status,
    since: options.since === undefined ? undefined : toTime(options.since, now),
    until: options.until === undefined ? undefined : toTime(options.until, now),
    limit: options.limit,
  };
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
