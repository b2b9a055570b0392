import { callItem } from "../../calls/call-item.ts";
import { createCallStats } from "../../calls/call-stats.ts";
import { createFollower, toLiveCall } from "../../calls/follow-calls.ts";
import type { Result } from "../../cli/output.ts";
import { type FoundEvent, noFilter, type RuleSettings, sourceOf } from "../../findings/select-events.ts";

interface LiveOptions {
  readonly rule: RuleSettings;
  readonly slow: number;
}

/** A call without an event for so long is done with. */
const QUIET_MS = 600_000;

/** Shows each call whole when it has ended or gone quiet. */
export function createLiveCalls(options: LiveOptions, result: Result) {
  const follower = createFollower({
    quietMs: QUIET_MS,
    slowMs: options.slow * 1000,
    rules: options.rule,
    score: createCallStats(),
    filter: noFilter,
    show: (judged) => result.add(callItem(toLiveCall(judged, "whole"))),
  });
  return {
    add({ event, found }: FoundEvent, now: number): void {
      if (event.callSid !== undefined) follower.add(event, sourceOf(found), now);
    },
    sweep: follower.sweep,
    end: follower.end,
  };
}
