import type { Call } from "./call.ts";

/** Which calls are looked at; an absent field lets all through. */
export interface CallFilter {
  /** The SID, or a part that it begins or ends with. */
  readonly call: string | undefined;
  /** One of its events has a type that matches. */
  readonly type: RegExp | undefined;
  readonly statuses: ReadonlySet<string> | undefined;
  /** One of its events lies in this time: epoch milliseconds. */
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Whether the call, as a whole, passes: an event alone cannot tell, and a call without some of them is misjudged. */
export function passes({ steps, status }: Call, { type, statuses, since, until }: CallFilter): boolean {
  if (statuses !== undefined && !statuses.has(status ?? "")) return false;
  if (type !== undefined) {
    const types = steps.flatMap(({ reports }) => reports.map(({ common }) => common.type ?? ""));
    if (!types.some((each) => type.test(each))) return false;
  }
  if (since === undefined && until === undefined) return true;
  const from = since ?? Number.NEGATIVE_INFINITY;
  const to = until ?? Number.POSITIVE_INFINITY;
  return steps.some(({ at }) => at !== undefined && at >= from && at < to);
}

/** Whether all calls pass, so that none need be put together to tell. */
export function letsAllPass({ type, statuses, since, until }: CallFilter): boolean {
  return type === undefined && statuses === undefined && since === undefined && until === undefined;
}

/** Whether a SID is the named one: whole, or by its beginning or end. */
export function isNamed(sid: string, name: string): boolean {
  return sid.startsWith(name) || sid.endsWith(name);
}

/** Tells which events are of a call or of its legs. */
export interface NamedCalls {
  /** Whether an event of this call is one of them; a leg of a leg is known once an event of the leg has been there. */
  has(sid: string, parentSid: string | undefined): boolean;
  /** An event that holds none of these texts is none of them. */
  readonly texts: ReadonlySet<string>;
  /** The legs that the name alone does not tell of. */
  legs(): readonly string[];
  /** Takes legs that were found elsewhere. */
  addLegs(legs: readonly string[]): void;
}

/** The events of the named call and its legs, so that the others need not be kept. */
export function createNamedCalls(name: string): NamedCalls {
  const legs = new Set<string>();
  const texts = new Set([name]);
  const isKept = (sid: string): boolean => isNamed(sid, name) || legs.has(sid);
  function addLeg(sid: string): void {
    legs.add(sid);
    if (!sid.includes(name)) texts.add(sid);
  }
  return {
    has(sid, parentSid) {
      if (isKept(sid)) return true;
      if (parentSid === undefined || !isKept(parentSid)) return false;
      addLeg(sid);
      return true;
    },
    texts,
    legs: () => [...legs],
    addLegs: (sids) => sids.forEach(addLeg),
  };
}
