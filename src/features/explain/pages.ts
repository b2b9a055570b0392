import exitCodes from "../../cli/exit-codes.json" with { type: "json" };
import { type EventType, eventTypes } from "../../events/catalog.ts";
import type { Severity } from "../../findings/finding.ts";
import { rules } from "../../findings/rules.ts";
import { nearestName } from "../../findings/suggest.ts";
import callStatuses from "./call-statuses.json" with { type: "json" };
import { codePages } from "./debugger-codes.ts";
import families from "./event-families.json" with { type: "json" };
import examples from "./examples.json" with { type: "json" };
import httpStatuses from "./http-statuses.json" with { type: "json" };
import lifecycles from "./lifecycles.json" with { type: "json" };
import { type Fact, type Page, type PageRow, page } from "./page.ts";
import links from "./rule-links.json" with { type: "json" };
import sipCodes from "./sip-codes.json" with { type: "json" };
import { elementPages } from "./twiml-elements.ts";

interface Group {
  /** What one of its pages is about. */
  readonly of: string;
  readonly title: string;
  readonly pages: () => readonly Page[];
}

/** The pages that a data file has as they are. */
const pagesIn = (rows: unknown) => (): readonly Page[] => (rows as readonly PageRow[]).map(page);

/**
 * All that can be explained. Add a group here: a file beside this one that makes its pages. Call statuses are from
 * twilio.com/docs/voice/api/call-resource, HTTP statuses from twilio.com/docs/events/event-delivery-and-duplication, SIP
 * codes from RFC 3261, section 21 (407 and such that a caller never sees are left out).
 */
export const groups = [
  { of: "rule", title: "Rules", pages: rulePages },
  { of: "event type", title: "Event types", pages: typePages },
  { of: "status of an event type", title: "Statuses of event types", pages: lifecyclePages },
  { of: "call status", title: "Call statuses", pages: pagesIn(callStatuses) },
  { of: "SIP code", title: "SIP codes", pages: pagesIn(sipCodes) },
  { of: "HTTP status", title: "HTTP statuses of your server", pages: pagesIn(httpStatuses) },
  { of: "Debugger code", title: "Codes of Twilio's Debugger", pages: codePages },
  { of: "TwiML element", title: "TwiML elements", pages: elementPages },
  { of: "exit code", title: "Exit codes", pages: pagesIn(exitCodes) },
] as const satisfies readonly Group[];

/** A page, and what it is about. */
export interface Entry {
  readonly of: string;
  readonly page: Page;
}

/** Every page, in the order of the groups. */
export function allEntries(): readonly Entry[] {
  return groups.flatMap(({ of, pages }) => pages().map((page) => ({ of, page })));
}

/**
 * What a name may mean: `found` by its name, whole or in short, which can be of several groups; else the names that it
 * could be short for, or what was most likely meant.
 */
export type Lookup =
  | { readonly kind: "found"; readonly entries: readonly Entry[] }
  | { readonly kind: "several"; readonly names: readonly string[] }
  | { readonly kind: "unknown"; readonly nearest: string | undefined };

/** Looks a name up: as it stands, regardless of case, as the end of a longer one (`call.completed`), or as a part of one. */
export function lookUp(name: string, entries: readonly Entry[]): Lookup {
  const wanted = name.trim();
  const lower = wanted.toLowerCase();
  for (const isMeant of [(known: string) => known === wanted, (known: string) => known.toLowerCase() === lower]) {
    const found = entries.filter(({ page }) => [page.name, ...page.aliases].some(isMeant));
    if (found.length > 0) return { kind: "found", entries: found };
  }
  for (const fits of [
    (known: string) => known.endsWith(`.${lower}`) || known.endsWith(`-${lower}`),
    (known: string) => lower.length > 2 && known.includes(lower),
  ]) {
    const found = current(entries.filter(({ page }) => fits(page.name.toLowerCase())));
    if (found.length === 1) return { kind: "found", entries: found };
    if (found.length > 1) return { kind: "several", names: found.map(({ page }) => page.name) };
  }
  const names = entries.flatMap(({ page }) => [page.name, ...page.aliases, ...shortForms(page.name)]);
  return { kind: "unknown", nearest: nearestName(wanted, names) };
}

