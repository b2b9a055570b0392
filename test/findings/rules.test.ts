import { describe, expect, test } from "vitest";
import { eventFinding } from "../../src/events/rules.ts";
import { excerpt, quote } from "../../src/findings/finding.ts";
import { messageOf, type RuleName, rules } from "../../src/findings/rules.ts";
import { signatureFinding } from "../../src/webhook/signature/rules.ts";

type Data<Name extends RuleName> = Parameters<(typeof rules)[Name]["message"]>[0];
type Fault<Name extends RuleName> = Extract<Data<Name>, { readonly fault: unknown }>["fault"];
type Rewrite = Extract<Data<"signature-body">, { readonly fault: "rewritten" }>["as"][number];
type Change = Extract<Data<"signature-mismatch">, { readonly fault: "changed" }>["changes"][number];

const named = <Key extends string>(table: Readonly<Record<Key, readonly string[]>>) =>
  (Object.entries(table) as [Key, readonly string[]][]).map(([fault, [first = "", second = "", third = ""]]) => ({
    fault,
    first,
    second,
    third,
  }));

const hash = "3f7e8a2c9d104b56".repeat(4);
const signed = `https://ivr.example.com/voice?bodySHA256=${hash}`;

const base64 = named<Fault<"body-base64">>({
  plain: [],
  character: ['"ä"'],
  "white-space": [],
  "url-safe": [],
  "padding-missing": ['"=="'],
  "padding-surplus": [],
  "padding-inside": [],
  truncated: [],
  "trailing-bits": [],
  twice: [],
});

const charset = named<Fault<"body-charset">>({
  unknown: ["the content type", "windows-1252"],
  disagree: ["the content type says UTF-8, the XML declaration ISO-8859-1", "UTF-8"],
  bytes: ["the content type says UTF-8, but byte 0xE4 at offset 17 is not", "windows-1252"],
  garbled: ["the content type says ISO-8859-1", "ISO-8859-1"],
});

const contentType = named<Fault<"body-content-type">>({
  missing: [],
  malformed: ["xml"],
  mismatch: ["text/html", "TwiML"],
});

const syntax = named<Fault<"twiml-syntax">>({
  empty: [],
  html: ["502 Bad Gateway"],
  json: [],
  "json-string": [],
  text: [],
  escaped: [],
  doctype: [],
  "xml-1.1": [],
  size: ["1 MB"],
  depth: ["100"],
  nodes: ["20000"],
  "leading-space": [],
  "text-before": ['"Warning:"'],
  invisible: ["U+200B"],
  "declaration-inside": [],
  declaration: [],
  "no-root": [],
  "second-root": ["Response"],
  "text-after": ['"done"'],
  ampersand: [],
  entity: ["&nbsp;"],
  reference: ["&#0;"],
  "less-than": [],
  "less-than-in-value": [],
  "wrong-close": ["Response", "Say"],
  "close-case": ["say", "Say"],
  unclosed: ["Dial"],
  "stray-close": ["Gather"],
  "unfinished-tag": ["<Say"],
  "stray-in-tag": ['"="'],
  unquoted: ["voice"],
  "typographic-quote": ["voice"],
  "no-value": ["playBeep"],
  "no-space": [],
  "unclosed-value": [],
  duplicate: ["voice"],
  "comment-dashes": [],
  "unclosed-comment": [],
  "unclosed-cdata": [],
  "cdata-end": [],
  instruction: [],
  character: ["U+0008"],
  other: ["the document cannot be read"],
});

const values = named<Fault<"twiml-value">>({
  integer: [],
  positive: [],
  "integer-or": ["auto"],
  integers: [],
  boolean: [],
  method: [],
  one: ["man, woman"],
  list: ["dtmf, speech"],
  commas: [],
  characters: ["0-9*#w"],
  phone: [],
  "phone-sip": [],
  "phone-client": [],
  sip: [],
  long: ["4000"],
  "url-blank": [],
  "url-scheme": [],
  "url-socket": [],
  "url-placeholder": [],
  "url-local": [],
  "url-credentials": [],
});

