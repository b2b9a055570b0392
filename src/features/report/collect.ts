import { type CallFilter, createNamedCalls, letsAllPass } from "../../calls/call-filter.ts";
import { type Calls, createCalls, type Draft } from "../../calls/calls.ts";
import { type CheckedCall, createCallChecker } from "../../calls/check-call.ts";
import { createEventFindings, createEventStore, type EventStore, isOfCalls } from "../../calls/event-store.ts";
import { type Counted, createFindingGroups, type FindingGroups } from "../../calls/group-findings.ts";
import { parentSidOf } from "../../calls/store/event-facts.ts";
import { toLocatedFault } from "../../findings/event-item.ts";
import type { Finding } from "../../findings/finding.ts";
import { rules } from "../../findings/rules.ts";
import {
  applySettings,
  type FoundEvent,
  type RuleSettings,
  sourceOf,
  textFindings,
} from "../../findings/select-events.ts";
import { createEventValidator } from "../../findings/validate-event.ts";
import { eventText } from "../../input/event-text.ts";
import type { ParseError } from "../../input/json-record.ts";
import { createUnassignedFindings, type UnassignedFindings } from "./evidence.ts";

/** The events of so many bytes wait until all calls are known. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

interface CollectorOptions {
  readonly filter: CallFilter;
  readonly slowMs: number;
  readonly settings: RuleSettings;
}

/** A call with all that is wrong with it and with its events. */
interface CheckedWithEvents extends CheckedCall {
  readonly findings: readonly Counted[];
}

/** What a report is made of, as it is read. */
interface Collector {
  readonly calls: Calls;
  readonly evidence: EventStore;
  readonly loose: UnassignedFindings;
  /** Knows what is in no call; of the calls it is to be told. */
  readonly overview: FindingGroups;
  event(read: FoundEvent): void;
  fault(fault: ParseError): void;
  /** Events that name no call. */
  eventsWithoutCall(): number;
  /** A judge of the calls, each measured by all the others that are there now. */
  judge(): (draft: Draft) => CheckedWithEvents;
}

/** Judges events as they come, and keeps of them what a report is made of; an event that comes again counts once. */
export function createCollector({ filter, slowMs, settings }: CollectorOptions): Collector {
  const validateEvent = createEventValidator({ slowMs });
  const isWanted = filter.call === undefined ? undefined : createNamedCalls(filter.call);
  const isAll = isWanted === undefined && letsAllPass(filter);
  const calls = createCalls();
  const ofEvents = createEventFindings();
  const evidence = createEventStore(MAX_KEPT_BYTES);
  const loose = createUnassignedFindings();
  const overview = createFindingGroups();
  let eventsWithoutCall = 0;

  const findingsOf = (read: FoundEvent): readonly Finding[] =>
    applySettings([...textFindings(read), ...validateEvent(read.event)], settings);

  return {
    calls,
    evidence,
    loose,
    overview,
    event(read) {
      const { event, found } = read;
      if (event.callSid === undefined || event.callSid === "") {
        eventsWithoutCall++;
        const findings = isAll ? findingsOf(read) : [];
        overview.loose(findings);
        for (const each of findings) loose.add(each, () => sourceOf(found));
        return;
      }
      if (isWanted !== undefined && !isWanted.has(event.callSid, parentSidOf(event))) return;
      const known = calls.find(event.callSid);
      const size = known === undefined ? 0 : calls.size(known);
      const source = sourceOf(found);
      const draft = calls.add(event, source);
      if (draft === undefined || calls.size(draft) === size) return;
      const findings = findingsOf(read);
      for (const each of findings) if (!isOfCalls(each)) ofEvents.add(draft, each, () => source);
      const isSuspect = findings.some(({ severity }) => severity !== "info");
      evidence.add(draft, { kind: event.kind, text: eventText(found), source }, isSuspect);
    },
    fault(fault) {
      const severity = settings.get(fault.rule) ?? rules[fault.rule].severity;
      if (severity === "off") return;
      const { findings, source } = toLocatedFault(fault, severity);
      const found = { rule: fault.rule, severity, message: findings[0]?.message ?? "" };
      overview.loose([found]);
      loose.add(found, () => source);
    },
    eventsWithoutCall: () => eventsWithoutCall,
    judge() {
      const judgeCall = createCallChecker(calls, { slowMs, rules: settings });
      return (draft) => {
        const { call, findings } = judgeCall(draft);
        return { call, findings: [...findings, ...ofEvents.of(draft)] };
      };
    },
  };
}
