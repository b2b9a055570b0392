import { callItem } from "../../calls/call-item.ts";
import { createCallStats } from "../../calls/call-stats.ts";
import { createFollower, toLiveCall } from "../../calls/follow-calls.ts";
import { commonOf, partyOf } from "../../calls/store/event-facts.ts";
import { type FilterOptions, toFilter } from "../../cli/filters.ts";
import type { Result } from "../../cli/output.ts";
import { eventMoment } from "../../events/event-time.ts";
import { labelOf, toLocatedEvent } from "../../findings/event-item.ts";
import type { Finding } from "../../findings/finding.ts";
import { createRunStats } from "../../findings/run-stats.ts";
import {
  applySettings,
  type FoundEvent,
  noFilter,
  noReadStats,
  type RuleSettings,
  sourceOf,
  textFindings,
} from "../../findings/select-events.ts";
import { createEventValidator } from "../../findings/validate-event.ts";
import { plainRecord } from "../../input/json-record.ts";
import type { Io } from "../../io.ts";
import type { OutputItem } from "../../output/items.ts";
import { eventsIn } from "../../webhook/record-reader.ts";
import { toRecordLine } from "../../webhook/webhook-request.ts";
import type { SignatureCheck } from "./check-signatures.ts";
import type { ReceivedRequest } from "./handle-request.ts";
import { receivedItem } from "./received-item.ts";

interface ReceivedOptions extends FilterOptions {
  readonly rule: RuleSettings;
  readonly calls?: true | undefined;
  readonly slow: number;
}

/** An event that came, and how it is shown. */
export interface ReceivedEvent {
  readonly read: FoundEvent;
  readonly findings: readonly Finding[];
  readonly item: OutputItem;
}

/** A call without an event for so long is done with. */
const QUIET_MS = 600_000;

/** The place of what is in no record. */
const nowhere = { input: "listen", line: 1, column: 1, offset: 0 };

/** The events of received requests: finds and judges them, counts them, and shows their calls where that is asked for. */
export type ReceivedEvents = ReturnType<typeof createReceivedEvents>;

/** `input` is the record's path, or what else findings name as their input. */
export function createReceivedEvents(
  io: Io,
  options: ReceivedOptions,
  input: string,
  signatures: SignatureCheck,
  result: Pick<Result, "add">,
) {
  const { rule: rules } = options;
  const slowMs = options.slow * 1000;
  const filter = toFilter(options, io.now());
  const tally = noReadStats();
  const stats = createRunStats();
  const judge = createEventValidator({ slowMs });
  const now = (): number => io.now().getTime();
  const calls =
    options.calls &&
    createFollower({
      quietMs: QUIET_MS,
      slowMs,
      rules,
      score: createCallStats(),
      filter: noFilter,
      show: (judged) => result.add(callItem(toLiveCall(judged, "whole"))),
    });

  return {
    /** The events of a request, and how many there were before the filter; `line` is the number of its line in the record. */
    find(
      received: ReceivedRequest,
      line: number,
    ): { readonly events: readonly ReceivedEvent[]; readonly count: number } {
      const { request, outcome, offset = 0 } = received;
      const text = (received.line ?? toRecordLine(request)).toString("utf8").trimEnd();
      const at = outcome === "again" ? nowhere : { input, line, column: 1, offset };
      tally.bytes += request.body.length;
      tally.records++;
      const { events, count } = eventsIn(plainRecord(text, JSON.parse(text), at), filter, tally);
      const signature = events.length === 0 ? [] : signatures.findings(request);
      const judged = events.map((read) => {
        const findings = applySettings([...textFindings(read), ...judge(read.event), ...signature], rules);
        return { read, findings, item: toItem(received, read, findings) };
      });
      return { events: judged, count };
    },
    /** Counts an event that is shown, and adds it to its call. */
    add({ read: { event, found }, findings }: ReceivedEvent): void {
      stats.event(event, findings);
      if (event.callSid !== undefined) calls?.add(event, sourceOf(found), now());
    },
    /** To be called once a second and after events have come. */
    sweep: () => calls?.sweep(now()),
    /** Shows the calls that are left, and returns the summary. */
    end() {
      calls?.end();
      return stats.summary({ ...tally, inputs: 1 });
    },
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
