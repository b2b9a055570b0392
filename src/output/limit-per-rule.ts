import type { Raw } from "./escape.ts";
import type { LocatedFinding } from "./located-finding.ts";

/** So many findings of one rule are shown in a run: a thousand alike would hide the one that differs. */
const shownPerRule = 3;

/** Tells which findings a person is shown. */
export interface RuleLimit {
  /** Counts the finding, unless it is an info; says whether it is to be shown. */
  isShown(finding: LocatedFinding): boolean;
  /** Counts findings that are not. */
  add(findings: ReadonlyMap<Raw, number>): void;
  /** How many were not shown, by rule; then it begins anew. */
  heldBack(): readonly (readonly [Raw, number])[];
}

/** Lets the first findings of each rule pass; all of them for who wants every detail. */
export function createRuleLimit(isVerbose: boolean): RuleLimit {
  const perRule = new Map<Raw, number>();
  return {
    isShown({ rule, severity }) {
      if (isVerbose) return true;
      if (severity === "info") return false;
      const findings = (perRule.get(rule) ?? 0) + 1;
      perRule.set(rule, findings);
      return findings <= shownPerRule;
    },
    add(findings) {
      for (const [rule, count] of findings) perRule.set(rule, (perRule.get(rule) ?? 0) + count);
    },
    heldBack() {
      const rules = [...perRule].filter(([, findings]) => findings > shownPerRule);
      perRule.clear();
      return rules.map(([rule, findings]) => [rule, findings - shownPerRule]);
    },
  };
}
