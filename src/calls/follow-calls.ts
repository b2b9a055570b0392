import type { TwilioEvent } from "../events/event.ts";
import { type CallFilter, passes } from "./call-filter.ts";
import type { createCallStats } from "./call-stats.ts";
import type { ShownCall } from "./call-text.ts";
import { createCalls, type Draft } from "./calls.ts";
import { type CheckedCall, type CheckSettings, checkCall } from "./check-call.ts";
import { createSurvey } from "./similar-calls.ts";
import type { StepPosition } from "./store/row.ts";

interface FollowOptions extends CheckSettings {
  /** Without an event for so long a call is done with, whether it has ended or not. */
  readonly quietMs: number;
  readonly score: ReturnType<typeof createCallStats>;
  readonly filter: CallFilter;
  show(checked: CheckedCall): void;
}

/** Calls that are shown while their events still come. */
export interface Follower {
  add(event: TwilioEvent, source: StepPosition, now: number): Draft | undefined;
  /** Shows the calls that have ended or gone quiet. */
  sweep(now: number): void;
  /** Shows what is left. */
  end(): void;
}

interface Open {
  lastSeen: number;
  /** How many events it had when it was shown. */
  shown: number;
}

/**
 * Shows a call once it has ended with none of its numbers missing, else when it has gone quiet; again when events came
 * after that. It is forgotten when it is quiet, so that memory does not grow with time.
 */
export function createFollower({ quietMs, slowMs, rules, score, filter, show }: FollowOptions): Follower {
  const calls = createCalls();
  const survey = createSurvey();
  /** By the time of the last event: whoever has been quiet the longest stands first. */
  const open = new Map<Draft, Open>();
  let touched = new Set<Draft>();

  const check = (draft: Draft): CheckedCall => checkCall(calls.finish(draft), survey, { slowMs, rules });

  function showWhole(draft: Draft): void {
    const state = open.get(draft);
    if (state === undefined || state.shown > 0) return;
    const { call, findings } = check(draft);
    if (!call.isOver || findings.some(({ rule }) => rule === "call-sequence-gap")) return;
    state.shown = calls.size(draft);
    if (passes(call, filter)) show({ call, findings });
  }

  function close(draft: Draft, state: Open): void {
    survey.add(calls.briefs(draft));
    const { call, findings } = check(draft);
    if (passes(call, filter)) {
      if (calls.size(draft) !== state.shown) show({ call, findings });
      score.add(call, findings, call.parentSid !== undefined);
    }
    calls.remove(draft);
    open.delete(draft);
  }

  return {
    add(event, source, now) {
      const draft = calls.add(event, source);
      if (draft === undefined) return undefined;
      const shown = open.get(draft)?.shown ?? 0;
      open.delete(draft);
      open.set(draft, { lastSeen: now, shown });
      touched.add(draft);
      return draft;
    },
    sweep(now) {
      const fresh = touched;
      touched = new Set();
      for (const draft of fresh) showWhole(draft);
      for (const [draft, state] of open) {
        if (now - state.lastSeen < quietMs) break;
        close(draft, state);
      }
    },
    end() {
      for (const [draft, state] of open) close(draft, state);
    },
  };
}

/** A call as it is shown while others are still to come: its legs are not beside it. */
export function toLiveCall({ call, findings }: CheckedCall, detail: "whole" | "live"): ShownCall {
  const moments = call.steps.flatMap(({ at }) => at ?? []).sort((one, other) => one - other);
  return { detail, depth: call.parentSid === undefined ? 0 : 1, moments, call, findings };
}
