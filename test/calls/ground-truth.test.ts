import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/cli/random.ts";
import type { FormName } from "../../src/features/sample/forms.ts";
import type { GroundTruth } from "../../src/features/sample/ground-truth.ts";
import type { Family } from "../../src/features/sample/sample-event.ts";
import type { ScenarioName } from "../../src/features/sample/scenarios.ts";
import type { Severity } from "../../src/findings/finding.ts";
import type { RuleName } from "../../src/findings/rules.ts";
import { run } from "../cli/harness.ts";
import { formNames, scenarioNames } from "../features/sample/support.ts";

interface Finding {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly message: string;
}

type Known = Omit<GroundTruth, "scenario" | "events" | "delivered" | "lost" | "duplicated">;

/** A call as `timeline -f ndjson` prints it. */
type Printed = Omit<Known, "steps"> & {
  readonly steps: readonly (GroundTruth["steps"][number] & { readonly source: unknown })[];
  readonly findings: readonly Finding[];
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "truth-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Making {
  readonly scenario: ScenarioName | "all";
  readonly calls: number;
  readonly family: Family;
  readonly seed?: number;
  readonly form?: FormName;
}

/** The events that `sample` makes, and what it says they are. */
async function made({ scenario, calls, family, seed = 1, form = "ndjson" }: Making) {
  const file = join(folder, "truth.ndjson");
  const ways = `--calls ${calls} --family ${family} --seed ${seed} --form ${form}`;
  const { stdout, code } = await run(`twilio-events sample ${scenario} ${ways} --truth '${file}'`);
  expect(code).toBe(0);
  return { text: stdout, truths: linesOf<GroundTruth>(readFileSync(file, "utf8")) };
}

/** The calls of the events, by their SIDs. */
async function timelineOf(stdin: string): Promise<ReadonlyMap<string, Printed>> {
  const { stdout } = await run("twilio-events timeline -f ndjson", { stdin });
  const calls = linesOf<Printed>(stdout);
  const bySid = new Map(calls.map((call) => [call.sid, call]));
  expect(bySid.size).toBe(calls.length);
  return bySid;
}

