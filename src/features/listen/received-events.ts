import { commonOf, partyOf } from "../../calls/store/event-facts.ts";
import type { TwilioEvent } from "../../events/event.ts";
import { eventMoment } from "../../events/event-time.ts";
import { labelOf, toLocatedEvent } from "../../findings/event-item.ts";
import type { Finding } from "../../findings/rules.ts";
import {
  applySettings,
  type Filter,
  type FoundEvent,
  pass,
  type ReadStats,
  type RuleSettings,
  textFindings,
} from "../../findings/select-events.ts";
import { createEventFinder, type FoundObject } from "../../input/find-events.ts";
import { type ParseError, plainRecord } from "../../input/json-record.ts";
import type { OutputItem } from "../../output/items.ts";
import { toRecordLine } from "../../webhook/webhook-request.ts";
import type { ReceivedRequest } from "./handle-request.ts";
import { receivedItem } from "./received-item.ts";

interface ArrivalOptions {
  /** The record's path, or what else findings name as their input. */
  readonly input: string;
  readonly filter: Filter;
  readonly tally: ReadStats;
  readonly rules: RuleSettings;
  judge(event: TwilioEvent): readonly Finding[];
  /** What is wrong with the signature of a request, for each of its events. */
  signatureFindings(arrival: ReceivedRequest): readonly Finding[];
}

/** An event that came, and how it is shown. */
export interface ReceivedEvents {
  readonly read: FoundEvent;
  readonly findings: readonly Finding[];
  readonly item: OutputItem;
}

/** The place of what is in no record. */
const nowhere = { input: "listen", line: 1, column: 1, offset: 0 };

/** Finds and judges the events of requests, and says how many there were before the filter; `line` is the number of the request's line in the record. */
export function createReceivedEvents({ input, filter, tally, rules, judge, signatureFindings }: ArrivalOptions) {
  return (
    arrival: ReceivedRequest,
    line: number,
  ): { readonly judged: readonly ReceivedEvents[]; readonly found: number } => {
    const { request, outcome, offset = 0 } = arrival;
    const text = (arrival.line ?? toRecordLine(request)).toString("utf8").trimEnd();
    const found: (FoundObject | ParseError)[] = [];
    const finder = createEventFinder((item) => found.push(item));
    const at = outcome === "again" ? nowhere : { input, line, column: 1, offset };
    finder.take({ kind: "json", document: plainRecord(text, JSON.parse(text), at), salvaged: false });
    finder.end();
    tally.bytes += request.body.length;
    tally.records++;
    const count = found.filter(({ kind }) => kind !== "fault").length;
    tally.events += count;
    const events = found.flatMap((item) => (item.kind === "fault" ? [] : (pass(item, filter, tally) ?? [])));
    const signature = events.length === 0 ? [] : signatureFindings(arrival);
    const judged = events.map((read) => {
      const findings = applySettings([...textFindings(read), ...judge(read.event), ...signature], rules);
      return { read, findings, item: toItem(arrival, read, findings) };
    });
    return { judged, found: count };
  };
}

function toItem(
  { request, outcome, answer }: ReceivedRequest,
  read: FoundEvent,
  findings: readonly Finding[],
): OutputItem {
  const { event } = read;
  const { stage, status } = commonOf(event, eventMoment(event)?.clock, "");
  const { from, to } = partyOf(event);
  const { code, durationMs } = event.response ?? {};
  const step = stage === "completed" ? (status ?? stage) : (stage ?? (event.kind === "event" ? undefined : status));
  return receivedItem({
    ...toLocatedEvent(read, findings),
    event: labelOf(event),
    receivedAt: request.receivedAt,
    what: step ?? event.type?.split(".").slice(-2).join(".") ?? "callback",
    ...{ from, to, code, durationMs },
    signature: request.signature,
    isDuplicate: outcome === "again",
    answer,
  });
}
