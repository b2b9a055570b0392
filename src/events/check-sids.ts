import { type Finding, placeOfValue } from "../findings/finding.ts";
import type { JsonObject, TwilioEvent } from "./event.ts";
import { eventFinding, type SidProblem } from "./rules.ts";

/** Letters that a SID must begin with; empty for any two capitals, where the documentation names none. */
type Prefix = "CA" | "AC" | "CF" | "RE" | "AP" | "";

const SID_LENGTH = 34;
const PREFIX_LENGTH = 2;

/** The last right SID with each prefix: a call's and an account's come again and again. */
const lastRight: Record<Prefix, string> = { CA: "", AC: "", CF: "", RE: "", AP: "", "": "" };

/**
 * Reports sid-format: two capital letters and 32 hex digits. Prefixes: twilio.com/docs/glossary/what-is-a-sid. An event
 * with a CallStatus tells of a call, so its `sid` is the call's.
 */
export function checkSids(event: TwilioEvent, findings: Finding[]): void {
  const { id, data, parameters } = event;
  switch (event.kind) {
    case "event":
      if (id !== undefined && isBrokenSid(id)) checkSid("", "id", "", id, findings);
      checkSid("/data", "sid", event.status === undefined ? "" : "CA", data?.sid, findings);
      checkSid("/data", "eventSid", "", data?.eventSid, findings);
      return checkParameters("/data/request/parameters", parameters, findings);
    case "callback":
      return checkParameters("", parameters, findings);
    case "call-event":
      checkSid("/request/parameters", "call_sid", "CA", parameters?.call_sid, findings);
      checkSid("/request/parameters", "account_sid", "AC", parameters?.account_sid, findings);
      checkSid("/request/parameters", "parent_call_sid", "CA", parameters?.parent_call_sid, findings);
  }
}

function checkParameters(base: string, parameters: JsonObject | undefined, findings: Finding[]): void {
  if (parameters === undefined) return;
  checkSid(base, "CallSid", "CA", parameters.CallSid, findings);
  checkSid(base, "AccountSid", "AC", parameters.AccountSid, findings);
  checkSid(base, "ParentCallSid", "CA", parameters.ParentCallSid, findings);
  checkSid(base, "ConferenceSid", "CF", parameters.ConferenceSid, findings);
  checkSid(base, "RecordingSid", "RE", parameters.RecordingSid, findings);
  checkSid(base, "ApplicationSid", "AP", parameters.ApplicationSid, findings);
}

function checkSid(base: string, key: string, prefix: Prefix, sid: unknown, findings: Finding[]): void {
  if (typeof sid !== "string" || sid === lastRight[prefix]) return;
  if (isSid(sid, prefix)) lastRight[prefix] = sid;
  else findings.push(eventFinding("sid-format", faultOf(sid, prefix), placeOfValue(`${base}/${key}`, sid)));
}

function isSid(text: string, prefix: string): boolean {
  return text.length === SID_LENGTH && hasPrefix(text, prefix) && hexEnd(text) === SID_LENGTH;
}

/** An envelope's `id` may be any text; only one that is nearly a SID is a broken one. */
function isBrokenSid(id: string): boolean {
  if (id.length === SID_LENGTH || id.length <= PREFIX_LENGTH) return false;
  return hasPrefix(id, "") && hexEnd(id) === id.length;
}

function faultOf(sid: string, prefix: string): SidProblem {
  if (!hasPrefix(sid, prefix)) {
    return { fault: "prefix", expected: prefix === "" ? "two capital letters" : prefix, found: sid };
  }
  if (sid.length !== SID_LENGTH) return { fault: "length", length: sid.length };
  const index = hexEnd(sid);
  return { fault: "character", character: String.fromCodePoint(sid.codePointAt(index) as number), index };
}

function hasPrefix(text: string, prefix: string): boolean {
  return prefix === "" ? isCapital(text.charCodeAt(0)) && isCapital(text.charCodeAt(1)) : text.startsWith(prefix);
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** 1 for each code of a hex digit. A branch between digits and letters would be guessed wrong half of the time. */
const hexDigits = new Uint8Array(128);
for (const digit of "0123456789abcdefABCDEF") hexDigits[digit.charCodeAt(0)] = 1;

/** Where the hex digits after the prefix end. */
function hexEnd(text: string): number {
  let at = PREFIX_LENGTH;
  while (at < text.length && hexDigits[text.charCodeAt(at)] === 1) at++;
  return at;
}
