import type { Step } from "../../src/calls/call.ts";
import type { PageSection } from "../../src/features/explain/page-item.ts";
import type { CheckedRequest } from "../../src/features/verify/signature-item.ts";
import type { LocatedBody } from "../../src/findings/body-item.ts";
import type { Evidence } from "../../src/output/html/report-content.ts";
import type { BodyPosition, LocatedFinding, Source } from "../../src/output/located-finding.ts";
import type { Screen } from "../../src/output/terminal/screen.ts";
import type { CallData, CallFinding, CallItemData, ItemData, ReportData } from "./item-data.ts";

const esc = "\u001b";

/** What an attacker, or bad luck, puts in a string of an event. */
export const payloads: Readonly<Record<string, string>> = {
  "SGR red": `${esc}[31mred`,
  "SGR conceal": `${esc}[8mhidden${esc}[28m`,
  "clear screen": `${esc}[2J${esc}[H`,
  "clear scrollback": `${esc}[3J`,
  "erase line above": `${esc}[1A${esc}[2K`,
  "cursor report": `${esc}[6n`,
  "device attributes": `${esc}[c`,
  "alternate screen": `${esc}[?1049h`,
  "hide cursor": `${esc}[?25l`,
  "mouse reports": `${esc}[?1003h`,
  "bracketed paste off": `${esc}[?2004l`,
  "insert mode": `${esc}[4h`,
  "scroll region": `${esc}[1;1r`,
  "window title report": `${esc}[21t`,
  "CSI without end": `${esc}[`,
  "CSI built by stripping": `${esc}${esc}[0m[31mX`,
  "OSC 0 title, BEL": `${esc}]0;pwned\u0007`,
  "OSC 0 title, ST": `${esc}]0;pwned${esc}\\`,
  "OSC 8 link": `${esc}]8;;https://evil.example\u0007click${esc}]8;;\u0007`,
  "OSC 10 color query": `${esc}]10;?\u0007`,
  "OSC 52 clipboard": `${esc}]52;c;cm0gLXJmIC8=\u0007`,
  "OSC 1337 file": `${esc}]1337;File=inline=1:AAAA\u0007`,
  "OSC without end": `${esc}]0;`,
  "DCS request": `${esc}P$q"p${esc}\\`,
  "DCS sixel": `${esc}Pq#0;2;0;0;0${esc}\\`,
  "APC graphics": `${esc}_Gf=24;AAAA${esc}\\`,
  "PM message": `${esc}^secret${esc}\\`,
  "SOS string": `${esc}Xsecret${esc}\\`,
  "full reset": `${esc}c`,
  "line drawing charset": `${esc}(0lqqk`,
  "lone ESC": esc,
  "ESC at the end": `text${esc}`,
  "C1 CSI": "\u009b31mred",
  "C1 OSC": "\u009d0;pwned\u009c",
  "C1 DCS": "\u0090$q\u009c",
  "C1 APC": "\u009fG\u009c",
  "C1 NEL": "a\u0085b",
  BEL: "ding\u0007",
  backspace: "rm -rf /\b\b\b\b\b\b\b\bls",
  "carriage return": "✖ error\r✔ valid",
  "line feed": "a\n✔ 400 events: all valid",
  CRLF: "a\r\nb",
  tab: "a\tb",
  "vertical tab, form feed": "a\u000bb\u000cc",
  NUL: "a\u0000b",
  DEL: "a\u007fb",
  "shift out": "a\u000eb\u000f",
  "XON, XOFF": "\u0013\u0011",
  "substitute, cancel": "\u001a\u0018",
  "bidi embedding": "\u202aa\u202bb\u202cc",
  "bidi override": "\u202dabc\u202egpj.exe",
  "bidi isolates": "\u2066a\u2067b\u2068c\u2069",
  "bidi marks": "a\u200eb\u200fc\u061cd",
  "zero width space": "pay\u200bpal",
  "zero width joiners": "a\u200cb\u200dc",
  "word joiner": "a\u2060b\u2064c",
  BOM: "\ufeffa",
  "soft hyphen": "pay\u00adpal",
  "tag characters": "a\u{e0001}\u{e0041}\u{e007f}",
  "variation selectors": "a\ufe00\ufe0f\u{e0100}",
  "Mongolian vowel separator": "a\u180eb",
  "Hangul fillers": "a\u115f\u1160\u3164\uffa0b",
  "combining grapheme joiner": "a\u034fb",
  "Khmer inherent vowels": "a\u17b4\u17b5b",
  "blank Braille": "a\u2800b",
  "combining flood": `a${"\u0301".repeat(200)}b`,
  "mixed flood": `a${"\u0300\u0489\u20dd".repeat(20)}`,
  "lone high surrogate": "a\ud800b",
  "lone low surrogate": "a\udc00b",
  "swapped surrogates": "\udc00\ud800",
  "private use": "a\ue000\uf8ffb",
  "private use planes": "a\u{f0000}\u{10fffd}",
  "line separator": "a\u2028b",
  "paragraph separator": "a\u2029b",
  "interlinear annotation": "\ufff9a\ufffab\ufffb",
  "shorthand format": "\u{1bca0}a",
  "musical format": "\u{1d173}a\u{1d17a}",
  "literal escape": "\\u{1B}",
  "backslash before an ESC": `\\${esc}`,
  "literal JSON escape": "\\u001b[31m",
  "quotes and braces": `"},{"rule":"x"`,
  "prototype key": "__proto__",
};

