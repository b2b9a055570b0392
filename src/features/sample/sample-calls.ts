import { createRandom } from "../../cli/random.ts";
import { createCallBuilder } from "./call-builder.ts";
import { type Delivery, deliver } from "./delivery.ts";
import { type GroundTruth, groundTruthOf } from "./ground-truth.ts";
import type { Family, SchemaVersion } from "./sample-event.ts";
import { type Scenario, type ScenarioName, scenarios } from "./scenarios.ts";

export interface SampleOptions {
  /** The calls take turns over them. */
  readonly scenarios: readonly [ScenarioName, ...ScenarioName[]];
  readonly calls: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** When the first call starts, in epoch milliseconds. */
  readonly start: number;
  readonly family: Family;
  readonly schema: SchemaVersion;
}

/** Some of a sample. */
export interface Sampled {
  /** In the order of arrival. */
  readonly deliveries: readonly Delivery[];
  /** The truth of what has begun meanwhile, a leg each; worked out when asked for. */
  readonly truths: () => readonly GroundTruth[];
}

/** Milliseconds from the start of one call to that of the next. */
const gap = [500, 8000] as const;

/**
 * Samples calls that overlap as on a real line, so their events lie mixed. Yields some of them for each call; keeps what is
 * still to arrive, so memory does not grow with the number of calls. Call n of a seed and scenario is the same call
 * whatever comes before and after it but for its times, and but for types and `dataschema` in every family and version.
 */
export function* sampleCalls(options: SampleOptions): Generator<Sampled> {
  const account = createRandom(options.seed, "account", 0).sid("AC");
  let pending: readonly Delivery[] = [];
  let start = options.start;
  for (let call = 1; call <= options.calls; call++) {
    const name = options.scenarios[(call - 1) % options.scenarios.length] ?? options.scenarios[0];
    const scenario: Scenario = scenarios[name];
    const random = createRandom(options.seed, name, call);
    if (call > 1) start += random.between(...gap);
    const scene = createCallBuilder(random, account, start);
    scenario.play(scene);
    const ways = { family: scenario.isDouble ? "both" : options.family, schema: options.schema } as const;
    const deliveries = deliver(scene.happenings, { ...ways, delivery: scenario.delivery }, random);
    // Nothing of a later call can arrive before this one starts.
    const due = pending.findIndex(({ arrival }) => arrival >= start);
    const arrived = due === -1 ? pending : pending.slice(0, due);
    pending = [...pending.slice(arrived.length), ...deliveries.arrived].sort(
      (one, other) => one.arrival - other.arrival,
    );
    yield { deliveries: arrived, truths: () => scene.legs().map((leg) => groundTruthOf(name, leg, deliveries)) };
  }
  yield { deliveries: pending, truths: () => [] };
}