/** `status-callback.call.completed` and `call.completed`, of the type; of other names none. */
function shortForms(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.length < 4 ? [] : [parts.slice(3).join("."), parts.slice(-2).join(".")];
}

/** Who asks for `call.completed` means the type of today, not the one that it has replaced. */
function current(entries: readonly Entry[]): readonly Entry[] {
  const names = new Set(entries.map(({ page }) => page.name));
  return entries.filter(({ page }) => {
    const replacement = page.facts.find(([name]) => name === "replacement")?.[1];
    return replacement === undefined || !names.has(replacement);
  });
}

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
function rulePages(): readonly Page[] {
  const exampleOf: Readonly<Record<string, Page["example"]>> = examples;
  const linksOf: Readonly<Record<string, Partial<PageRow>>> = links;
  return Object.entries(rules).map(([name, { severity, summary, help }]) => {
    const isMild = name.startsWith("twiml-") && name !== "twiml-ignored";
    return page({
      name,
      says: summary,
      aliases: [name.replace(/^call-/, "")].filter((short) => short !== name),
      text: isMild ? [help, mildly] : [help],
      facts: ruleFacts(name, severity),
      example: exampleOf[name],
      ...linksOf[name],
    });
  });
}

function ruleFacts(name: string, severity: Severity): readonly Fact[] {
  const other = severity === "error" ? "warning" : "error";
  const by = reporters.find(([start]) => name.startsWith(start))?.[1] ?? "";
  return [
    ["severity", severity],
    ["change it", `--rule ${name}=${other}, or =off`],
    ["reported by", by],
  ];
}

/** A page for each event type of the catalogue, which its short forms find too. What it is about is by its family: how the type begins. */
function typePages(): readonly Page[] {
  return eventTypes.map((type) => {
    const family = families.find(({ start }) => type.type.startsWith(`com.twilio.${start}`));
    return page({ name: type.type, says: typeSays(type), facts: typeFacts(type), ...family });
  });
}

/** A page for each status that an event type can have: the values of the Types resource, events.twilio.com/v1/Types. */
function lifecyclePages(): readonly Page[] {
  return lifecycles.map((row) => {
    const types = eventTypes.filter(({ status }) => status === row.name).map(({ type }) => type);
    const shown =
      row.name === "available" ? `${types.length} of ${eventTypes.length} in the catalogue` : types.join(", ");
    return page({ ...row, facts: [["types", shown === "" ? "none in the catalogue" : shown]] });
  });
}

function typeSays({ label, status, replacement }: EventType): string {
  if (replacement !== undefined) return `${label}: ${status}, subscribe to ${replacement}`;
  return status === "available" ? label : `${label}: ${status}`;
}

/** The CallStatus of the four steps: twilio.com/docs/voice/api/call-resource#statuscallbackevent. */
const statusOfStep: ReadonlyMap<string, string> = new Map([
  ["initiated", "initiated"],
  ["ringing", "ringing"],
  ["answered", "in-progress"],
  ["completed", "completed, busy, failed, no-answer or canceled"],
]);

function typeFacts({ type, status, sinks, schema, replacement }: EventType): readonly Fact[] {
  const facts: Fact[] = [["status", status]];
  const formerly = eventTypes.find((other) => other.replacement === type);
  const step = /status-callback\.call\.(\w+)$/.exec(type)?.[1];
  const sent = step === undefined ? undefined : statusOfStep.get(step);
  if (replacement !== undefined) facts.push(["replacement", replacement]);
  if (formerly !== undefined) facts.push(["formerly", formerly.type]);
  if (sent !== undefined) facts.push(["CallStatus", sent]);
  if (sinks !== undefined) facts.push(["sinks", sinks.join(", ")]);
  if (schema !== undefined) facts.push(["schema", schema]);
  return facts;
}