const actsOnTerminal = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Co}\u2800]|\p{M}{9,}/u;

/** What in the output could act on a terminal, but for newlines and the listed others; undefined when nothing can. */
export function leak(output: string, allowed: RegExp = /\n/g): string | undefined {
  const [match] = actsOnTerminal.exec(output.replace(allowed, "")) ?? [];
  return match && [...match].map((char) => char.codePointAt(0)?.toString(16)).join(" ");
}

/** Our own colors, and nothing else that begins with ESC. */
export const ownColors = new RegExp(`${esc}\\[(?:1|2|22|31|32|33|34|36|39)m`, "g");

export const source: Source = { input: "events.ndjson", line: 3, column: 1, offset: 1800, path: "" };

export const fault: LocatedFinding = {
  rule: "schema",
  severity: "error",
  message: "must be an integer, found a string",
  pointer: "/data/response/responseCode",
  value: '"200"',
  line: 3,
  column: 412,
};

export const call = {
  id: "EZ1",
  type: "com.twilio.voice.status-callback.call.answered",
  callSid: "CA1",
  schema: "S/2",
};

export const numbers = {
  ...{ inputs: 1, bytes: 900, events: 1, valid: 0, invalid: 1, calls: 1, duplicates: 0 },
  ...{ errors: 1, warnings: 0, infos: 0, unreadable: 0 },
};

const event = (findings: readonly LocatedFinding[]): ItemData => ({
  kind: "event",
  event: call,
  source,
  valid: false,
  findings,
});
const withFault = (change: Partial<LocatedFinding>): ItemData => event([{ ...fault, ...change }]);
const withLabel = (change: object): ItemData => ({
  kind: "event",
  event: { ...call, ...change },
  source,
  valid: false,
  findings: [fault],
});
const withSource = (change: Partial<Source>): ItemData => ({
  kind: "event",
  event: call,
  source: { ...source, ...change },
  valid: false,
  findings: [fault],
});

/** A decoded body with one finding, by what differs. */
export function withBody(
  change: Partial<LocatedBody> & { readonly message?: string; readonly shownAt?: BodyPosition },
): LocatedBody & { readonly kind: "body" } {
  const { message = "wrong", shownAt = { line: 1, column: 1 }, ...members } = change;
  return {
    kind: "body",
    event: { type: "com.twilio.voice.twiml.call.requested" },
    source,
    charset: "utf-8",
    bytes: 11,
    body: "twiml",
    text: "<Response/>",
    shown: "<Response/>",
    findings: [{ ...fault, message, at: { line: 1, column: 1 }, shownAt }],
    ...members,
  };
}
export const step: Step = {
  stage: "answered",
  status: "in-progress",
  at: 1_756_043_388_102,
  offsetMs: 6_441,
  clock: undefined,
  sequence: 2,
  type: "com.twilio.voice.status-callback.call.answered",
  id: "EZ1",
  callback: { method: "POST", url: "https://example.com/status", code: 200, durationMs: 40 },
  source,
  reports: [] as unknown as Step["reports"],
};

