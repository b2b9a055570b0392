import type { Call } from "./call.ts";
import type { Calls, Draft } from "./calls.ts";
import { type CallFinding, checkCall } from "./checks.ts";
import { createSurvey } from "./similar-calls.ts";

/** A call with what is wrong with it. */
export interface CheckedCall {
  readonly call: Call;
  readonly findings: readonly CallFinding[];
}

/** A judge of calls that measures each by all the others that are there now. */
export function createCallChecker(calls: Calls, slowMs: number): (draft: Draft) => CheckedCall {
  const survey = createSurvey();
  for (const draft of calls.drafts()) survey.add(calls.briefs(draft));
  return (draft) => {
    const call = calls.finish(draft);
    return { call, findings: checkCall(call, { survey, slowMs }) };
  };
}
