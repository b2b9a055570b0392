import { briefType } from "../events/event.ts";
import { eventFinding } from "../events/rules.ts";
import type { Finding } from "../findings/finding.ts";
import { applySettings, type RuleSettings } from "../findings/select-events.ts";
import type { Call, Step } from "./call.ts";
import type { Calls, Draft } from "./calls.ts";
import { callFinding, type SequenceGap } from "./rules.ts";
import { createSurvey, type Survey, stagesOf } from "./similar-calls.ts";
import { type Family, isTerminal, type Row, type Stage, type StepPosition } from "./store/row.ts";

/** A finding about a call, at the event that shows it best. */
export interface CallFinding extends Finding {
  readonly source: StepPosition;
}

/** What the user made of the checks. */
export interface CheckSettings {
  /** A callback slower than this is reported. */
  readonly slowMs: number;
  readonly rules: RuleSettings;
}

/** A call with what is wrong with it. */
export interface CheckedCall {
  readonly call: Call;
  readonly findings: readonly CallFinding[];
}

/** A judge of calls that measures each by all the others that are there now. */
export function createCallChecker(calls: Calls, settings: CheckSettings): (draft: Draft) => CheckedCall {
  const survey = createSurvey();
  for (const draft of calls.drafts()) survey.add(calls.briefs(draft));
  return (draft) => checkCall(calls.finish(draft), survey, settings);
}

/** Judges a call. Reports the call-* rules, and response-failed and response-slow for each of its callbacks. */
export function checkCall(call: Call, survey: Survey, { slowMs, rules }: CheckSettings): CheckedCall {
  const first = call.steps[0];
  if (first === undefined) return { call, findings: [] };
  const findings: CallFinding[] = [];
  const report = (found: Finding, { source }: Pick<Step, "source"> = first): void => {
    findings.push({ ...found, source });
  };
  checkConflict(call, report);
  checkAfterEnd(call, report);
  checkOpen(call, survey, report);
  checkSequence(call, report);
  checkMissing(call, survey, report);
  checkDuration(call, report);
  for (const step of call.steps) checkCallback(step, slowMs, report);
  checkDouble(call, report);
  checkArrival(call, report);
  checkRepeats(call, report);
  return { call, findings: applySettings(findings, rules) };
}

type Report = (found: Finding, step?: Pick<Step, "source">) => void;

/** What a step is called that has neither type nor status. */
const nameless = "a request";

/** What people call a step: its status at the end, its stage before, else what its type ends with. */
function stepName({ stage, status, type }: Pick<Step, "stage" | "status" | "type">): string {
  const told = status?.trim();
  if (stage === "completed") return told || stage;
  return stage ?? (briefType(type ?? "") || told || nameless);
}

const isEnd = (step: Step): step is Step & { readonly status: string } => isTerminal(step.status);

function checkConflict({ steps }: Call, report: Report): void {
  const first = steps.find(isEnd);
  const second = first && steps.find((step) => isEnd(step) && step.status !== first.status);
  if (second === undefined) return;
  const statuses = [...new Set(steps.filter(isEnd).map(({ status }) => status))];
  report(callFinding("call-status-conflict", { statuses }), second);
}

/** Recordings and transcripts come after the end; what a call goes through does not. */
function checkAfterEnd({ steps }: Call, report: Report): void {
  const index = steps.findIndex((step) => step.stage === "completed" && isEnd(step));
  const end = steps[index];
  if (end === undefined) return;
  const late = steps.find((step, at) => at > index && step.stage !== undefined && step.stage !== "completed");
  if (late === undefined || late.at === undefined || end.at === undefined) return;
  report(callFinding("call-after-end", { step: stepName(late), end: stepName(end), byMs: late.at - end.at }), late);
}

function checkOpen(call: Call, survey: Survey, report: Report): void {
  if (call.isOver || call.status === undefined) return;
  const last = call.steps.findLast(({ status }) => status !== undefined);
  const lastAt = call.steps.findLast(({ at }) => at !== undefined)?.at;
  if (last === undefined) return;
  const agoMs = lastAt === undefined || survey.lastAt === undefined ? undefined : survey.lastAt - lastAt;
  report(
    callFinding("call-open", {
      last: (last.stage ?? call.status.trim()) || nameless,
      agoMs,
      othersEnd: survey.seesEnds,
    }),
    last,
  );
}

/** SequenceNumber counts the subscribed events alone, so a lone `completed` with 0 is whole. */
function checkSequence({ steps }: Call, report: Report): void {
  if (isWhole(steps)) return;
  const numbered = steps
    .flatMap((step) => (step.sequence === undefined ? [] : [{ step, number: step.sequence }]))
    .sort((one, other) => one.number - other.number);
  const ranges: (readonly [number, number])[] = [];
  let gap: SequenceGap | undefined;
  let at: Step | undefined;
  for (const [index, { step, number }] of numbered.entries()) {
    const before = numbered[index - 1];
    const expected = (before?.number ?? -1) + 1;
    if (number <= expected) continue;
    ranges.push([expected, number - 1]);
    at ??= step;
    gap ??= {
      ranges,
      before: before && `${stepName(before.step)} (${before.number})`,
      after: `${stepName(step)} (${number})`,
    };
  }
  if (gap !== undefined) report(callFinding("call-sequence-gap", gap), at);
}

