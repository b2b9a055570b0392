import { type EventType, eventTypes } from "../../events/catalog.ts";
import { callbacksPage, eventsPage, type Fact, type Page, page } from "./page.ts";

const subscribed =
  "It comes only where it was subscribed to when the call was made: the TwiML or the API request must give a status callback URL and name the events.";

/** What an event tells of, by how its type begins behind com.twilio.; the first that fits counts. Add a family here. */
const families: readonly {
  readonly start: string;
  readonly text: readonly string[];
  readonly see?: readonly string[];
  readonly links?: readonly string[];
}[] = [
  {
    start: "voice.status-callback.call.",
    text: [
      "A copy of a call's status callback: the request that Twilio made to your server, its parameters, and what your server answered.",
      subscribed,
    ],
    see: ["call-sequence-gap", "call-out-of-order"],
    links: [eventsPage, callbacksPage],
  },
  {
    start: "voice.webhook.status-callback.call.",
    text: [
      "The name that these events had before 28 February 2024. Subscribe to the new one; `twilio-events migrate` rewrites it in files and prints the commands that move a subscription.",
      subscribed,
    ],
    see: ["deprecated", "type-deprecated", "call-double-subscription"],
    links: ["https://twilio.com/en-us/changelog/voice-status-callback-event-renamed-in-event-streams", eventsPage],
  },
  {
    start: "voice.status-callback.",
    text: [
      "A copy of a status callback: the request that Twilio made to your server, its parameters, and what your server answered.",
      subscribed,
    ],
    links: [eventsPage],
  },
  {
    start: "voice.api-request.",
    text: [
      "A copy of a request to Twilio's REST API and of what the API answered. Here it is Twilio that answers, not your server.",
    ],
    see: ["response-failed"],
    links: [eventsPage],
  },
  {
    start: "voice.twiml.",
    text: [
      "A copy of the request by which Twilio asked your server for TwiML, and of the TwiML that it answered. This answer is executed, so what is wrong with it weighs in full.",
    ],
    see: ["twiml-syntax", "twiml-element", "response-failed"],
    links: [eventsPage],
  },
  {
    start: "voice.media.",
    text: ["A copy of a request by which Twilio fetched media from your server, and of the answer."],
    links: [eventsPage],
  },
  {
    start: "voice.insights.",
    text: [
      "An event of Voice Insights. It carries another schema than the webhook events, so its data is judged only where you give the schema with --schemas.",
    ],
    see: ["schema-unknown"],
  },
  {
    start: "error-logs.",
    text: ["An entry of Twilio's Debugger. data.payload is a string of JSON, and data.level may be INFO too."],
    see: ["11200", "12100", "12200"],
  },
  {
    start: "eventstreams.",
    text: [
      "What a sink gets when it is tested: data.test_id is what the Validate request has to name. Its id is an account SID, its source the word Sink.",
    ],
  },
];

/** A page for each event type of the catalogue, which its short forms find too. */
export function typePages(): readonly Page[] {
  return eventTypes.map((type) => {
    const family = families.find(({ start }) => type.type.startsWith(`com.twilio.${start}`));
    return page({
      name: type.type,
      says: says(type),
      text: family?.text,
      facts: factsOf(type),
      see: family?.see,
      links: family?.links,
    });
  });
}

function says({ label, status, replacement }: EventType): string {
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

function factsOf({ type, status, sinks, schema, replacement }: EventType): readonly Fact[] {
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
