import { type EventType, eventTypes } from "../../events/catalog.ts";
import { type Page, page } from "./page.ts";

/** What each status of an event type means: the values of the Types resource, events.twilio.com/v1/Types. */
const lifecycles = {
  available: {
    says: "the type can be subscribed to and is sent",
    text: ["Whether it comes depends on the call too: status callbacks are sent only where they were asked for."],
    see: [],
  },
  deprecated: {
    says: "the type has a successor, and may stop firing",
    text: [
      "Subscriptions to it were still accepted when this was last tried, in March 2026. Subscribe to the successor first, let your handler take both, then drop the old one: in between each step comes twice, with two ids.",
    ],
    see: ["type-deprecated", "call-double-subscription"],
  },
  restricted: {
    says: "the type may not be open to every account",
    text: ["The event itself is sound. Ask Twilio whether your account keeps it before you build on it."],
    see: ["type-restricted"],
  },
  discontinued: {
    says: "the type is no longer sent",
    text: ['A subscription to it is rejected with "Type is discontinued". A record of it is old, or made up.'],
    see: ["type-discontinued"],
  },
} as const satisfies Record<EventType["status"], Pick<Page, "says" | "text" | "see">>;

/** A page for each status that an event type can have. */
export function lifecyclePages(): readonly Page[] {
  return Object.entries(lifecycles).map(([name, lifecycle]) => {
    const types = eventTypes.filter(({ status }) => status === name).map(({ type }) => type);
    const shown = name === "available" ? `${types.length} of ${eventTypes.length} in the catalogue` : types.join(", ");
    return page({ name, ...lifecycle, facts: [["types", shown === "" ? "none in the catalogue" : shown]] });
  });
}