/** Whether the numbers are all there and in their order. */
function isWhole(steps: readonly Step[]): boolean {
  let next = 0;
  for (const { sequence } of steps) {
    if (sequence !== undefined && sequence !== next++) return false;
  }
  return true;
}

const expected: Readonly<Record<string, readonly Stage[]>> = {
  initiated: [],
  ringing: ["initiated"],
  "in-progress": ["initiated", "ringing"],
  completed: ["initiated", "ringing", "answered"],
  "no-answer": ["initiated", "ringing"],
  busy: ["initiated"],
  failed: ["initiated"],
  canceled: ["initiated"],
};

/** With SequenceNumbers nothing need be guessed: what was lost leaves a gap. */
function checkMissing(call: Call, survey: Survey, report: Report): void {
  if (call.steps.some(({ sequence }) => sequence !== undefined)) return;
  const stages = stagesOf(call);
  if (stages.size === 0) return;
  for (const stage of expected[call.status ?? ""] ?? []) {
    if (stages.has(stage)) continue;
    const { having, of } = survey.othersWith(call, stage);
    if (having > 0 && having * 2 >= of) report(callFinding("call-missing-step", { stage, having, of }));
  }
}

function checkDuration({ callDuration, talkMs, isCoarse, steps }: Call, report: Report): void {
  if (callDuration === undefined || talkMs === undefined) return;
  const tolerance = isCoarse ? 2000 : 1000;
  if (Math.abs(callDuration * 1000 - talkMs) <= tolerance) return;
  report(callFinding("call-duration", { callDuration, talkMs }), steps.find(isEnd));
}

/** What went to Twilio's own API was answered by Twilio: its speed is not the customer's to mend. */
function checkCallback({ type, callback, source }: Step, slowMs: number, report: Report): void {
  if (callback === undefined) return;
  const { code, durationMs, url } = callback;
  const isOwn = !type?.startsWith("com.twilio.voice.api-request.") && !url?.startsWith("https://api.twilio.com/");
  if (code !== undefined && code >= 400) {
    report(eventFinding("response-failed", { code, by: isOwn ? "server" : "twilio" }), { source });
  }
  if (isOwn && durationMs !== undefined && durationMs > slowMs) {
    report(eventFinding("response-slow", { durationMs, slowMs }), { source });
  }
}

function checkDouble({ steps }: Call, report: Report): void {
  const doubled = steps.filter(isDouble);
  if (doubled.length > 0)
    report(callFinding("call-double-subscription", { steps: [...new Set(doubled.map(stepName))] }), doubled[0]);
}

function isDouble({ reports }: Step): boolean {
  const has = (family: Family): boolean => reports.some(({ common }) => common.family === family);
  return has("current") && has("deprecated");
}

/** Only within one input can one tell what arrived first; whole seconds do not order what lies within one. */
function checkArrival({ steps }: Call, report: Report): void {
  if (isAsArrived(steps)) return;
  const latest = new Map<string, Step>();
  let worst: { readonly late: Step; readonly early: Step; readonly byMs: number } | undefined;
  for (const step of steps.toReversed()) {
    const { input } = step.source;
    const early = latest.get(input);
    if (step.at === undefined) continue;
    if (early?.at !== undefined && standsBefore(early.source, step.source)) {
      const byMs = early.at - step.at;
      const isSure = byMs >= 1000 || (byMs > 0 && step.clock === early.clock);
      if (isSure && (worst === undefined || byMs > worst.byMs)) worst = { late: step, early, byMs };
    }
    if (early === undefined || standsBefore(step.source, early.source)) latest.set(input, step);
  }
  if (worst !== undefined) {
    const { late, early, byMs } = worst;
    report(callFinding("call-out-of-order", { late: stepName(late), early: stepName(early), byMs }), late);
  }
}

/** Whether each step stands behind the one before it, in one input. */
function isAsArrived(steps: readonly Step[]): boolean {
  return steps.every(({ source }, index) => {
    const before = steps[index - 1]?.source;
    return before === undefined || (before.input === source.input && before.offset < source.offset);
  });
}

/** Whether one place of an input comes before another; what was packed in one string has only its path to tell. */
function standsBefore(one: Step["source"], other: Step["source"]): boolean {
  if (one.offset !== other.offset) return one.offset < other.offset;
  const ones = one.path.split(/(\d+)/);
  const others = other.path.split(/(\d+)/);
  const index = ones.findIndex((part, at) => part !== others[at]);
  // Numbers stand at the odd places of the parts.
  return index % 2 === 1 && Number(ones[index]) < Number(others[index]);
}

function checkRepeats({ steps }: Call, report: Report): void {
  const isAgain = ({ times }: Row): boolean => times > 1;
  const again = steps.flatMap((step) =>
    step.reports.filter(isAgain).map(({ times }) => ({ name: stepName(step), times })),
  );
  if (again.length === 0) return;
  report(
    callFinding("call-duplicate", { steps: again }),
    steps.find(({ reports }) => reports.some(isAgain)),
  );
}
