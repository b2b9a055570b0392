import { deliveryPage, errorPage, type Page, page } from "./page.ts";

const range = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** What becomes of a webhook by the status that your server answers. twilio.com/docs/events/event-delivery-and-duplication. */
const answers = [
  page({
    name: "2xx",
    aliases: range(200, 206),
    says: "taken: the webhook or event was delivered",
    text: [
      "Answer a sink with it as soon as the event is kept, also when it is one that you have already: a duplicate is discarded, not refused. A status callback is best answered with 204 or an empty <Response/>.",
    ],
    see: ["call-duplicate"],
    links: [deliveryPage],
  }),
  page({
    name: "4xx",
    aliases: range(400, 451),
    says: "your server refused the webhook",
    text: [
      "Event Streams discards an event whose sink answers 4xx: it is not tried again (91305), but for 429. So let no event fail for what it holds: take it, keep it, and look into it later.",
      "For a webhook of a call, Twilio's Debugger shows 11200 or 11217.",
    ],
    see: ["429", "91305", "11200", "11217", "response-failed"],
    links: [deliveryPage, errorPage(91305), errorPage(11217)],
  }),
  page({
    name: "429",
    says: "too many requests: Event Streams slows down and tries again",
    text: ["The only 4xx that loses nothing. Events are tried again for four hours, with growing gaps (91302)."],
    see: ["4xx", "91302"],
    links: [deliveryPage, errorPage(91302)],
  }),
  page({
    name: "5xx",
    aliases: range(500, 511),
    says: "your server failed",
    text: [
      "Event Streams tries again for four hours, with growing gaps (91306). Answer 503 when you cannot keep an event now, so that none is lost.",
      "For a webhook of a call, Twilio's Debugger shows 11200 or 11217. Look in your server's log at the time of the request.",
    ],
    see: ["91306", "11200", "11217", "response-failed"],
    links: [deliveryPage, errorPage(91306), errorPage(11217)],
  }),
] as const satisfies readonly Page[];

/** A page for each kind of HTTP status that a webhook or a sink can answer. */
export const answerPages = (): readonly Page[] => answers;