export const aCall: CallData = {
  sid: "CA1",
  parentSid: undefined,
  direction: "inbound",
  from: "+14155550100",
  to: "+14155550101",
  status: "in-progress",
  isOver: false,
  start: 1_756_043_381_661,
  end: undefined,
  totalMs: undefined,
  ringMs: 1000,
  talkMs: undefined,
  callDuration: undefined,
  sipCode: undefined,
  clocks: ["data.timestamp"],
  isCoarse: false,
  phases: [{ name: "ringing", fromMs: 0, toMs: 6_441, isOpen: false }],
  steps: [step],
};

const callItem = (
  call: CallData,
  detail: CallItemData["detail"] = "whole",
  findings: CallItemData["findings"] = [],
): CallItemData => ({
  kind: "call",
  detail,
  depth: 0,
  moments: [1_756_043_381_661, 1_756_043_388_102],
  call,
  findings,
});
const withCall = (change: Partial<CallData>, detail?: CallItemData["detail"]): ItemData =>
  callItem({ ...aCall, ...change }, detail);
const withStep = (change: Partial<Step>): ItemData => withCall({ steps: [{ ...step, ...change }] });
const withCallFinding = (change: Partial<CallFinding>, detail?: CallItemData["detail"]): ItemData =>
  callItem(aCall, detail, [{ rule: "call-open", severity: "warning", message: "no end", source, ...change }]);

const calls: Extract<ItemData, { kind: "calls" }> = {
  kind: "calls",
  summary: {
    ...{
      inputs: 1,
      bytes: 900,
      events: 4,
      stray: 0,
      calls: 2,
      legs: 0,
      errors: 0,
      warnings: 1,
      infos: 0,
      unreadable: 0,
    },
    statuses: [{ status: "completed", calls: 2 }],
    ring: { count: 2, median: 1000, p95: 2000 },
    talk: undefined,
    callback: { count: 8, median: 40, p95: 90 },
    callbacks: [
      { below: 50, count: 7 },
      { below: undefined, count: 1 },
    ],
    rules: [{ rule: "call-open", findings: 1 }],
  },
  isOne: false,
  coverage: "Read all.",
};

/** What a report begins with. */
export const report: ReportData & { readonly kind: "report" } = {
  kind: "report",
  title: "Calls",
  madeAt: 1_756_046_400_000,
  from: 1_756_043_381_661,
  to: 1_756_043_388_102,
  inputs: ["events.ndjson"],
  summary: { ...calls.summary, calls: 9 },
  troubled: 1,
  rules: [
    {
      rule: "call-open",
      severity: "warning",
      says: "there is no end",
      help: "Look for it.",
      findings: 1,
      calls: 1,
      message: "no end",
      examples: ["CA1"],
    },
  ],
  urls: [
    { url: "a.example/voice", requests: 2, failed: 0, codes: [], took: undefined, slowestMs: undefined },
    { url: undefined, requests: 1, failed: 0, codes: [], took: { count: 1, median: 2, p95: 3 }, slowestMs: 3 },
  ],
  types: [{ type: "com.twilio.a", events: 1, status: undefined, replacement: undefined }],
  spanMs: 60_000,
  spans: [
    { from: 1_756_043_380_000, sound: 1, warned: 0, failed: 0 },
    { from: 1_756_043_440_000, sound: 0, warned: 1, failed: 2 },
  ],
  loose: [],
  looseMore: 0,
  listed: 2,
  evidenced: 1,
  unlisted: [],
  coverage: "Read all.",
};

const withReport = (change: Partial<ReportData>): ItemData => ({ ...report, ...change });
const withEvidence = (change: Partial<Evidence>): ItemData => ({
  ...callItem(aCall),
  evidence: [{ event: call, source, text: "{}", cut: 0, body: undefined, ...change }],
});

