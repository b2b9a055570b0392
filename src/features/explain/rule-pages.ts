import type { Severity } from "../../findings/finding.ts";
import { rules } from "../../findings/rules.ts";
import examples from "./examples.json" with { type: "json" };
import { type Fact, type Page, type PageRow, page } from "./page.ts";
import links from "./rule-links.json" with { type: "json" };

/** The commands that report the rules whose names begin so; the first that fits counts. */
const reporters = [
  ["signature-", "verify, listen"],
  ["call-", "timeline, listen --calls"],
  ["response-", "validate, timeline, listen"],
  ["body-", "validate, decode, listen"],
  ["twiml-", "validate, decode, listen"],
  ["", "validate, listen"],
] as const satisfies readonly (readonly [string, string])[];

/** In an answer that Twilio does not execute, TwiML is judged more mildly: see `judge.ts`. */
const mildly = "In the answer to a status callback, which is not executed, this weighs one step less.";

/**
 * A page for each rule: what the rule itself says, and where to read on. The examples are made by their test; where to
 * read on, and what else to look at, is in rule-links.json.
 */
export function rulePages(): readonly Page[] {
  const exampleOf: Readonly<Record<string, Page["example"]>> = examples;
  const linksOf: Readonly<Record<string, Partial<PageRow>>> = links;
  return Object.entries(rules).map(([name, { severity, summary, help }]) => {
    const isMild = name.startsWith("twiml-") && name !== "twiml-ignored";
    return page({
      name,
      says: summary,
      aliases: [name.replace(/^call-/, "")].filter((short) => short !== name),
      text: isMild ? [help, mildly] : [help],
      facts: factsOf(name, severity),
      example: exampleOf[name],
      ...linksOf[name],
    });
  });
}

function factsOf(name: string, severity: Severity): readonly Fact[] {
  const other = severity === "error" ? "warning" : "error";
  const by = reporters.find(([start]) => name.startsWith(start))?.[1] ?? "";
  return [
    ["severity", severity],
    ["change it", `--rule ${name}=${other}, or =off`],
    ["reported by", by],
  ];
}