const changes = named<Change["change"]>({
  "scheme-https": [],
  "scheme-http": [],
  "port-added": ["8443"],
  "port-removed": ["3000"],
  host: ["ivr.example.com"],
  "forwarded-host": ["ivr.example.com"],
  "slash-added": [],
  "slash-removed": [],
  path: [],
  "path-encoded": [],
  "path-decoded": [],
  "query-restored": [],
  "query-arrived": [],
  "query-dropped": [],
  "query-encoded": [],
  "query-decoded": [],
  "query-sorted": [],
  "hash-dropped": [],
  "credentials-dropped": [],
  fragment: [],
  "json-as-form": [],
  "no-parameters": [],
  "as-form": ["text/plain"],
  trimmed: ["SpeechResult"],
  "empty-dropped": ["FromCity, CallerCity"],
  plus: [],
  latin1: [],
  "utf8-twice": [],
  newline: [],
  "signed-trimmed": [],
  "signed-filled": [],
  "signed-unsorted": [],
  "signed-caseless": [],
  "signed-repeats": [],
  "signed-last": [],
}).map(({ fault, first }) => ({ change: fault, ...(first !== "" && { detail: first }) }));

const rewrites = named<Rewrite>({
  compact: [],
  spaced: [],
  "indented-2": [],
  "indented-4": [],
  "indented-tab": [],
  sorted: [],
  "ascii-only": [],
  unescaped: [],
  "slashes-escaped": [],
  "in-array": [],
  "out-of-array": [],
  "newline-added": [],
  "newline-removed": [],
  crlf: [],
  lf: [],
  "mark-added": [],
  "mark-removed": [],
  "utf8-once": [],
  utf8: [],
  latin1: [],
}).map(({ fault }) => fault);

const deprecated = "com.twilio.voice.webhook.status-callback.call.completed";
const current = "com.twilio.voice.status-callback.call.completed";
const lifecycle = [
  { type: deprecated, replacement: current },
  { type: deprecated, replacement: undefined },
];
const sequence = { before: "ringing (1)", after: "completed (9)" };