const withSignature = (change: Partial<CheckedRequest>): ItemData => ({
  kind: "signature",
  source,
  method: "POST",
  url: "https://example.com/voice",
  isAssumed: true,
  state: "bad",
  changes: [],
  bytes: 12,
  notes: [],
  findings: [],
  ...change,
});

const signatures: Extract<ItemData, { kind: "signatures" }> = {
  kind: "signatures",
  summary: { inputs: 1, bytes: 900, requests: 3, ok: 1, bad: 1, missing: 1, unverifiable: 0, unreadable: 0 },
  coverage: "Read all.",
};

/** Something explained, with one section. */
const withSection = (section: PageSection, value: unknown): ItemData => ({
  kind: "page",
  title: "schema",
  about: "rule",
  sections: [section],
  value: { name: "schema", value },
});

/** Every string place of every item. */
export const places: Readonly<Record<string, (text: string) => ItemData>> = {
  "event id": (id) => withLabel({ id, callSid: undefined }),
  "event type": (type) => withLabel({ type }),
  "event callSid": (callSid) => withLabel({ callSid }),
  "event schema": (schema) => withLabel({ schema }),
  "source input": (input) => withSource({ input }),
  "source path": (path) => withSource({ path }),
  "finding rule": (rule) => withFault({ rule }),
  "finding message": (message) => withFault({ message }),
  "finding pointer": (pointer) => withFault({ pointer }),
  "finding value": (value) => withFault({ value }),
  "stray message": (message) => ({ kind: "finding", finding: { ...fault, message }, source }),
  "stray input": (input) => ({ kind: "finding", finding: fault, source: { ...source, input } }),
  "stray path": (path) => ({ kind: "finding", finding: fault, source: { ...source, path } }),
  "document key": (key) => ({ kind: "document", text: `{${JSON.stringify(key)}:1}` }),
  "document value": (value) => ({ kind: "document", text: JSON.stringify({ value }, undefined, 2) }),
  "table column": (column) => ({ kind: "table", columns: [column, "b"], rows: [["1", "2"]], value: [{ [column]: 1 }] }),
  "table cell": (cell) => ({ kind: "table", columns: ["a", "b"], rows: [[cell, cell]], value: [{ a: cell }] }),
  "body text": (text) => withBody({ text, shown: `<Say>\n${text}\n</Say>` }),
  "body text, caret behind": (text) =>
    withBody({ text, shown: `${text}<Say>`, shownAt: { line: 1, column: text.length + 1 } }),
  "body content type": (contentType) => withBody({ contentType }),
  "body charset": (charset) => withBody({ charset }),
  "body note": (note) => withBody({ note }),
  "body message": (message) => withBody({ message }),
  "call sid": (sid) => withCall({ sid }),
  "call on a line, sid": (sid) => withCall({ sid }, "line"),
  "call direction": (direction) => withCall({ direction }),
  "call from": (from) => withCall({ from }),
  "call to, on a line": (to) => withCall({ to }, "line"),
  "call status": (status) => withCall({ status }),
  "call status, live": (status) => withCall({ status }, "live"),
  "call parent": (parentSid) => withCall({ parentSid }),
  "call clock": (clock) => withCall({ clocks: [clock], isCoarse: true }),
  "step type": (type) => withStep({ type }),
  "step status": (status) => withStep({ status }),
  "step id": (id) => withStep({ id }),
  "step method": (method) => withStep({ callback: { method, url: "/", code: 200, durationMs: 1 } }),
  "step url": (url) => withStep({ callback: { method: "POST", url, code: 200, durationMs: 1 } }),
  "step source": (input) => withStep({ source: { ...source, input } }),
  "call finding": (message) => withCallFinding({ message }),
  "call finding on a line": (rule) => withCallFinding({ rule }, "line"),
  "call finding source": (input) => withCallFinding({ source: { ...source, input } }),
  "calls status": (status) => ({ ...calls, summary: { ...calls.summary, statuses: [{ status, calls: 2 }] } }),
  "calls rule": (rule) => ({ ...calls, summary: { ...calls.summary, rules: [{ rule, findings: 2 }] } }),
  "calls coverage": (coverage) => ({ ...calls, coverage }),
  "signature method": (method) => withSignature({ method }),
  "signature url": (url) => withSignature({ url }),
  "signature that holds, signed url": (signedUrl) =>
    withSignature({ state: "ok", signedUrl, changes: ["port removed"], token: "secondary", covers: "hash" }),
  "signature change": (change) =>
    withSignature({ state: "ok", signedUrl: "https://a", changes: [change], covers: "url" }),
  "signature note": (note) => withSignature({ state: "ok", notes: [note], covers: "form" }),
  "signature source": (input) => withSignature({ source: { ...source, input } }),
  "signature message": (message) => withSignature({ findings: [{ ...fault, message }] }),
  "signatures coverage": (coverage) => ({ ...signatures, coverage }),
  "page title": (title) => ({ kind: "page", title, about: "", sections: [], value: { title } }),
  "page about": (about) => ({ kind: "page", title: "schema", about, sections: [], value: { about } }),
  "page heading": (heading) => withSection({ form: "text", heading, paragraphs: ["text"] }, heading),
  "page paragraph": (text) => withSection({ form: "text", paragraphs: [text] }, text),
  "page term": (term) => withSection({ form: "terms", terms: [[term, "says"]] }, term),
  "page meaning": (says) => withSection({ form: "terms", terms: [["term", says]] }, says),
  "page line": (line) => withSection({ form: "lines", lines: [line] }, line),
  "change before": (before) => ({ kind: "change", source, before, after: "after" }),
  "change after": (after) => ({ kind: "change", source, before: "before", after }),
  "change source": (input) => ({ kind: "change", source: { ...source, input }, before: "before", after: "after" }),
  "report title": (title) => withReport({ title }),
  "report input": (input) => withReport({ inputs: [input] }),
  "report coverage": (coverage) => withReport({ coverage }),
  "report rule": (rule) => withReport({ rules: report.rules.map((each) => ({ ...each, rule })) }),
  "report message": (message) => withReport({ rules: report.rules.map((each) => ({ ...each, message })) }),
  "report example": (sid) => withReport({ rules: report.rules.map((each) => ({ ...each, examples: [sid] })) }),
  "report url": (url) => withReport({ urls: report.urls.map((each) => ({ ...each, url })) }),
  "report type": (type) => withReport({ types: report.types.map((each) => ({ ...each, type })) }),
  "report status": (status) => withReport({ unlisted: [{ status, calls: 1 }] }),
  "report loose": (message) =>
    withReport({ loose: [{ rule: "json-syntax", severity: "error", message, source, pointer: "/a", value: "b" }] }),
  "evidence type": (type) => withEvidence({ event: { type } }),
  "evidence id": (id) => withEvidence({ event: { id } }),
  "evidence input": (input) => withEvidence({ source: { ...source, input } }),
  "evidence text": (value) => withEvidence({ text: JSON.stringify({ value }, undefined, 2) }),
  "evidence body": (text) => withEvidence({ body: withBody({ shown: `<Say>${text}</Say>` }) }),
  "evidence note": (note) => withEvidence({ body: withBody({ note }) }),
  "evidence message": (message) => withEvidence({ body: withBody({ message }) }),
  coverage: (coverage) => ({ kind: "summary", summary: numbers, coverage }),
};

export const pipe: Screen = { width: 100, color: false, ascii: false, verbose: false, terminal: false };

/** Every kind of screen that changes what is drawn. */
export const screens: Readonly<Record<string, Screen>> = {
  pipe,
  "pipe, ascii": { ...pipe, ascii: true },
  terminal: { ...pipe, terminal: true, color: true },
  "terminal, narrow, verbose": { ...pipe, terminal: true, color: true, width: 40, verbose: true },
  "terminal, ascii, wide": { ...pipe, terminal: true, ascii: true, width: 240, verbose: true },
};