const linesOf = <T>(text: string): readonly T[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

/** What both sides name: nothing more of the truth, nothing more of the printed call. */
function known(call: Known): Known {
  const { sid, parentSid, direction, from, to, status, start, end, totalMs, ringMs, talkMs } = call;
  const steps = call.steps.map(({ stage, status, at, sequence, type, id }) => ({
    ...(stage !== undefined && { stage }),
    ...(status !== undefined && { status }),
    at,
    ...(sequence !== undefined && { sequence }),
    type,
    id,
  }));
  return {
    sid,
    ...(parentSid !== undefined && { parentSid }),
    direction,
    from,
    to,
    ...(status !== undefined && { status }),
    start,
    ...(end !== undefined && { end }),
    ...(totalMs !== undefined && { totalMs }),
    ...(ringMs !== undefined && { ringMs }),
    ...(talkMs !== undefined && { talkMs }),
    steps,
  };
}

/** Each finding of a call, and no other. */
function expectedRules({ scenario, lost, duplicated }: GroundTruth, family: Family): RuleName[] {
  const rules: Readonly<Partial<Record<RuleName, boolean>>> = {
    "call-sequence-gap": lost.length > 0,
    "response-failed": scenario === "failing-callback",
    "response-slow": scenario === "slow-callback",
    "call-double-subscription": family === "both" || scenario === "double-subscription",
    "call-out-of-order": scenario === "shuffled",
    "call-duplicate": duplicated.length > 0,
  };
  return (Object.keys(rules) as RuleName[]).filter((rule) => rules[rule] === true);
}

/** The words of a finding that tell which step it is about. */
function expectWords({ lost, duplicated, steps }: GroundTruth, { findings }: Printed): void {
  const words = (rule: RuleName) => findings.find((each) => each.rule === rule)?.message;
  for (const { sequence } of lost)
    expect(words("call-sequence-gap")).toContain(`SequenceNumber ${sequence} is missing`);
  const again = steps.find(({ id }) => duplicated.includes(id));
  if (again?.stage !== undefined)
    expect(words("call-duplicate")).toContain(again.status === "in-progress" ? "answered" : again.stage);
}

/** `unseen` rules are not looked at. */
function expectTruth(truths: readonly GroundTruth[], calls: ReadonlyMap<string, Printed>, family: Family): void {
  expect([...calls.keys()].sort()).toEqual(truths.map(({ sid }) => sid).sort());
  for (const truth of truths) {
    const call = calls.get(truth.sid);
    if (call === undefined) throw new Error(`no call ${truth.sid}`);
    expect(known(call)).toStrictEqual(known(truth));
    const rules = call.findings.map(({ rule }) => rule);
    const expected = expectedRules(truth, family);
    expect({ of: truth.scenario, sid: truth.sid, rules: rules.sort() }).toEqual({
      of: truth.scenario,
      sid: truth.sid,
      rules: expected.sort(),
    });
    expectWords(truth, call);
  }
}

const families = ["current", "deprecated", "both"] as const satisfies readonly Family[];

const seeds = [1, 20_250_824, Number.MAX_SAFE_INTEGER];

/** These three are tried with everything, the others once. */
const always = ["ndjson", "docker", "kinesis"] as const satisfies readonly FormName[];

describe.each([...scenarioNames, "all"] as const)("timeline agrees with the truth of %s", (scenario) => {
  const calls = scenario === "all" ? scenarioNames.length : 4;

  describe.each(families)("family %s", (family) => {
    test.each(always)("as %s", async (form) => {
      for (const seed of seeds) {
        const { text, truths } = await made({ scenario, calls, family, seed, form });
        expectTruth(truths, await timelineOf(text), family);
      }
    });
  });
});

test.each(formNames)("timeline agrees with the truth of calls as %s", async (form) => {
  const { text, truths } = await made({ scenario: "all", calls: 140, family: "both", seed: 7, form });
  expectTruth(truths, await timelineOf(text), "both");
});

describe.each(families)("many calls of family %s", (family) => {
  const making = { scenario: "all", calls: 1000, family, seed: 4 } as const;

  test("agree with the truth, all 1,000", async () => {
    const { text, truths } = await made(making);
    expect(truths.length).toBeGreaterThan(1000);
    expectTruth(truths, await timelineOf(text), family);
  });

  /** Without what the order of arrival and repetitions alone decide. */
  const lasting = (calls: ReadonlyMap<string, Printed>, ...without: readonly RuleName[]) =>
    [...calls]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { steps, findings, ...call }]) => ({
        ...call,
        steps: steps.map(({ source: _, ...step }) => step),
        findings: findings
          .filter(({ rule }) => !without.includes(rule))
          .map(({ rule, severity, message }) => ({ rule, severity, message })),
      }));

  test("are the same in any order of arrival", async () => {
    const { text } = await made({ ...making, calls: 280 });
    const random = createRandom(1, "order", 0);
    const lines = text.trimEnd().split("\n");
    const inOrder = lasting(await timelineOf(text), "call-out-of-order");
    for (const order of [random.shuffle(lines), lines.toReversed()])
      expect(lasting(await timelineOf(`${order.join("\n")}\n`), "call-out-of-order")).toEqual(inOrder);
  });

  test("are the same when everything comes two or three times", async () => {
    const { text } = await made({ ...making, calls: 140 });
    const random = createRandom(2, "repetition", 0);
    const lines = text.trimEnd().split("\n");
    const again = random.shuffle([...lines, ...lines, ...lines.filter((_, index) => index % 3 === 0)]);
    const rules = ["call-out-of-order", "call-duplicate"] as const;
    expect(lasting(await timelineOf(again.join("\n")), ...rules)).toEqual(lasting(await timelineOf(text), ...rules));
  });
});
