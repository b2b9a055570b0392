import { callbacksPage, type Fact, type Page, page } from "./page.ts";

interface Status {
  readonly says: string;
  readonly text: readonly string[];
  readonly isTerminal: boolean;
  /** The event of StatusCallbackEvent that sends it. */
  readonly event?: string;
  readonly aliases?: readonly string[];
  readonly see?: readonly string[];
}

/**
 * The values of CallStatus in the order of a call. Add a status here. Meanings: twilio.com/docs/voice/api/call-resource,
 * the status values and #statuscallbackevent.
 */
const statuses: Readonly<Record<string, Status>> = {
  queued: {
    says: "ready and waiting in line before dialing",
    text: [
      "No event is fired for it: the first one is initiated, when Twilio takes the call out of the queue. Legs of <Dial> are initiated right away and never queued.",
      "A call that is canceled while it is still queued fires no status callbacks at all.",
    ],
    isTerminal: false,
    see: ["canceled"],
  },
  initiated: {
    says: "out of the queue, and Twilio starts dialing",
    text: ["Only status callbacks know this value; the Call resource of the REST API has none of this name."],
    isTerminal: false,
    event: "initiated",
    see: ["call.initiated"],
  },
  ringing: {
    says: "the call is ringing",
    text: [
      "Callbacks are separate requests, so this one may arrive before initiated or after in-progress: order by SequenceNumber or by the time in the event.",
    ],
    isTerminal: false,
    event: "ringing",
    see: ["call.ringing", "call-out-of-order"],
  },
  "in-progress": {
    says: "answered, and going on",
    text: ["The event is named answered, but the CallStatus that it sends is in-progress: compare with the right one."],
    isTerminal: false,
    event: "answered",
    aliases: ["answered"],
    see: ["call.answered"],
  },
  completed: {
    says: "answered, and ended normally; voicemail counts as an answer",
    text: [
      "The event completed is fired for every end, and its CallStatus says which: completed, busy, failed, no-answer or canceled. Where StatusCallbackEvent names nothing, completed alone is fired.",
      "CallDuration holds the seconds, Duration the minutes, rounded up.",
    ],
    isTerminal: true,
    event: "completed",
    see: ["call.completed", "call-open", "call-duration"],
  },
  busy: {
    says: "a busy signal was received",
    text: [
      "It comes with the event completed: that is what StatusCallbackEvent has to name, since no event is named busy.",
    ],
    isTerminal: true,
    event: "completed",
    see: ["486"],
  },
  failed: {
    says: "it could not be completed as dialed, mostly since the number was invalid",
    text: [
      "SipResponseCode tells more: 404 where the number cannot be reached. Look at the number and its country code.",
    ],
    isTerminal: true,
    event: "completed",
    see: ["404", "480"],
  },
  "no-answer": {
    says: "nobody answered, or the call was rejected",
    text: ["SipResponseCode is 487 where the call did not connect before its Timeout."],
    isTerminal: true,
    event: "completed",
    see: ["487", "480"],
  },
  canceled: {
    says: "canceled through the REST API while it was ringing",
    text: [
      "A call that is canceled while it is still queued fires no status callbacks at all. Older pages spell it with two l, so a handler does well to take both.",
    ],
    isTerminal: true,
    event: "completed",
    aliases: ["cancelled"],
    see: ["queued"],
  },
};

/** A page for each value of CallStatus. */
export function statusPages(): readonly Page[] {
  return Object.entries(statuses).map(([name, status]) =>
    page({
      name,
      says: status.says,
      aliases: status.aliases,
      text: status.text,
      facts: factsOf(status),
      see: status.see,
      links: [callbacksPage],
    }),
  );
}

function factsOf({ isTerminal, event }: Status): readonly Fact[] {
  const facts: Fact[] = [["terminal", isTerminal ? "yes: the call has ended" : "no"]];
  if (event !== undefined) facts.push(["sent with the event", event]);
  return facts;
}
