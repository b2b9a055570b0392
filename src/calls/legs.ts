import type { Draft } from "./calls.ts";

/** A call in its family: 0 deep for one that no other call of the run began. */
export interface Leg {
  readonly call: Draft;
  readonly depth: number;
}

/**
 * Groups calls by who began whom, any depth, in the order in which they are given: each family begins with the call that
 * no other began. Of calls that name each other in a circle the first is taken to be that one.
 */
export function* families(
  calls: readonly Draft[],
  parentOf: (call: Draft) => Draft | undefined,
): Generator<readonly Leg[]> {
  const end = calls.reduce((most, call) => Math.max(most, call + 1), 0);
  const isGiven = new Uint8Array(end);
  for (const call of calls) isGiven[call] = 1;
  const isLeg = new Uint8Array(end);
  const children = new Map<Draft, Draft[]>();
  for (const call of calls) {
    const parent = parentOf(call);
    if (parent === undefined || parent === call || isGiven[parent] !== 1) continue;
    isLeg[call] = 1;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [call]);
    else siblings.push(call);
  }

  /** The call and all below it that have not been seen. */
  function familyOf(root: Draft, seen: Uint8Array): readonly Leg[] {
    const family: Leg[] = [];
    const left: Leg[] = [{ call: root, depth: 0 }];
    for (let leg = left.pop(); leg !== undefined; leg = left.pop()) {
      if (seen[leg.call] === 1) continue;
      seen[leg.call] = 1;
      family.push(leg);
      const depth = leg.depth + 1;
      for (const call of (children.get(leg.call) ?? []).toReversed()) left.push({ call, depth });
    }
    return family;
  }

  const hangs = new Uint8Array(end);
  for (const parent of children.keys()) if (isLeg[parent] !== 1) familyOf(parent, hangs);
  const seen = new Uint8Array(end);
  for (const call of calls) {
    const isRoot = isLeg[call] !== 1 || (hangs[call] !== 1 && seen[call] !== 1);
    if (isRoot) yield familyOf(call, seen);
  }
}
