import { type EventKind, readEvent, type TwilioEvent } from "../events/event.ts";
import { eventTime } from "../events/event-time.ts";
import { eventFinding } from "../events/rules.ts";
import { hexByte } from "../input/charset.ts";
import { findDuplicateKeys } from "../input/duplicate-keys.ts";
import type { FoundObject } from "../input/find-events.ts";
import type { Encoding, ParseError, ScanResult } from "../input/json-record.ts";
import { type InputStats, noInputStats } from "../input/line-reader.ts";
import { pathText, placeOf } from "../input/position.ts";
import { createPrefilter, type Prefilter } from "../input/prefilter.ts";
import { readSource } from "../input/read-source.ts";
import { type Source as Input, problemOf, type SourceError } from "../input/sources.ts";
import type { Source } from "../output/located-finding.ts";
import type { Finding, Severity } from "./finding.ts";

/** Which events are looked at; an absent field lets all through. */
export interface Filter {
  readonly call: string | undefined;
  readonly type: RegExp | undefined;
  readonly statuses: ReadonlySet<string> | undefined;
  /** Epoch milliseconds; events without a time do not pass. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly limit: number | undefined;
  /**
   * Parts of SIDs, for who looks only at events that name one of them, and at no faults: what is plainly another event is
   * counted without being read.
   */
  readonly names?: ReadonlySet<string> | undefined;
}

/** The filter that lets all through. */
export const noFilter: Filter = {
  call: undefined,
  type: undefined,
  statuses: undefined,
  since: undefined,
  until: undefined,
  limit: undefined,
};

/** An event that was found and passed the filter. */
export interface FoundEvent {
  readonly kind: "event";
  readonly found: FoundObject;
  readonly event: TwilioEvent;
}

/** What a run has read so far. */
export interface ReadStats extends InputStats {
  inputs: number;
  unreadable: number;
  /** Events that passed the filter. */
  passed: number;
}

/** Nothing read yet. */
export const noReadStats = (): ReadStats => ({ ...noInputStats(), inputs: 0, unreadable: 0, passed: 0 });

/** What a command takes of an input before it is searched for events. */
export interface Taken {
  readonly kind: "taken";
}

/**
 * Reads the inputs in turn: hands the events that pass the filter, and text that could not be read, to `visit`; yields
 * after each chunk, and an input that cannot be read in its place. What `take` makes of a piece of text is visited in the
 * place of the events in it.
 */
export async function* readEvents<Own extends Taken = never>(
  inputs: readonly (Input | SourceError)[],
  filter: Filter,
  tally: ReadStats,
  visit: (item: FoundEvent | ParseError | NoInfer<Own>) => void,
  take?: (piece: ScanResult) => readonly Own[] | undefined,
): AsyncGenerator<SourceError | undefined> {
  const select = selecting<Own>(filter, tally, visit);
  const sieve = prefilterFor(filter, tally);
  for (const input of inputs) {
    tally.inputs++;
    if ("problem" in input) {
      tally.unreadable++;
      yield input;
      continue;
    }
    try {
      for await (const _ of readSource(input, tally, select, { sieve, take })) {
        yield;
        if (tally.passed === filter.limit) return;
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      tally.unreadable++;
      yield { name: input.name, problem: problemOf(error) };
    }
  }
}

/** Hands on to `visit` the events that pass the filter, and counts them; and all that is no event. */
export function selecting<Own extends Taken = never>(
  filter: Filter,
  tally: ReadStats,
  visit: (item: FoundEvent | ParseError | NoInfer<Own>) => void,
): (item: FoundObject | ParseError | Own) => void {
  return (item) => {
    // Who takes a text has counted what is in it.
    if (item.kind === "taken") return visit(item);
    if (tally.passed === filter.limit) return;
    if (item.kind === "fault") return visit(item);
    const read = pass(item, filter, tally);
    if (read !== undefined) visit(read);
  };
}

/** What holds back the events that name none of the SIDs that the filter tells of. */
export function prefilterFor({ call, names, limit }: Filter, tally: ReadStats): Prefilter | undefined {
  // A limit counts each event that passes.
  if (names === undefined || limit !== undefined) return undefined;
  return createPrefilter(names, () => {
    if (call === undefined) tally.passed++;
  });
}

/** Whether it is the system that says so, of an input. */
export const isSystemError = (error: unknown): boolean => error instanceof Error && "syscall" in error;

/** Reads what was found as an event, and counts it where the filter lets it through; undefined where it does not. */
export function pass(found: FoundObject, filter: Filter, tally: ReadStats): FoundEvent | undefined {
  const event = readEvent(found.value, found.kind satisfies EventKind);
  if (!passes(event, filter)) return undefined;
  tally.passed++;
  return { kind: "event", found, event };
}

/** Whether the filter, but for its limit, lets the event through. */
function passes(event: TwilioEvent, filter: Filter): boolean {
  if (filter.call !== undefined && event.callSid !== filter.call) return false;
  if (filter.type !== undefined && !filter.type.test(event.type ?? "")) return false;
  if (filter.statuses !== undefined && !filter.statuses.has(event.status ?? "")) return false;
  if (filter.since === undefined && filter.until === undefined) return true;
  const time = eventTime(event);
  if (time === undefined) return false;
  return time >= (filter.since ?? Number.NEGATIVE_INFINITY) && time < (filter.until ?? Number.POSITIVE_INFINITY);
}

/** Findings about the event's text, which its value no longer shows. */
export function textFindings({ found }: FoundEvent): readonly Finding[] {
  const { document, path } = found;
  const findings: Finding[] = [];
  if (document.encoding !== undefined) {
    findings.push(eventFinding("json-encoding", { problem: misread(document.encoding) }));
  }
  for (const { pointer, key, count } of findDuplicateKeys(document, path)) {
    findings.push(eventFinding("json-duplicate-key", { key, count }, { pointer }));
  }
  return findings;
}

function misread({ name, wrong }: Encoding): string {
  if (wrong === undefined)
    return `the text is ${name} among UTF-8, as PowerShell 5 appends it with >>; it was read as such`;
  return `the bytes are not UTF-8: ${hexByte(wrong.byte)} at offset ${wrong.offset} is wrong; they were read as ${name}`;
}

/** Where the event stands in its input. */
export function sourceOf({ document, path }: FoundObject): Source {
  return { ...placeOf(document, path), path: pathText(document, path) };
}

/** What the user made of a rule: its severity, or `off`. */
export type RuleSettings = ReadonlyMap<string, Severity | "off">;

/** The findings with the severities that the user set. */
export function applySettings<Judged extends Finding>(
  findings: readonly Judged[],
  settings: RuleSettings,
): readonly Judged[] {
  if (findings.length === 0 || settings.size === 0) return findings;
  return findings.flatMap((each) => {
    const severity = settings.get(each.rule) ?? each.severity;
    return severity === "off" ? [] : [{ ...each, severity }];
  });
}
