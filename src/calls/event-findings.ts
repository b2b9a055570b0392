import type { Finding } from "../findings/finding.ts";
import type { Draft } from "./calls.ts";
import type { Counted } from "./group-findings.ts";
import type { StepPosition } from "./store/row.ts";

/** So many findings of one rule are kept of a call; the others are counted. */
const MAX_PER_RULE = 3;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is wrong with the single events of calls, until the calls are put together. */
export interface EventFindings {
  add(draft: Draft, finding: Finding, locate: () => StepPosition): void;
  of(draft: Draft): readonly Counted[];
}

/** Keeps a few findings of each rule a call; where one stands is only asked of those that are kept. */
export function createEventFindings(): EventFindings {
  const known = new Map<Draft, Mutable<Counted>[]>();
  return {
    add(draft, finding, locate) {
      const findings = known.get(draft) ?? [];
      known.set(draft, findings);
      const alike = findings.filter(({ rule }) => rule === finding.rule);
      const last = alike.at(-1);
      if (last === undefined || alike.length < MAX_PER_RULE) findings.push({ ...finding, source: locate() });
      else last.more = (last.more ?? 0) + 1;
    },
    of: (draft) => known.get(draft) ?? [],
  };
}

const ofCalls: ReadonlySet<string> = new Set(["response-failed", "response-slow"]);

/** Whether the rule is left to the judge of calls, which tells of each callback once, however many events tell of it. */
export const isOfCalls = ({ rule }: Pick<Finding, "rule">): boolean => ofCalls.has(rule);
