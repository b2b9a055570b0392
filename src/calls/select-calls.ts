import { UsageError } from "../errors.ts";
import type { Redactor } from "../redact/redactor.ts";
import { type CallFilter, isNamed, letsAllPass, passes } from "./call-filter.ts";
import type { Calls, Draft } from "./calls.ts";
import type { Leg } from "./legs.ts";

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
