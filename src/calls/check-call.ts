import type { Call } from "./call.ts";
import type { Calls, Draft } from "./calls.ts";
import { type CallFinding, judgeCall } from "./checks.ts";
import { createSurvey } from "./similar-calls.ts";

/** A call with what is wrong with it. */
export interface JudgedCall {
  readonly call: Call;
  readonly findings: readonly CallFinding[];
}

/** A judge of calls that measures each by all the others that are there now. */
export function createCallJudge(calls: Calls, slowMs: number): (draft: Draft) => JudgedCall {
  const survey = createSurvey();
  for (const draft of calls.drafts()) survey.add(calls.briefs(draft));
  return (draft) => {
    const call = calls.finish(draft);
    return { call, findings: judgeCall(call, { survey, slowMs }) };
  };
}
