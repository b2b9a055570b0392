import { UsageError } from "../errors.ts";
import type { Redactor } from "../redact/redactor.ts";
import { type CallFilter, isNamed, letsAllPass, passes } from "./call-filter.ts";
import type { Calls, Draft } from "./calls.ts";
import type { CheckedCall } from "./check-call.ts";
import type { Leg } from "./legs.ts";
import { byText } from "./step-order.ts";

/** The drafts that the filter lets through. Throws a UsageError when it names more than one call. */
export function chosen(calls: Calls, filter: CallFilter, redactor?: Redactor): readonly Draft[] {
  const { call: name } = filter;
  const drafts = [...calls.drafts()];
  const named = name === undefined ? [] : drafts.map(calls.sid).filter((sid) => isNamed(sid, name));
  if (name !== undefined && named.length > 1 && !named.includes(name)) {
    const some = named.slice(0, 3).map((sid) => redactor?.byKind(sid, "sid") ?? sid);
    const rest = named.length > 3 ? `, and ${named.length - 3} more` : "";
    throw new UsageError(`--call ${name} could be ${some.join(", ")}${rest}; give more of the SID`);
  }
  return letsAllPass(filter) ? drafts : drafts.filter((draft) => passes(calls.finish(draft), filter));
}

/** The moments of a family, for one scale in all its charts. */
export function momentsOf(calls: Calls, family: readonly Leg[]): readonly number[] {
  const moments = new Set(family.flatMap(({ call }) => calls.times(call)));
  return [...moments].sort((one, other) => one - other);
}

/** The call that began this one, where it is among them. */
export const parentOf = (calls: Calls, draft: Draft): Draft | undefined => {
  const parentSid = calls.parentSid(draft);
  return parentSid === undefined ? undefined : calls.find(parentSid);
};

/** Whether another of the calls began this one. */
export function isLegOf(calls: Calls, draft: Draft): boolean {
  const parent = parentOf(calls, draft);
  return parent !== undefined && parent !== draft;
}

/** What calls can be sorted by: `time` and `status` go up, `findings` and `duration` down. */
export type Sort = "time" | "findings" | "duration" | "status";

const weights = { error: 1e8, warning: 1e4, info: 1 } as const;

/** The calls sorted; those that are alike, or of which it is not known, stand by their start, and by their SID. */
export function sorted(
  calls: Calls,
  drafts: readonly Draft[],
  by: Sort,
  check: (draft: Draft) => CheckedCall,
): readonly Draft[] {
  const end = drafts.reduce((most, draft) => Math.max(most, draft + 1), 0);
  const starts = new Float64Array(end);
  for (const draft of drafts) starts[draft] = calls.start(draft) ?? Number.MAX_VALUE;
  const byStart = (one: Draft, other: Draft): number =>
    (starts[one] as number) - (starts[other] as number) || calls.compare(one, other);
  if (by === "time") return drafts.toSorted(byStart);
  const statuses = new Map<Draft, string>();
  const keys = new Float64Array(end);
  for (const draft of drafts) {
    const { call, findings } = check(draft);
    if (by === "status") statuses.set(draft, call.status ?? "~");
    else if (by === "duration") keys[draft] = -(call.totalMs ?? -1);
    else keys[draft] = -findings.reduce((sum, { severity }) => sum + weights[severity], 0);
  }
  return drafts.toSorted(
    (one, other) =>
      (by === "status"
        ? byText(statuses.get(one), statuses.get(other))
        : (keys[one] as number) - (keys[other] as number)) || byStart(one, other),
  );
}
