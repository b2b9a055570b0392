import type { TwilioEvent } from "../events/event.ts";
import { createDistinct, createHashList, type HashList } from "./distinct-count.ts";
import type { Finding, Severity } from "./finding.ts";
import type { ReadStats } from "./select-events.ts";

/** What a run came to. */
export interface RunSummary {
  readonly inputs: number;
  readonly bytes: number;
  readonly events: number;
  readonly valid: number;
  readonly invalid: number;
  readonly calls: number;
  readonly duplicates: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly unreadable: number;
}

type Counts = {
  -readonly [Key in keyof RunSummary as Exclude<Key, "inputs" | "bytes" | "unreadable">]: RunSummary[Key];
};

/** Counts judged events and findings as they pass. */
export interface EventCounter {
  event(event: TwilioEvent, findings: readonly Finding[]): void;
  finding(severity: Severity): void;
}

/** What was counted elsewhere: ids and calls are told apart where all of them come together. */
export interface RunStatsPart {
  readonly counts: Readonly<Counts>;
  readonly ids: ReturnType<HashList["take"]>;
  readonly calls: ReturnType<HashList["take"]>;
}

/** The count of a run; `summary` tells what there was. */
export interface RunStats extends EventCounter {
  /** Something judged that has no event around it. */
  other(findings: readonly Finding[]): void;
  merge(part: RunStatsPart): void;
  summary(tally: ReadStats): RunSummary;
}

/** Begins to count a run. */
export function createRunStats(): RunStats {
  const ids = createDistinct();
  const calls = createDistinct();
  const { counts, judged, count } = createCounts();
  return {
    other: judged,
    event(event, findings) {
      judged(findings);
      if (event.id !== undefined && !ids.add(event.id)) counts.duplicates++;
      if (event.callSid !== undefined && calls.add(event.callSid)) counts.calls++;
    },
    finding: count,
    merge(part) {
      for (const key of Object.keys(part.counts) as (keyof Counts)[]) counts[key] += part.counts[key];
      counts.duplicates += part.ids.came - ids.merge(part.ids.hashes);
      counts.calls += calls.merge(part.calls.hashes);
    },
    summary: ({ inputs, bytes, unreadable }) => ({ inputs, bytes, ...counts, unreadable }),
  };
}

/** Counts a part of a run, in a thread; `take` hands over what was counted since it was last asked. */
export function createPartialRunStats(): EventCounter & { take(): RunStatsPart } {
  const ids = createHashList();
  const calls = createHashList();
  let { counts, judged, count } = createCounts();
  return {
    event(event, findings) {
      judged(findings);
      if (event.id !== undefined) ids.add(event.id);
      if (event.callSid !== undefined) calls.add(event.callSid);
    },
    finding: (severity) => count(severity),
    take() {
      const part = { counts, ids: ids.take(), calls: calls.take() };
      ({ counts, judged, count } = createCounts());
      return part;
    },
  };
}

function createCounts() {
  const counts: Counts = {
    events: 0,
    valid: 0,
    invalid: 0,
    calls: 0,
    duplicates: 0,
    errors: 0,
    warnings: 0,
    infos: 0,
  };
  function count(severity: Severity): void {
    if (severity === "error") counts.errors++;
    else if (severity === "warning") counts.warnings++;
    else counts.infos++;
  }
  function judged(findings: readonly Finding[]): void {
    counts.events++;
    let valid = true;
    for (const { severity } of findings) {
      count(severity);
      if (severity === "error") valid = false;
    }
    if (valid) counts.valid++;
    else counts.invalid++;
  }
  return { counts, count, judged };
}
