/** A call in its family: 0 deep for one that no other call of the run began. */
export interface Leg<T> {
  readonly call: T;
  readonly depth: number;
}

interface Member {
  readonly sid: string;
  readonly parentSid: string | undefined;
}

/**
 * Groups calls by ParentCallSid, any depth, in the order in which they are given: each family begins with the call that
 * no other began. Of calls that name each other in a circle the first is taken to be that one.
 */
export function families<T extends Member>(calls: readonly T[]): readonly (readonly Leg<T>[])[] {
  const bySid = new Set(calls.map(({ sid }) => sid));
  const isLeg = ({ sid, parentSid }: T): boolean =>
    parentSid !== undefined && parentSid !== sid && bySid.has(parentSid);
  const children = new Map<string, T[]>();
  for (const call of calls) {
    if (!isLeg(call) || call.parentSid === undefined) continue;
    const siblings = children.get(call.parentSid);
    if (siblings === undefined) children.set(call.parentSid, [call]);
    else siblings.push(call);
  }
  if (children.size === 0) return calls.map((call) => [{ call, depth: 0 }]);
  const seen = new Set<string>();
  const familyOf = (root: T): readonly Leg<T>[] => {
    const family: Leg<T>[] = [];
    const left: Leg<T>[] = [{ call: root, depth: 0 }];
    for (let leg = left.pop(); leg !== undefined; leg = left.pop()) {
      if (seen.has(leg.call.sid)) continue;
      seen.add(leg.call.sid);
      family.push(leg);
      const depth = leg.depth + 1;
      for (const call of (children.get(leg.call.sid) ?? []).toReversed()) left.push({ call, depth });
    }
    return family;
  };
  const roots = calls.filter((call) => !isLeg(call)).map((root) => ({ root, family: familyOf(root) }));
  const circles = calls
    .filter(({ sid }) => !seen.has(sid))
    .flatMap((root) => {
      const family = seen.has(root.sid) ? [] : familyOf(root);
      return family.length === 0 ? [] : [{ root, family }];
    });
  if (circles.length === 0) return roots.map(({ family }) => family);
  const order = new Map(calls.map(({ sid }, index) => [sid, index]));
  return [...roots, ...circles]
    .sort((one, other) => (order.get(one.root.sid) ?? 0) - (order.get(other.root.sid) ?? 0))
    .map(({ family }) => family);
}
