import { isObject, parseJson } from "../../webhook/webhook-request.ts";
import type { Replacements } from "./rewrite-types.ts";

/** A type that a subscription asks for: the SubscribedEvent resource of events.twilio.com/v1. */
interface Subscribed {
  readonly subscription: string;
  readonly type: string;
  readonly version: number | undefined;
}

/** What the JSON tells of: events that are subscribed to, or subscriptions, which do not name their events. */
export type Listing =
  | { readonly kind: "events"; readonly events: readonly Subscribed[] }
  | { readonly kind: "subscriptions"; readonly sids: readonly string[] };

/** Whether the text is a listing or the beginning of one: what is no whole JSON yet may become one. */
export const mayList = (text: string): boolean =>
  /^\s*[[{]/.test(text) &&
  /"(?:subscription_?sid|sink_?sid|subscriptions)"/i.test(text) &&
  (parseJson(text) === undefined || readListing(text) !== undefined);

/**
 * Reads what `twilio api:events:v1:subscriptions:subscribed-events:list -o json` and `…subscriptions:list -o json` print
 * (arrays, keys in camelCase), or pages of the API (an object with `types` or `subscriptions`, keys in snake_case).
 * Undefined for anything else.
 */
export function readListing(text: string): Listing | undefined {
  const items = itemsOf(parseJson(text));
  if (items === undefined || items.length === 0) return undefined;
  const events = items.map(subscribedOf);
  if (events.every((event) => event !== undefined)) return { kind: "events", events };
  const sids = items.map(subscriptionOf);
  return sids.every((sid) => sid !== undefined) ? { kind: "subscriptions", sids } : undefined;
}

const list = "twilio api:events:v1:subscriptions:subscribed-events:list";
const create = "twilio api:events:v1:subscriptions:subscribed-events:create";
const remove = "twilio api:events:v1:subscriptions:subscribed-events:remove";

const warning = [
  "# The new type is subscribed to first and the old one dropped after it, so that no event is missed. Until the second",
  "# command has run each step comes twice, with two ids (rule call-double-subscription): let your handler bear it. The",
  "# other order has no doubles, at the price of a gap. Nothing has been run; read it, then pass it to sh.",
];

/**
 * The commands of twilio-cli that move the subscriptions to the new types, as a script for sh; undefined where nothing is
 * to be moved. What twilio-cli is told to do is only what it needs: names of commands and options follow its rule, paths
 * and parameters of the API in kebab-case.
 */
export function scriptFor(listing: Listing, replacements: Replacements): string | undefined {
  if (listing.kind === "subscriptions") {
    const lines = listing.sids.map(
      (sid) => `${list} --subscription-sid ${shellWord(sid)} -o json | twilio-events migrate -`,
    );
    return script([
      "# Subscriptions do not name their events; these commands ask for them, and migrate reads the answer.",
      ...lines,
    ]);
  }
  const has = new Set(listing.events.map(({ subscription, type }) => `${subscription} ${type}`));
  const moves = listing.events.flatMap((event) => {
    const replacement = replacements.get(event.type);
    if (replacement === undefined) return [];
    const isThere = has.has(`${event.subscription} ${replacement}`);
    return [["", ...moveOf(event, isThere ? undefined : replacement)]];
  });
  return moves.length === 0 ? undefined : script([...warning, ...moves.flat()]);
}

const script = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

function moveOf({ subscription, type, version }: Subscribed, replacement: string | undefined): readonly string[] {
  const at = `--subscription-sid ${shellWord(subscription)}`;
  const removal = `${remove} ${at} --type ${shellWord(type)}`;
  if (replacement === undefined) return ["# the new type is subscribed to already", removal];
  const kept = version === undefined ? "" : ` --schema-version ${version}`;
  return [`${create} ${at} --type ${shellWord(replacement)}${kept} -o json &&`, `  ${removal}`];
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const items = value.types ?? value.subscriptions;
  if (Array.isArray(items)) return items;
  return "sid" in value || "type" in value ? [value] : undefined;
}

function subscribedOf(item: unknown): Subscribed | undefined {
  if (!isObject(item)) return undefined;
  const subscription = sidOf(item.subscription_sid ?? item.subscriptionSid);
  const version = item.schema_version ?? item.schemaVersion;
  if (subscription === undefined || typeof item.type !== "string") return undefined;
  return { subscription, type: item.type, version: isVersion(version) ? version : undefined };
}

function subscriptionOf(item: unknown): string | undefined {
  if (!isObject(item) || sidOf(item.sink_sid ?? item.sinkSid) === undefined) return undefined;
  return sidOf(item.sid);
}

/** What is to stand in a command: it is quoted there, but what cannot be seen has no place in one. */
const sidOf = (value: unknown): string | undefined =>
  typeof value === "string" && /^[!-~]{1,64}$/.test(value) ? value : undefined;

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