/** What each rule can have to tell: every fault that it tells apart, and every turn of its sentence. */
const data: { readonly [Name in RuleName]: readonly Data<Name>[] } = {
  "json-syntax": [{ problem: "a comma is missing" }],
  "json-encoding": [{ problem: "UTF-16, decoded" }],
  "json-duplicate-key": [
    { key: "CallStatus", count: 2 },
    { key: "CallStatus", count: 3 },
  ],
  envelope: [
    { fault: "missing", attribute: "id" },
    { fault: "value", attribute: "specversion", expected: '"1.0"', found: "1" },
  ],
  "envelope-content-type": [
    { found: '"2025-01-01T00:00:00Z"', isTime: true },
    { found: '"json"', isTime: false },
  ],
  schema: [
    { fault: "missing", schema: "Voice.WebhookEvent/2", key: "request" },
    { fault: "value", schema: "Voice.WebhookEvent/2", expected: "a string", found: "5" },
    { fault: "other", schema: "Voice.WebhookEvent/2", problem: "must match exactly one schema" },
  ],
  "schema-unknown": [
    { fault: "missing", judgedBy: "Voice.WebhookEvent/2" },
    { fault: "ill-typed", found: "7", judgedBy: "Voice.WebhookEvent/2" },
    { fault: "unbundled", found: "https://events-schemas.twilio.com/Voice.Other/9", judgedBy: undefined },
    {
      fault: "misfit",
      found: "https://events-schemas.twilio.com/Messaging.MessageStatus/1",
      type: current,
      family: "Voice.WebhookEvent",
      judgedBy: "Voice.WebhookEvent/2",
    },
  ],
  "type-unknown": [
    { type: `${current}d`, nearest: current },
    { type: "com.example.order", nearest: undefined },
  ],
  "type-deprecated": lifecycle,
  "type-restricted": lifecycle,
  "type-discontinued": lifecycle,
  "sid-format": [
    { fault: "length", length: 30 },
    { fault: "prefix", expected: "CA", found: "CF" },
    { fault: "character", character: "x", index: 2 },
  ],
  "time-format": [
    { fault: "weekday", found: "Mon, 24 Aug 2025 13:49:54 +0000", weekday: "Sun" },
    { fault: "format", standard: "RFC 3339", example: "2025-01-01T00:00:00.000Z", found: '"yesterday"' },
  ],
  "time-skew": [45_000, 300_000, 9_000_000, 2_000_000_000].map((apartMs) => ({
    earliest: "/time",
    latest: "/data/timestamp",
    apartMs,
  })),
  "body-base64": base64.map(({ fault, first }) => ({ fault, offset: 12, detail: first })),
  "body-charset": charset.map(({ fault, first, second }) => ({ fault, declared: first, read: second })),
  "body-content-type": contentType.map(({ fault, first, second }) => ({ fault, type: first, kind: second })),
  "body-size": [
    { bytes: 70_000, packed: false },
    { bytes: 1_048_576, packed: true },
  ],
  "twiml-syntax": [
    ...syntax.map(({ fault, first, second }) => ({ fault, found: first, wanted: second })),
    { fault: "html", found: "", wanted: "" },
  ],
  "twiml-root": [
    ...named<Fault<"twiml-root">>({
      case: ["response"],
      verb: ["Say"],
      html: ["html", "502 Bad Gateway"],
      other: ["Twiml"],
    }).map(({ fault, first, second }) => ({ fault, name: first, page: second })),
    { fault: "html", name: "html", page: "" },
  ],
  "twiml-element": [
    ...named<Fault<"twiml-element">>({ case: ["say", "Say"], unknown: ["Sya", "Say"], messaging: ["Message"] }).map(
      ({ fault, first, second }) => ({ fault, name: first, right: second }),
    ),
    { fault: "unknown", name: "Dance", right: "" },
  ],
  "twiml-attribute": [
    ...named<Fault<"twiml-attribute">>({
      case: ["Voice", "Say", "voice"],
      unknown: ["voices", "Say", "voice"],
      elsewhere: ["timeout", "Say", "<Gather>"],
    }).map(({ fault, first, second, third }) => ({ fault, name: first, element: second, right: third })),
    { fault: "unknown", name: "mood", element: "Say", right: "" },
  ],
  "twiml-nesting": [
    ...named<Fault<"twiml-nesting">>({
      child: ["Number", "Gather", "<Dial>"],
      text: ["", "Gather"],
      mixed: ["Queue", "Dial", "<Number>"],
    }).map(({ fault, first, second, third }) => ({ fault, name: first, parent: second, right: third, code: 12200 })),
    { fault: "child", name: "Dial", parent: "Gather", right: "", code: 13320 },
  ],
  "twiml-value": [
    ...values.map(({ fault, first }) => ({ fault, subject: "it", values: first, nearest: undefined, code: 0 })),
    { fault: "one", subject: 'voice="wman"', values: "man, woman", nearest: "woman", code: 13512 },
  ],
  "twiml-empty": [{ element: "Say", needs: "has nothing to say", code: 13520 }],
  "twiml-loop": [
    { element: "Gather", attribute: "action" },
    { element: "Redirect", attribute: undefined },
  ],
  "twiml-ignored": [{ verb: "Say" }],
  "response-failed": [
    { code: 404, by: "twilio" },
    { code: 503, by: "server" },
  ],
  "response-slow": [
    { durationMs: 7204, slowMs: 5000 },
    { durationMs: 15_000, slowMs: 5000 },
    { durationMs: 800, slowMs: 500 },
  ],
  "call-duplicate": [
    { steps: [{ name: "ringing", times: 2 }] },
    {
      steps: [
        { name: "ringing", times: 2 },
        { name: "completed", times: 3 },
      ],
    },
  ],
  "call-double-subscription": [{ steps: ["ringing"] }, { steps: ["ringing", "answered", "completed"] }],
  "call-sequence-gap": [
    { ...sequence, ranges: [[2, 2]] },
    { ...sequence, ranges: [[2, 4]] },
    {
      ...sequence,
      ranges: [
        [2, 2],
        [4, 6],
      ],
    },
    {
      ...sequence,
      ranges: [
        [2, 2],
        [4, 4],
        [6, 6],
        [8, 8],
      ],
    },
    { ranges: [[0, 0]], before: undefined, after: "ringing (1)" },
  ],
  "call-out-of-order": [{ late: "ringing", early: "answered", byMs: 140 }],
  "call-missing-step": [{ stage: "ringing", having: 11, of: 12 }],
  "call-open": [
    { last: "answered", agoMs: undefined, othersEnd: true },
    { last: "answered", agoMs: 0, othersEnd: false },
    { last: "answered", agoMs: 600_000, othersEnd: true },
  ],
  "call-after-end": [undefined, 0, 1500].map((byMs) => ({ step: "answered", end: "completed", byMs })),
  "call-status-conflict": [{ statuses: ["busy", "completed"] }],
  "call-duration": [{ callDuration: 12, talkMs: 15_300 }],
  "signature-missing": [{ isEmpty: true }, { isEmpty: false }],
  "signature-mismatch": [
    ...changes.map((change) => ({
      fault: "changed" as const,
      signed: "https://ivr.example.com/voice",
      changes: [change],
    })),
    { fault: "changed", signed, changes: [{ change: "scheme-https" }, { change: "query-restored" }] },
    {
      fault: "changed",
      signed: `https://ivr.example.com/${"a".repeat(300)}`,
      changes: [{ change: "query-encoded" }, { change: "query-sorted" }],
    },
    { fault: "no-url" },
    { fault: "repeated" },
    { fault: "malformed" },
    { fault: "blank" },
    { fault: "quoted" },
    { fault: "not-utf8" },
    { fault: "names", names: ["a b"] },
    { fault: "names", names: ["a b", "c&d", "e=f", "g?h"] },
    { fault: "unknown", tried: 312, isBodyIntact: false },
    { fault: "unknown", tried: 312, isBodyIntact: true, account: "AC7" },
  ],
  "signature-body": [
    ...rewrites.map((rewrite) => ({ fault: "rewritten" as const, as: [rewrite] })),
    { fault: "rewritten", as: ["sorted", "spaced", "ascii-only"] },
    { fault: "length", bytes: 100, sent: 200 },
    { fault: "length", bytes: 200, sent: 100 },
    { fault: "replaced", characters: 1 },
    { fault: "replaced", characters: 4 },
    { fault: "spelling" },
    { fault: "several" },
    { fault: "uncovered" },
    { fault: "changed", bytes: 200, found: hash, signed: "ff00".repeat(16) },
  ],
};

