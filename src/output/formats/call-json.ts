import { maskPasswords } from "../escape.ts";
import type { CallItem, CallsSummary, StepData } from "../items.ts";
import { sourceJson, valueJson } from "./json-text.ts";

/** A call as one JSON object; what is not known of it is absent. Times are ISO 8601 in UTC. */
export function callJson({ call, findings }: CallItem): string {
  const { sid, parentSid, direction, from, to, status, start, end, totalMs, ringMs, talkMs } = call;
  const members = [
    member("sid", sid),
    member("parentSid", parentSid),
    member("direction", direction),
    member("from", from),
    member("to", to),
    member("status", status),
    member("start", iso(start)),
    member("end", iso(end)),
    member("totalMs", totalMs),
    member("ringMs", ringMs),
    member("talkMs", talkMs),
    `"steps":[${call.steps.map(stepJson).join(",")}]`,
    `"findings":[${findings.map(findingJson).join(",")}]`,
  ];
  return object(members);
}

/** The summary as one JSON object. */
export function callsSummaryJson(summary: CallsSummary): string {
  return valueJson(summary);
}

function stepJson({ stage, status, at, offsetMs, sequence, type, id, callback, source }: StepData): string {
  return object([
    member("stage", stage),
    member("status", status),
    member("at", iso(at)),
    member("offsetMs", offsetMs),
    member("sequence", sequence),
    member("type", type),
    member("id", id),
    callback &&
      `"callback":${object([
        member("method", callback.method),
        member("url", callback.url),
        member("code", callback.code),
        member("durationMs", callback.durationMs),
      ])}`,
    `"source":${sourceJson(source)}`,
  ]);
}

function findingJson({ rule, severity, message, source }: CallItem["findings"][number]): string {
  return object([
    member("rule", rule),
    member("severity", severity),
    member("message", message),
    `"source":${sourceJson(source)}`,
  ]);
}

function member(key: string, value: string | number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return `"${key}":${typeof value === "number" ? value : valueJson(maskPasswords(value))}`;
}

const object = (members: readonly (string | undefined)[]): string =>
  `{${members.filter((each) => each !== undefined).join(",")}}`;

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
