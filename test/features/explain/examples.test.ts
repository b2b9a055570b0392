import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { type RuleName, rules } from "../../../src/findings/rules.ts";
import { run } from "../../cli/harness.ts";

const names = Object.keys(rules) as RuleName[];
const samples = readdirSync("samples/broken").sort();

/** `envelope-missing-id.json` is of envelope; `envelope-content-type-empty.json` is not. */
const sampleOf = (name: RuleName): string | undefined =>
  samples.find((file) => {
    const longest = names.filter((each) => file.startsWith(`${each}-`)).sort((one, other) => other.length - one.length);
    return longest[0] === name;
  });

/** The command that reports the rule. */
function lineFor(name: RuleName, file: string): string {
  if (name.startsWith("signature-")) return `TWILIO_AUTH_TOKEN=12345 twilio-events verify -f ndjson ${file}`;
  if (name.startsWith("call-")) return `twilio-events timeline -f ndjson ${file}`;
  const types = /^type-(?:restricted|discontinued)$/.test(name) ? "--types test/cli/input/lifecycles.json " : "";
  return `twilio-events validate -f ndjson ${types}${file}`;
}

interface Printed {
  readonly rule: string;
  readonly message: string;
  readonly pointer?: string;
  readonly value?: string;
  readonly line?: number;
  readonly column?: number;
  readonly source?: { readonly line: number; readonly column: number };
}

test("each rule's example is a finding in its first sample", async () => {
  const examples: Record<string, unknown> = {};
  for (const name of names) {
    const file = `samples/broken/${sampleOf(name)}`;
    const { stdout } = await run(lineFor(name, file));
    const findings: readonly Printed[] = stdout
      .trimEnd()
      .split("\n")
      .flatMap((line) => JSON.parse(line).findings);
    const found = findings.find(({ rule }) => rule === name);
    expect(found, file).toBeDefined();
    if (found === undefined) continue;
    const { message, pointer, value, source, line = source?.line, column = source?.column } = found;
    examples[name] = { at: `${file}:${line}:${column}`, message, pointer, value };
  }
  await expect(`${JSON.stringify(examples, undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../src/features/explain/examples.json",
  );
});
