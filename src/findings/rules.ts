import { callRules } from "../calls/rules.ts";
import { eventRules, responseRules } from "../events/rules.ts";
import { twimlRules } from "../twiml/rules.ts";
import { signatureRules } from "../webhook/signature/rules.ts";

/** Every rule, by its name, from the `rules.ts` of the domains. */
export const rules = { ...eventRules, ...twimlRules, ...responseRules, ...callRules, ...signatureRules };

export type RuleName = keyof typeof rules;

/** Whether there is a rule of this name. */
export const isRule = (name: string): name is RuleName => Object.hasOwn(rules, name);

/** The sentence of a finding whose data has been changed, but in its shape. */
export function messageOf(name: RuleName, data: unknown): string {
  return (rules[name].message as (data: unknown) => string)(data);
}
