import { type RuleName, rules } from "../../findings/rules.ts";
import examples from "./examples.json" with { type: "json" };
import {
  callbacksPage,
  deliveryPage,
  type Example,
  errorPage,
  eventsPage,
  type Fact,
  type Page,
  page,
  rfc,
} from "./page.ts";

const cloudEvents = "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md";
const renamed = "https://twilio.com/en-us/changelog/voice-status-callback-event-renamed-in-event-streams";
const security = "https://www.twilio.com/docs/usage/security";
const callResource = "https://www.twilio.com/docs/voice/api/call-resource";

/** Where to read on about each rule, and what else to look at. Add a rule here too; its example is made by its test. */
const more = {
  "json-syntax": { links: [rfc(8259)] },
  "json-encoding": { links: [rfc(8259, "8.1")] },
  "json-duplicate-key": { links: [rfc(8259, "4")] },
  envelope: { links: [cloudEvents] },
  "envelope-content-type": { links: [cloudEvents, eventsPage] },
  schema: { see: ["schema-unknown"], links: [eventsPage] },
  "schema-unknown": { see: ["schema"], links: [eventsPage] },
  "type-unknown": { see: ["type-deprecated"] },
  "type-deprecated": { see: ["deprecated", "call-double-subscription"], links: [renamed] },
  "type-restricted": { see: ["restricted"] },
  "type-discontinued": { see: ["discontinued"], links: [renamed] },
  "sid-format": { links: ["https://www.twilio.com/docs/glossary/what-is-a-sid"] },
  "time-format": { links: [rfc(3339), rfc(2822, "3.3")] },
  "time-skew": { see: ["time-format"] },
  "body-base64": { links: [rfc(4648, "4")] },
  "body-charset": { links: [rfc(7303, "3")] },
  "body-content-type": { see: ["12300"], links: [errorPage(12300)] },
  "body-size": { see: ["11750"], links: [errorPage(11750)] },
  "twiml-syntax": { see: ["12100"], links: [errorPage(12100)] },
  "twiml-root": { see: ["12102", "Response"], links: [errorPage(12102)] },
  "twiml-element": { see: ["12200"], links: [errorPage(12200)] },
  "twiml-attribute": { see: ["12200"], links: [errorPage(12200)] },
  "twiml-nesting": { see: ["12200", "13000", "13215", "13320"], links: [errorPage(12200)] },
  "twiml-value": { see: ["12200"], links: [errorPage(12200)] },
  "twiml-empty": { see: ["13520"], links: [errorPage(13520)] },
  "twiml-loop": { see: ["Redirect"] },
  "twiml-ignored": { see: ["11750"], links: [errorPage(11750)] },
  "response-failed": { see: ["4xx", "5xx", "11200", "11217"], links: [errorPage(11200), errorPage(11217)] },
  "response-slow": { see: ["11200"], links: [errorPage(11200)] },
  "call-duplicate": { see: ["call-double-subscription"], links: [deliveryPage] },
  "call-double-subscription": { see: ["type-deprecated", "deprecated"], links: [renamed] },
  "call-sequence-gap": { see: ["11200", "91305"], links: [callbacksPage] },
  "call-out-of-order": { see: ["call-duplicate"], links: [deliveryPage, callbacksPage] },
  "call-missing-step": { see: ["call-sequence-gap"], links: [callbacksPage] },
  "call-open": { see: ["completed"], links: [callbacksPage] },
  "call-after-end": { see: ["call-out-of-order"], links: [callbacksPage] },
  "call-status-conflict": { see: ["completed", "busy", "no-answer", "failed", "canceled"], links: [callbacksPage] },
  "call-duration": { see: ["in-progress", "completed"], links: [callResource] },
  "signature-missing": { see: ["signature-mismatch"], links: [security] },
  "signature-mismatch": { see: ["57012"], links: [security, errorPage(57012)] },
  "signature-body": { see: ["signature-mismatch"], links: [security] },
} as const satisfies Record<RuleName, { readonly see?: readonly string[]; readonly links?: readonly string[] }>;

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

/** A page for each rule: what the rule itself says, and where to read on. */
export function rulePages(): readonly Page[] {
  const example: Readonly<Record<string, Example>> = examples;
  return (Object.keys(rules) as RuleName[]).map((name) => {
    const { summary, help } = rules[name];
    const isMild = name.startsWith("twiml-") && name !== "twiml-ignored";
    return page({
      name,
      says: summary,
      aliases: [name.replace(/^call-/, "")].filter((short) => short !== name),
      text: isMild ? [help, mildly] : [help],
      facts: factsOf(name),
      example: example[name],
      ...more[name],
    });
  });
}

function factsOf(name: RuleName): readonly Fact[] {
  const { severity } = rules[name];
  const other = severity === "error" ? "warning" : "error";
  const by = reporters.find(([start]) => name.startsWith(start))?.[1] ?? "";
  return [
    ["severity", severity],
    ["change it", `--rule ${name}=${other}, or =off`],
    ["reported by", by],
  ];
}
