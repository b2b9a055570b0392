export type Severity = "error" | "warning" | "info";

/** Where in an event and in its source a finding stands. */
export interface FindingPlace {
  /** JSON Pointer (RFC 6901) from the event's root; a missing key stands at its parent. */
  readonly pointer?: string;
  /** The value found, as text. */
  readonly value?: string;
  /** Line and column in a decoded document, both from 1. */
  readonly at?: { readonly line: number; readonly column: number };
}

export interface Finding extends FindingPlace {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly message: string;
}

interface Rule {
  readonly severity: Severity;
  /** What the rule says, in one line, for tables. */
  readonly says: string;
  /** Why it happens and what to do. */
  readonly help: string;
  /** The sentence of one finding; its argument is the finding's data. */
  readonly message: (data: never) => string;
}

/**
 * Every rule. Add a rule here, report it with `finding(name, data, place)`, and add two samples named after it
 * to samples/broken.
 */
export const rules = {
  "json-syntax": {
    severity: "error",
    says: "looks like an event but is not JSON",
    help: "The text holds an event's words but breaks the JSON grammar, so nothing can be read from it. Print events with JSON.stringify, not console.log, and give the whole record.",
    message: (data: { readonly problem: string }) => data.problem,
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

type RuleData<Name extends RuleName> = Parameters<(typeof rules)[Name]["message"]>[0];

/** A finding of the rule, with its sentence and default severity. */
export function finding<Name extends RuleName>(name: Name, data: RuleData<Name>, place: FindingPlace = {}): Finding {
  const rule = rules[name];
  const message = (rule.message as (data: RuleData<Name>) => string)(data);
  return { rule: name, severity: rule.severity, message, ...place };
}