test("every sentence that a rule can say", async () => {
  const paragraphs = (Object.keys(rules) as RuleName[]).map((name) => {
    const sentences = data[name].map((each) => messageOf(name, each));
    return [`${name}: ${rules[name].summary}`, ...sentences.map((sentence) => `  ${sentence}`)].join("\n");
  });
  await expect(`${paragraphs.join("\n\n")}\n`).toMatchFileSnapshot("sentences.txt");
});

describe("a text in a sentence", () => {
  test("is cut where it is long", () => {
    expect(excerpt("a".repeat(80))).toBe("a".repeat(80));
    expect(excerpt("a".repeat(81))).toBe(`${"a".repeat(79)}…`);
    expect(quote("a".repeat(100))).toBe(`"${"a".repeat(79)}…"`);
  });

  test("keeps a URL readable: of its hash there is the beginning", () => {
    const { message } = signatureFinding("signature-mismatch", {
      fault: "changed",
      signed,
      changes: [{ change: "host" }],
    });
    expect(message).toContain(`bodySHA256=${hash.slice(0, 8)}…:`);
  });
});

test("a finding has its rule, severity and place, and what its sentence was made of", () => {
  const place = { pointer: "/data/response/responseCode", value: "503" };
  expect(eventFinding("response-failed", { code: 503, by: "server" }, place)).toEqual({
    rule: "response-failed",
    severity: "warning",
    message: "your server answered 503; Twilio's Debugger shows that as error 11200 or 11217",
    data: { code: 503, by: "server" },
    ...place,
  });
  expect(signatureFinding("signature-missing", { isEmpty: true })).not.toHaveProperty("pointer");
});
