import type { Delivery } from "../../../src/features/sample/delivery.ts";
import { type FormName, forms } from "../../../src/features/sample/forms.ts";
import type { GroundTruth } from "../../../src/features/sample/ground-truth.ts";
import { type SampleOptions, sampleCalls } from "../../../src/features/sample/sample-calls.ts";
import { type ScenarioName, scenarios } from "../../../src/features/sample/scenarios.ts";

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

export const formNames = Object.keys(forms) as readonly FormName[];

interface Sample {
  readonly deliveries: readonly Delivery[];
  readonly truths: readonly GroundTruth[];
}

/** A sample as a whole: one call of the current family, unless told. */
export function sampleOf(scenario: ScenarioName, options: Partial<SampleOptions> = {}): Sample {
  const start = Date.parse("2025-08-24T13:00:00Z");
  const plan = { scenarios: [scenario], calls: 1, seed: 1, start, family: "current", schema: "2", ...options } as const;
  const parts = [...sampleCalls(plan)];
  return {
    deliveries: parts.flatMap(({ deliveries }) => deliveries),
    truths: parts.flatMap(({ truths }) => truths()),
  };
}

export const idsOf = ({ deliveries }: Pick<Sample, "deliveries">): readonly string[] =>
  deliveries.map(({ event }) => event.id);

/** The text of the events in the form, as the command writes it. */
export function textOf({ deliveries }: Pick<Sample, "deliveries">, name: FormName): string {
  const { size, write } = forms[name];
  let text = "";
  for (let first = 0; first < deliveries.length; first += size) {
    text += write(deliveries.slice(first, first + size), first);
  }
  return text;
}
