import { type Finding, finding, type SidFault } from "../rules.ts";
import { placeOf } from "./describe.ts";
import type { EventKind, TwilioEvent } from "./event.ts";

interface SidField {
  readonly pointer: string;
  /** Letters it must begin with; empty for any two capitals, where the documentation names none. */
  readonly prefix: string;
  readonly read: (event: TwilioEvent) => unknown;
}

const SID_LENGTH = 34;
const PREFIX_LENGTH = 2;

/** Prefixes: twilio.com/docs/glossary/what-is-a-sid. An event with a CallStatus tells of a call, so its `sid` is the call's. */
const fields: Readonly<Record<EventKind, readonly SidField[]>> = {
  event: [
    { pointer: "/id", prefix: "", read: (event) => (isBrokenSid(event.id) ? event.id : undefined) },
    { pointer: "/data/sid", prefix: "CA", read: (event) => (event.status === undefined ? undefined : event.data?.sid) },
    { pointer: "/data/sid", prefix: "", read: (event) => (event.status === undefined ? event.data?.sid : undefined) },
    { pointer: "/data/eventSid", prefix: "", read: (event) => event.data?.eventSid },
    ...parameters("/data/request/parameters"),
  ],
  callback: parameters(""),
  "call-event": [
    { pointer: "/request/parameters/call_sid", prefix: "CA", read: (event) => event.parameters?.call_sid },
    { pointer: "/request/parameters/account_sid", prefix: "AC", read: (event) => event.parameters?.account_sid },
    {
      pointer: "/request/parameters/parent_call_sid",
      prefix: "CA",
      read: (event) => event.parameters?.parent_call_sid,
    },
  ],
};

/** Reports sid-format: two capital letters and 32 hex digits. */
export function checkSids(event: TwilioEvent, findings: Finding[]): void {
  for (const { pointer, prefix, read } of fields[event.kind]) {
    const sid = read(event);
    if (typeof sid !== "string" || isSid(sid, prefix)) continue;
    findings.push(finding("sid-format", faultOf(sid, prefix), placeOf(pointer, sid)));
  }
}

function parameters(base: string): readonly SidField[] {
  return [
    { pointer: `${base}/CallSid`, prefix: "CA", read: (event) => event.parameters?.CallSid },
    { pointer: `${base}/AccountSid`, prefix: "AC", read: (event) => event.parameters?.AccountSid },
    { pointer: `${base}/ParentCallSid`, prefix: "CA", read: (event) => event.parameters?.ParentCallSid },
    { pointer: `${base}/ConferenceSid`, prefix: "CF", read: (event) => event.parameters?.ConferenceSid },
    { pointer: `${base}/RecordingSid`, prefix: "RE", read: (event) => event.parameters?.RecordingSid },
    { pointer: `${base}/ApplicationSid`, prefix: "AP", read: (event) => event.parameters?.ApplicationSid },
  ];
}

function isSid(text: string, prefix: string): boolean {
  return text.length === SID_LENGTH && hasPrefix(text, prefix) && hexEnd(text) === SID_LENGTH;
}

/** An envelope's `id` may be any text; only one that is nearly a SID is a broken one. */
function isBrokenSid(id: string | undefined): boolean {
  if (id === undefined || id.length === SID_LENGTH || id.length <= PREFIX_LENGTH) return false;
  return hasPrefix(id, "") && hexEnd(id) === id.length;
}

function faultOf(sid: string, prefix: string): SidFault {
  if (!hasPrefix(sid, prefix)) {
    return { fault: "prefix", expected: prefix === "" ? "two capital letters" : prefix, found: sid };
  }
  if (sid.length !== SID_LENGTH) return { fault: "length", length: sid.length };
  const index = hexEnd(sid);
  return { fault: "character", character: String.fromCodePoint(sid.codePointAt(index) ?? 0), index };
}

function hasPrefix(text: string, prefix: string): boolean {
  return prefix === "" ? isCapital(text.charCodeAt(0)) && isCapital(text.charCodeAt(1)) : text.startsWith(prefix);
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** Where the hex digits after the prefix end. */
function hexEnd(text: string): number {
  let at = PREFIX_LENGTH;
  while (at < text.length && isHexDigit(text.charCodeAt(at))) at++;
  return at;
}

function isHexDigit(code: number): boolean {
  return code <= 0x39 ? code >= 0x30 : (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
}
