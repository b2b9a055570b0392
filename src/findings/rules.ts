export type Severity = "error" | "warning" | "info";

/** Where in an event and in its source a finding stands. */
export interface FindingPlace {
  /** JSON Pointer (RFC 6901) from the event's root; a missing key stands at its parent. */
  readonly pointer?: string;
  /** The value found, as text. */
  readonly value?: string;
  /** Line and column in a decoded document, both from 1. */
  readonly at?: { readonly line: number; readonly column: number };
}

export interface Finding extends FindingPlace {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly message: string;
  /** What the message was made of, to make it again of something else. */
  readonly data?: unknown;
}

interface Rule {
  readonly severity: Severity;
  /** What the rule says, in one line, for tables. */
  readonly says: string;
  /** Why it happens and what to do. */
  readonly help: string;
  /** The sentence of one finding; its argument is the finding's data. */
  readonly message: (data: never) => string;
}

/** A fault of a CloudEvents attribute; `found` names what stands there instead. */
export type EnvelopeProblem =
  | { readonly fault: "missing"; readonly attribute: string }
  | { readonly fault: "value"; readonly attribute: string; readonly expected: string; readonly found: string };

/** A fault of a value against a JSON Schema, named as in "Voice.WebhookEvent/2". */
export type SchemaProblem =
  | { readonly fault: "missing"; readonly schema: string; readonly key: string }
  | { readonly fault: "value"; readonly schema: string; readonly expected: string; readonly found: string }
  | { readonly fault: "other"; readonly schema: string; readonly problem: string };

/** Why `dataschema` does not settle the schema; `judgedBy` is the one taken instead. */
export type UnknownSchema = { readonly judgedBy: string | undefined } & (
  | { readonly fault: "missing" }
  | { readonly fault: "ill-typed" | "unbundled"; readonly found: string }
  | { readonly fault: "misfit"; readonly found: string; readonly type: string; readonly family: string }
);

/** What keeps a text from being a SID: two letters and 32 hex digits. */
export type SidProblem =
  | { readonly fault: "prefix"; readonly expected: string; readonly found: string }
  | { readonly fault: "length"; readonly length: number }
  | { readonly fault: "character"; readonly character: string; readonly index: number };

export type TimeProblem =
  | { readonly fault: "format"; readonly standard: string; readonly example: string; readonly found: string }
  | { readonly fault: "weekday"; readonly found: string; readonly weekday: string };

/** Which numbers are missing, in ranges, and the steps around the first; `before` and `after` are as in "ringing (1)". */
export interface SequenceGap {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly before: string | undefined;
  readonly after: string;
}

/** What must be otherwise for a signature to hold; `detail` is the port, the host or the names that it is about. */
export interface SignatureChange {
  readonly change: keyof typeof signatureChanges;
  readonly detail?: string;
}

/** Why a signature does not hold. `signed` is the URL that it was made for, `tried` counts what else was tried. */
export type SignatureMismatch =
  | { readonly fault: "changed"; readonly signed: string; readonly changes: readonly SignatureChange[] }
  | { readonly fault: keyof typeof signatureFaults }
  | { readonly fault: "names"; readonly names: readonly string[] }
  | { readonly fault: "unknown"; readonly tried: number; readonly isBodyIntact: boolean; readonly account?: string };

/** Why a signature does not hold the body. `as` is how the body was written that has the hash. */
export type SignatureBody =
  | { readonly fault: "rewritten"; readonly as: readonly (keyof typeof bodyRewrites)[] }
  | { readonly fault: "length"; readonly bytes: number; readonly sent: number }
  | { readonly fault: "replaced"; readonly characters: number }
  | { readonly fault: "spelling" | "several" | "uncovered" }
  | { readonly fault: "changed"; readonly bytes: number; readonly found: string; readonly signed: string };

interface Lifecycle {
  readonly type: string;
  readonly replacement: string | undefined;
}

// What the body and TwiML rules say, a sentence for each fault they tell apart.

/** `offset` counts characters of the base64 text from 0. */
const base64Faults = {
  plain: () => "it is the answer itself, not base64 of it; shown as it stands",
  character: (offset, detail) => `${detail} at offset ${offset} is not in its alphabet`,
  "white-space": (offset) => `white space at offset ${offset}: broken into lines on its way`,
  "url-safe": (offset) => `"-" or "_" at offset ${offset}: the url-safe alphabet, where "+" and "/" are expected`,
  "padding-missing": (offset, detail) => `it ends without its padding: ${detail} expected at offset ${offset}`,
  "padding-surplus": (offset) => `more "=" than it needs, from offset ${offset}`,
  "padding-inside": (offset) => `"=" at offset ${offset} is not at the end: several pieces in a row`,
  truncated: (offset) => `it stops within a byte, at offset ${offset}: cut off`,
  "trailing-bits": (offset) =>
    `the character at offset ${offset} holds bits that belong to no byte: no encoder wrote that`,
  twice: () => "it is base64 of base64; opened twice",
} as const satisfies Record<string, (offset: number, detail: string) => string>;

const charsetFaults = {
  unknown: (declared, read) => `${declared} names an unknown charset; read as ${read}`,
  disagree: (declared, read) => `${declared}; read as ${read}`,
  bytes: (declared, read) => `${declared}; read as ${read}`,
  garbled: (declared, read) => `${declared}, but the bytes are UTF-8: "é" arrives as "Ã©"; read as ${read}`,
} as const satisfies Record<string, (declared: string, read: string) => string>;

const contentTypeFaults = {
  missing: () => "the answer has no content type",
  malformed: (type) => `"${type}" is not a media type`,
  mismatch: (type, kind) => `the content type is ${type}, the body is ${kind}`,
} as const satisfies Record<string, (type: string, kind: string) => string>;

const syntaxFaults = {
  empty: () => "the answer is empty; TwiML is at least <Response/>",
  html: (page) => `the answer is an HTML page${page === "" ? "" : ` (${page})`}, not TwiML`,
  json: () => "the answer is JSON, not TwiML",
  "json-string": () => "the TwiML is wrapped in a JSON string: send it as it is, not through a JSON encoder",
  text: () => "the answer is plain text, not TwiML",
  escaped: () => "the TwiML is escaped: &lt; and &gt; stand where < and > must",
  doctype: () => "a DOCTYPE is refused: TwiML has none, and it can make a parser fetch files or run out of memory",
  "xml-1.1": () => "XML 1.1 is refused: TwiML is XML 1.0",
  size: (limit) => `larger than ${limit}, not read`,
  depth: (limit) => `elements are nested more than ${limit} deep, not read`,
  nodes: (limit) => `more than ${limit} nodes, not read`,
  "leading-space": () => "white space before the XML declaration; nothing may stand before it",
  "text-before": (text) => `text before the document: ${text}`,
  invisible: (character) => `an invisible ${character} stands before the document`,
  "declaration-inside": () => "an XML declaration in the middle; it may only stand at the very beginning",
  declaration: () => 'the XML declaration is broken; write <?xml version="1.0" encoding="UTF-8"?>',
  "no-root": () => "there is no element in the document",
  "second-root": (name) => `a second root element, <${name}>; one <Response> holds everything`,
  "text-after": (text) => `text after the end of the document: ${text}`,
  ampersand: () => 'a bare "&"; write &amp;',
  entity: (name) => `${name} is not defined in XML; write the character itself or its number, as in &#160;`,
  reference: (text) => `${text} stands for no character that XML allows`,
  "less-than": () => 'a bare "<" in text; write &lt;',
  "less-than-in-value": () => 'a "<" in an attribute value; write &lt;, or close the quote before it',
  "wrong-close": (found, wanted) => `</${found}> stands where <${wanted}> must be closed`,
  "close-case": (found, wanted) => `</${found}> does not close <${wanted}>: names are case-sensitive`,
  unclosed: (name) => `<${name}> is never closed`,
  "stray-close": (name) => `</${name}> closes nothing`,
  "unfinished-tag": (text) => `the tag ${text} has no ">" at its end`,
  "stray-in-tag": (text) => `${text} does not belong in a tag`,
  unquoted: (name) => `the value of ${name} is not in quotes`,
  "typographic-quote": (name) => `the value of ${name} is in typographic quotes; use " or '`,
  "no-value": (name) => `${name} has no value; write ${name}="true" or leave it out`,
  "no-space": () => "no blank between two attributes",
  "unclosed-value": () => "an attribute value has no closing quote",
  duplicate: (name) => `${name} stands twice in one tag`,
  "comment-dashes": () => 'a comment may not hold "--"',
  "unclosed-comment": () => "a comment is never closed",
  "unclosed-cdata": () => "a CDATA section is never closed",
  "cdata-end": () => '"]]>" outside a CDATA section; write ]]&gt;',
  instruction: () => "a processing instruction is broken or never closed",
  character: (character) => `${character} is not allowed in XML`,
  other: (problem) => problem,
} as const satisfies Record<string, (found: string, wanted: string) => string>;

const rootFaults = {
  case: (name) => `the root element is <${name}>; names are case-sensitive: <Response>`,
  verb: (name) => `<${name}> stands alone; wrap it in <Response>`,
  html: (_name, page) => `the answer is an HTML page${page === "" ? "" : ` (${page})`}, not TwiML`,
  other: (name) => `the root element is <${name}>, not <Response>`,
} as const satisfies Record<string, (name: string, page: string) => string>;

const elementFaults = {
  case: (name, right) => `<${name}> is not known; names are case-sensitive: <${right}>`,
  unknown: (name, right) => `<${name}> is not known${right === "" ? "" : `; did you mean <${right}>?`}`,
  messaging: (name) => `<${name}> is a messaging verb; in the answer to a call it is not known`,
} as const satisfies Record<string, (name: string, right: string) => string>;

const attributeFaults = {
  case: (name, element, right) => `${name} of <${element}> is not known; names are case-sensitive: ${right}`,
  unknown: (name, element, right) =>
    `${name} of <${element}> is not known${right === "" ? "" : `; did you mean ${right}?`}`,
  elsewhere: (name, element, right) => `${name} does not belong on <${element}> but on ${right}`,
} as const satisfies Record<string, (name: string, element: string, right: string) => string>;

const nestingFaults = {
  child: (name, parent, right) => `<${name}> does not belong in <${parent}>${right === "" ? "" : ` but in ${right}`}`,
  text: (_name, parent) => `<${parent}> takes no text`,
  mixed: (name, _parent, right) => `<${name}> cannot stand beside ${right} in one <Dial>`,
} as const satisfies Record<string, (name: string, parent: string, right: string) => string>;

const valueFaults = {
  integer: () => "must be a whole number",
  positive: () => "must be a whole number above 0",
  "integer-or": (values) => `must be a whole number or ${values}`,
  integers: () => "must be whole numbers with blanks between them",
  boolean: () => "must be true or false",
  method: () => "must be GET or POST",
  one: (values) => `must be one of ${values}`,
  list: (values) => `may only hold ${values}`,
  commas: () => "must have blanks between its items, not commas",
  characters: (values) => `may only hold the characters ${values}`,
  phone: () => "is not an E.164 number, as +14155550100",
  "phone-sip": () => "is a SIP address; use <Sip>",
  "phone-client": () => "is a client name; use <Client>",
  sip: () => "must begin with sip: or sips:",
  long: (limit) => `is longer than ${limit} characters`,
  "url-blank": () => "is a URL with white space in it",
  "url-scheme": () => "is not a URL Twilio can request: it must be relative or begin with https:// or http://",
  "url-socket": () => "must begin with wss://",
  "url-placeholder": () => "is a URL with an unfilled place in it",
  "url-local": () => "is a URL that only this machine or network can reach",
  "url-credentials": () => "is a URL with a password in it: whoever sees the events sees it",
} as const satisfies Record<string, (values: string) => string>;

/** What differs between what was signed and what was checked, and what to do. The signature was made for the one, Twilio's. */
const signatureChanges = {
  "scheme-https": {
    because: () => "Twilio calls https (TLS ends at a proxy before the app)",
    fix: () => "give the validator the public https URL, by hand or from X-Forwarded-Proto",
  },
  "scheme-http": {
    because: () => "Twilio calls http",
    fix: () => "validate with the http URL, or give Twilio the https one",
  },
  "port-added": {
    because: (port) => `Twilio's URL has the port ${port}`,
    fix: () => "keep the port in the URL that you validate",
  },
  "port-removed": {
    because: (port) => `Twilio's URL has no port ${port} (it is the app's own)`,
    fix: () => "leave the port out of the URL that you validate",
  },
  host: {
    because: (host) => `Twilio calls ${host}, as the request's Host header says`,
    fix: () => "give the validator the host that is in the URL at Twilio",
  },
  "forwarded-host": {
    because: (host) => `Twilio calls ${host}, as X-Forwarded-Host says`,
    fix: () => "give the validator the host that is in the URL at Twilio",
  },
  "slash-added": {
    because: () => "the path of Twilio's URL ends with a slash",
    fix: () => "write the URL with that slash, to the letter as it stands at Twilio",
  },
  "slash-removed": {
    because: () => "the path of Twilio's URL does not end with a slash",
    fix: () => "write the URL without that slash, to the letter as it stands at Twilio",
  },
  path: {
    because: () => "Twilio calls the path that is in the request line",
    fix: () => "validate with the path that is in the URL at Twilio",
  },
  "path-encoded": {
    because: () => "Twilio's URL has its path percent-encoded",
    fix: () => "take the path as it arrived, before it is decoded",
  },
  "path-decoded": {
    because: () => "the path was signed without its percent-encoding",
    fix: () => "write the path to the letter as it stands at Twilio",
  },
  "query-restored": {
    because: () => "the URL that was given has lost the query",
    fix: () => "validate with the whole URL, the query included (Laravel's url() drops it)",
  },
  "query-arrived": {
    because: () => "the request arrived with another query",
    fix: () => "validate with the query string as it arrived",
  },
  "query-dropped": {
    because: () => "the URL was signed without a query",
    fix: () => "leave out the query that a proxy or framework has added",
  },
  "query-encoded": {
    because: () => "Twilio's URL has its query percent-encoded",
    fix: () => "take the raw query string, not one that was parsed and written again",
  },
  "query-decoded": {
    because: () => "the query was signed without its percent-encoding",
    fix: () => "take the raw query string, not one that was parsed and written again",
  },
  "query-sorted": {
    because: () => "the query was signed with its parameters sorted",
    fix: () => "take the raw query string, not one that was parsed and written again",
  },
  "hash-dropped": {
    because: () => "the URL was signed without bodySHA256, so the body is not covered",
    fix: () => "leave the parameter out where it was added, and for JSON have it signed",
  },
  "credentials-dropped": {
    because: () => "Twilio leaves user and password out of what it signs",
    fix: () => "validate without them",
  },
  fragment: {
    because: () => "the part behind the # was signed, which Twilio leaves out",
    fix: () => "sign without it",
  },
  "json-as-form": {
    because: () => "only the URL was signed: the body is JSON, though its content type says form",
    fix: () => "keep the Content-Type as it arrived, and pass no parameters to the validator",
  },
  "no-parameters": {
    because: () => "only the URL was signed, no parameters, as for a GET",
    fix: () => "pass no parameters where the request has none in its body",
  },
  "as-form": {
    because: (type) => `the parameters were signed: the body is a form, though its content type is ${type}`,
    fix: () => "keep the Content-Type as it arrived, and pass the form's parameters to the validator",
  },
  trimmed: {
    because: (name) => `white space at an end of ${name} was trimmed`,
    fix: () => "validate before a middleware trims (Laravel's TrimStrings), or with the raw body",
  },
  "empty-dropped": {
    because: (names) => `empty parameters were dropped: ${names}`,
    fix: () => "pass every parameter to the validator, the empty ones too",
  },
  plus: {
    because: () => "a plus sign came to be a blank: the form was written again without %2B",
    fix: () => "validate with the raw body as it arrived",
  },
  latin1: {
    because: () => "the form was written again in ISO-8859-1; Twilio sends UTF-8",
    fix: () => "decode the form as UTF-8, or validate with the raw body",
  },
  "utf8-twice": {
    because: () => 'UTF-8 was taken for ISO-8859-1 and encoded again: "é" is "Ã©"',
    fix: () => "decode the form as UTF-8, or validate with the raw body",
  },
  newline: {
    because: () => "a line break was added behind the body",
    fix: () => "save the body without it; an editor or echo adds one",
  },
  "signed-trimmed": {
    because: () => "the signer trimmed the values, which Twilio does not",
    fix: () => "sign test requests as Twilio does",
  },
  "signed-filled": {
    because: () => "the signer left empty parameters out, which Twilio does not",
    fix: () => "sign test requests as Twilio does",
  },
  "signed-unsorted": {
    because: () => "the signer did not sort the parameters, which Twilio does",
    fix: () => "sign test requests as Twilio does",
  },
  "signed-caseless": {
    because: () => "the signer sorted the parameters without regard to case, which Twilio does not",
    fix: () => "sign test requests as Twilio does",
  },
  "signed-repeats": {
    because: () => "the signer took a value that stands twice under one name twice, which Twilio's helper does not",
    fix: () => "sign test requests as Twilio does",
  },
  "signed-last": {
    because: () => "the signer took one value of each name, where a name stands more than once",
    fix: () => "keep all values of a name, where the form is parsed",
  },
} as const satisfies Record<string, { readonly because: (detail: string) => string; readonly fix: () => string }>;

const signatureFaults = {
  "no-url": () => "the request names no host, so the URL that was signed is not known; give it with --url",
  repeated: () => "X-Twilio-Signature stands there more than once; a proxy or a test client has added one",
  malformed: () => "X-Twilio-Signature is not base64 of 20 bytes, so it was cut or rewritten on its way",
  blank: () =>
    'it holds with "+" where X-Twilio-Signature has a blank: the header was decoded as if it were a form; take it as it arrived',
  quoted: () => "it holds without what stands around X-Twilio-Signature; take the header's bare value",
  "not-utf8": () => "the form is not UTF-8, as Twilio sends it; validate with the raw body as it arrived",
} as const satisfies Record<string, () => string>;

/** How a body can be written otherwise. */
const bodyRewrites = {
  compact: "without blanks between its tokens",
  spaced: "with a blank behind each comma and colon, as Python does",
  "indented-2": "indented by 2",
  "indented-4": "indented by 4",
  "indented-tab": "indented by tabs",
  sorted: "with its keys sorted",
  "ascii-only": "with characters beyond ASCII as \\uXXXX",
  unescaped: "with characters beyond ASCII as they are",
  "slashes-escaped": 'with "/" as "\\/", as PHP does',
  "in-array": "in an array, as Twilio sends events",
  "out-of-array": "without the array around it",
  "newline-added": "with a line break at its end",
  "newline-removed": "without the line break at its end",
  crlf: "with CRLF line ends",
  lf: "with LF line ends",
  "mark-added": "with a byte order mark before it",
  "mark-removed": "without the byte order mark before it",
  "utf8-once": "encoded in UTF-8 once, not twice",
  utf8: "encoded in UTF-8, not ISO-8859-1",
  latin1: "encoded in ISO-8859-1",
} as const satisfies Record<string, string>;

/** The sentence and the Debugger code it corresponds to; 0 where there is none. */
function coded(sentence: string, code: number): string {
  return code === 0 ? sentence : `${sentence} (${code})`;
}

/**
 * Every rule. Add a rule here, report it with `finding(name, data, place)`, and add two samples named after it
 * to samples/broken.
 */
export const rules = {
  "json-syntax": {
    severity: "error",
    says: "looks like an event but is not JSON",
    help: "The text holds an event's words but breaks the JSON grammar, so nothing can be read from it. Print events with JSON.stringify, not console.log, and give the whole record.",
    message: (data: { readonly problem: string }) => data.problem,
  },
  "json-encoding": {
    severity: "warning",
    says: "not UTF-8 as it stands (UTF-16, a wrong byte)",
    help: "JSON is UTF-8 (RFC 8259, section 8.1). PowerShell 5 writes UTF-16 with `>`, and a log cut in the middle of a character leaves a wrong byte behind. The text was decoded as the message says; save it as UTF-8 to be sure of every character.",
    message: (data: { readonly problem: string }) => data.problem,
  },
  "json-duplicate-key": {
    severity: "warning",
    says: "a key stands twice; the last one counts",
    help: "JSON leaves open what a key that stands twice means (RFC 8259, section 4), and parsers differ. Here, as in JavaScript, the last one counts. Whatever wrote the record merged two objects as text; write it with a JSON library.",
    message: (data: { readonly key: string; readonly count: number }) =>
      `key ${quote(data.key)} stands ${data.count === 2 ? "twice" : `${data.count} times`}; the last one counts`,
  },
  envelope: {
    severity: "error",
    says: "a required CloudEvents 1.0 attribute is missing or ill-typed",
    help: 'Every Event Streams event is a CloudEvent: specversion is "1.0", and id, source and type are texts that are not empty. A consumer tells duplicates by the id and routes by the type, so an event without them cannot be handled. Something between Twilio and this record has dropped or rewritten the attribute; log the request body as it arrives.',
    message: (data: EnvelopeProblem) =>
      data.fault === "missing"
        ? `${data.attribute} is missing; CloudEvents 1.0 requires it`
        : `${data.attribute} must be ${data.expected}, found ${data.found}`,
  },
  "envelope-content-type": {
    severity: "warning",
    says: "datacontenttype is not a media type",
    help: "CloudEvents defines datacontenttype as the media type of data; for Event Streams that is application/json. The example in Twilio's documentation has a timestamp there, most likely meant for the attribute time. A strict CloudEvents library may refuse such an event, so take the example with application/json in its place.",
    message: (data: { readonly found: string; readonly isTime: boolean }) =>
      data.isTime
        ? `datacontenttype is a timestamp, ${data.found}, as in Twilio's published example; expected a media type: application/json`
        : `datacontenttype must be a media type such as application/json, found ${data.found}`,
  },
  schema: {
    severity: "error",
    says: "data breaks the schema version it names",
    help: "The data lacks a field that the schema requires, or a field has another type. Each fault is one finding, at its JSON Pointer; a missing key stands at its parent. If Twilio sent it like this the schema has moved on: give the new one with --schemas. If not, something on the way has rewritten the event.",
    message: (data: SchemaProblem) => {
      if (data.fault === "missing") return `${data.schema} requires ${quote(data.key)} here; it is missing`;
      if (data.fault === "other") return `${data.schema}: ${data.problem}`;
      return `${data.schema} expects ${data.expected}, found ${data.found}`;
    },
  },
  "schema-unknown": {
    severity: "warning",
    says: "dataschema is missing or names no bundled schema",
    help: "The attribute dataschema says which schema and version data adheres to, as in https://events-schemas.twilio.com/Voice.WebhookEvent/2. Where it says nothing usable, voice events are judged by the latest bundled version and others are not judged. Give a newer or another schema with --schemas DIR, as DIR/Voice.WebhookEvent/3.json.",
    message: (data: UnknownSchema) =>
      `${unknownSchema(data)}; data was ${data.judgedBy === undefined ? "not judged" : `judged by ${data.judgedBy}`}`,
  },
  "type-unknown": {
    severity: "warning",
    says: "the type is not in the catalogue",
    help: "No event type of this name is known, so a handler that compares types will not meet it. Look for a slip of the pen, or take the types of your account into the catalogue: save the JSON of GET https://events.twilio.com/v1/Types and give it with --types FILE. `twilio-events types` lists the catalogue.",
    message: (data: { readonly type: string; readonly nearest: string | undefined }) =>
      data.nearest === undefined
        ? `${quote(data.type)} is not in the catalogue of event types; refresh it with --types if it is new`
        : `${quote(data.type)} is not in the catalogue of event types; did you mean ${data.nearest}?`,
  },
  "type-deprecated": {
    severity: "warning",
    says: "the type is deprecated",
    help: "Twilio has renamed or retired this type: subscriptions to it are still accepted but may stop firing. On 28 February 2024 com.twilio.voice.webhook.status-callback became com.twilio.voice.status-callback. Subscribe to the replacement, let your handler take both for a while, then drop the old one.",
    message: (data: Lifecycle) => lifecycle(data, "deprecated"),
  },
  "type-restricted": {
    severity: "warning",
    says: "the type is restricted",
    help: "The Types resource gives this type the status restricted, so it may not be open to every account. The event itself is sound. Ask Twilio whether your account keeps it before you build on it.",
    message: (data: Lifecycle) => lifecycle(data, "restricted"),
  },
  "type-discontinued": {
    severity: "error",
    says: "the type is discontinued",
    help: 'Twilio no longer sends this type and rejects subscriptions to it with "Type is discontinued". A record of it is old, or made up. Subscribe to the replacement.',
    message: (data: Lifecycle) => lifecycle(data, "discontinued"),
  },
  "sid-format": {
    severity: "info",
    says: "not two letters and 32 hex digits",
    help: "A Twilio SID has 34 characters: two capital letters that name the resource, and 32 hexadecimal digits. The SIDs in Twilio's published examples are shorter, and masked ones in logs hold an x; both are harmless in a sample. In a real event a broken SID finds no call in the API.",
    message: (data: SidProblem) => {
      if (data.fault === "length") return `a SID has 34 characters, found ${data.length}`;
      if (data.fault === "prefix")
        return `expected a SID that begins with ${data.expected}, found ${quote(data.found)}`;
      return `expected a hex digit, found ${quote(data.character)} at character ${data.index + 1} of the SID`;
    },
  },
  "time-format": {
    severity: "warning",
    says: "not RFC 3339 or RFC 2822 where one is expected",
    help: "The attribute time and data.timestamp are in RFC 3339 (2025-01-01T00:00:00.000Z), the other times in RFC 2822 (Sun, 24 Aug 2025 13:49:54 +0000). A time in another form is read differently by each language, or not at all, and the event cannot be put in order by it. Find what has reformatted it on the way.",
    message: (data: TimeProblem) =>
      data.fault === "weekday"
        ? `the weekday of ${quote(data.found)} ought to be ${data.weekday}`
        : `expected a time in ${data.standard} such as ${data.example}, found ${data.found}`,
  },
  "time-skew": {
    severity: "info",
    says: "the event's times are more than an hour apart",
    help: "The times in one event tell of the same moment: when it happened, when Twilio asked your server, when that answered. More than an hour between them means an edited sample or a rewritten record. Twilio's published example has eight months.",
    message: (data: { readonly earliest: string; readonly latest: string; readonly apartMs: number }) =>
      `${data.earliest} and ${data.latest} are ${duration(data.apartMs)} apart; times of one event lie within an hour`,
  },
  "body-base64": {
    severity: "error",
    says: "the response body is not base64; which fault, at which offset",
    help: "Event Streams carries the answer of your server as base64. A body that is not has been changed on its way: cut, re-wrapped, decoded or encoded once more. What can be read of it is shown.",
    message: (data: { readonly fault: keyof typeof base64Faults; readonly offset: number; readonly detail: string }) =>
      `not base64: ${base64Faults[data.fault](data.offset, data.detail)}`,
  },
  "body-charset": {
    severity: "warning",
    says: "bytes do not fit the declared charset, or the declarations disagree",
    help: "A byte order mark outweighs the charset of the content type, and that outweighs the XML declaration. Send UTF-8 and say so in both: text/xml; charset=UTF-8.",
    message: (data: { readonly fault: keyof typeof charsetFaults; readonly declared: string; readonly read: string }) =>
      charsetFaults[data.fault](data.declared, data.read),
  },
  "body-content-type": {
    severity: "warning",
    says: "the content type does not suit the body (12300)",
    help: "Twilio cannot process an answer whose content type does not say what it is. Send TwiML as text/xml or application/xml. An answer without any appears in the Debugger as a 502.",
    message: (data: { readonly fault: keyof typeof contentTypeFaults; readonly type: string; readonly kind: string }) =>
      coded(contentTypeFaults[data.fault](data.type, data.kind), 12300),
  },
  "body-size": {
    severity: "warning",
    says: "larger than Twilio reads: 64 kB (11750)",
    help: "Twilio refuses an answer of more than 64 kB. Often it is no TwiML at all but an error page or debug output.",
    message: (data: { readonly bytes: number; readonly packed: boolean }) =>
      coded(
        data.packed
          ? `the body unpacks to more than ${data.bytes} bytes, not unpacked`
          : `the body has ${data.bytes} bytes; Twilio reads 64 kB`,
        11750,
      ),
  },
  "twiml-syntax": {
    severity: "error",
    says: "the answer is not well-formed XML (12100)",
    help: "Twilio cannot parse the answer. Build TwiML with a library that escapes text, and look at the line and column: they count in the decoded answer.",
    message: (data: { readonly fault: keyof typeof syntaxFaults; readonly found: string; readonly wanted: string }) =>
      coded(syntaxFaults[data.fault](data.found, data.wanted), 12100),
  },
  "twiml-root": {
    severity: "error",
    says: "the root element is not <Response> (12102)",
    help: "Every TwiML document is one <Response> element that holds the verbs.",
    message: (data: { readonly fault: keyof typeof rootFaults; readonly name: string; readonly page: string }) =>
      coded(rootFaults[data.fault](data.name, data.page), 12102),
  },
  "twiml-element": {
    severity: "warning",
    says: "an unknown element (12200)",
    help: "Twilio validates TwiML against a schema and warns of what is not in it. Names are case-sensitive: <Say>, not <say>. A name may also be newer than this tool, so this is never an error.",
    message: (data: { readonly fault: keyof typeof elementFaults; readonly name: string; readonly right: string }) =>
      coded(elementFaults[data.fault](data.name, data.right), 12200),
  },
  "twiml-attribute": {
    severity: "warning",
    says: "an unknown or misplaced attribute (12200)",
    help: "Twilio validates TwiML against a schema and warns of what is not in it. An attribute may also be newer than this tool, so this is never an error.",
    message: (data: {
      readonly fault: keyof typeof attributeFaults;
      readonly name: string;
      readonly element: string;
      readonly right: string;
    }) => coded(attributeFaults[data.fault](data.name, data.element, data.right), 12200),
  },
  "twiml-nesting": {
    severity: "warning",
    says: "an element or text where it does not belong (12200, 13215, 13320)",
    help: "Each verb allows only certain children: nouns such as <Number> in <Dial>, prompts in <Gather>, SSML in <Say>.",
    message: (data: {
      readonly fault: keyof typeof nestingFaults;
      readonly name: string;
      readonly parent: string;
      readonly right: string;
      readonly code: number;
    }) => coded(nestingFaults[data.fault](data.name, data.parent, data.right), data.code),
  },
  "twiml-value": {
    severity: "warning",
    says: "a value that an attribute or a text does not take (12200 and the 13xxx codes)",
    help: "Twilio warns of a value that its schema or the verb does not allow. The message says what is allowed.",
    message: (data: {
      readonly fault: keyof typeof valueFaults;
      readonly subject: string;
      readonly values: string;
      readonly nearest: string | undefined;
      readonly code: number;
    }) =>
      coded(
        `${data.subject} ${valueFaults[data.fault](data.values)}${data.nearest === undefined ? "" : `; did you mean ${data.nearest}?`}`,
        data.code,
      ),
  },
  "twiml-empty": {
    severity: "warning",
    says: "a verb that needs text has none (13520)",
    help: "The verb has nothing to work with. Often a variable of the template was empty.",
    message: (data: { readonly element: string; readonly needs: string; readonly code: number }) =>
      coded(`<${data.element}> ${data.needs}`, data.code),
  },
  "twiml-loop": {
    severity: "warning",
    says: "<Redirect> or action to the URL that answered",
    help: "The same answer is asked for again. Unless the handler tells the second request from the first, the call goes round until it is hung up.",
    message: (data: { readonly element: string; readonly attribute: string | undefined }) =>
      `${data.attribute === undefined ? "" : `${data.attribute} of `}<${data.element}> leads back to the URL that gave this answer`,
  },
  "twiml-ignored": {
    severity: "info",
    says: "TwiML in the answer to a status callback is not executed",
    help: "A status callback only informs. Answer it with 204 or an empty <Response/>, and change the call through the API.",
    message: (data: { readonly verb: string }) =>
      `<${data.verb}> is not executed: this answers a status callback, which only informs`,
  },
  "response-failed": {
    severity: "warning",
    says: "the server answered with 400 or more",
    help: "The event is sound: it tells of an answer that failed. When your server answers a webhook with 4xx or 5xx, Twilio's Debugger shows 11200 (HTTP retrieval failure) or 11217. Look in your server's log at the time of the request.",
    message: (data: { readonly code: number; readonly by: "server" | "twilio" }) =>
      data.by === "twilio"
        ? `Twilio's API answered ${data.code}: the request was refused`
        : `your server answered ${data.code}; Twilio's Debugger shows that as error 11200 or 11217`,
  },
  "response-slow": {
    severity: "warning",
    says: "the server took long to answer",
    help: "Twilio waits at most 15 seconds for a voice webhook, then gives up with error 11200. Answer at once and do the work afterwards. The limit above which this is reported is set with --slow.",
    message: (data: { readonly durationMs: number; readonly slowMs: number }) =>
      data.durationMs >= 15_000
        ? `the answer took ${duration(data.durationMs)}; Twilio gives up after 15 s`
        : `the answer took ${duration(data.durationMs)}, more than ${duration(data.slowMs)}; Twilio gives up after 15 s`,
  },
  "call-duplicate": {
    severity: "info",
    says: "the same event was delivered again",
    help: "Event Streams delivers at least once, so the same event may come twice; two events are the same if they have the same id. Answer the second with 200 and do nothing. Here it is counted once.",
    message: (data: { readonly steps: readonly { readonly name: string; readonly times: number }[] }) =>
      `${several(data.steps.map(({ name, times }) => `${name} came ${times === 2 ? "twice" : `${times} times`}`))}; a handler must take an event once`,
  },
  "call-double-subscription": {
    severity: "warning",
    says: "one step is reported by the deprecated and the current type",
    help: "The sinks are subscribed to com.twilio.voice.status-callback.call.* and to its deprecated name com.twilio.voice.webhook.status-callback.call.* as well, so each step comes twice, with two ids. Drop the subscription to the deprecated types. Here such a step is counted once.",
    message: (data: { readonly steps: readonly string[] }) =>
      `${several(data.steps)} ${data.steps.length === 1 ? "comes" : "come"} from status-callback.call.* and from the deprecated webhook.status-callback.call.*; drop that subscription`,
  },
  "call-sequence-gap": {
    severity: "warning",
    says: "a SequenceNumber is missing: a callback was lost",
    help: "SequenceNumber counts the status callbacks of a call from 0, those only that are subscribed to. Where a number is missing, Twilio made a callback that is not in what was read: your server or sink did not get it, the log lost it, or it lies in another file. Look at the Debugger at that time.",
    message: (data: SequenceGap) => sequenceGap(data),
  },
  "call-out-of-order": {
    severity: "info",
    says: "events arrived in another order than they happened",
    help: "Callbacks and events are separate HTTP requests, and nothing keeps their order. A handler that stores the last status it got ends with a wrong one. Compare SequenceNumber or data.timestamp, and let no status follow a terminal one.",
    message: (data: { readonly late: string; readonly early: string; readonly byMs: number }) =>
      `${data.late} arrived after ${data.early}, though it happened ${duration(data.byMs)} before`,
  },
  "call-missing-step": {
    severity: "info",
    says: "no such step was seen: lost, or not subscribed",
    help: "Other calls of this run, of the same direction and with the same end, have this step. Here it was lost, or StatusCallbackEvent did not ask for it when the call was made. With SequenceNumbers this could be told: a lost callback leaves a gap.",
    message: (data: { readonly stage: string; readonly having: number; readonly of: number }) =>
      `no ${data.stage}: lost, or not subscribed; this run's other calls like this do have it, ${data.having} of ${data.of}`,
  },
  "call-open": {
    severity: "warning",
    says: "there is no terminal event",
    help: "No completed, busy, no-answer, failed or canceled was seen. The call still goes on, its last event was lost, or completed is not among the subscribed events. `twilio api:core:calls:fetch --sid CA…` tells what became of it.",
    message: (data: { readonly last: string; readonly agoMs: number | undefined; readonly othersEnd: boolean }) =>
      `no terminal event after ${data.last}: ${data.othersEnd ? "it was lost, or the call still goes on" : "it was lost or is not subscribed, or the call still goes on"}${data.agoMs === undefined || data.agoMs === 0 ? "" : `; what was read ends ${duration(data.agoMs)} later`}`,
  },
  "call-after-end": {
    severity: "warning",
    says: "a step happened after the terminal one",
    help: "By their times a call's step follows its end, which cannot be. A clock or a time has been rewritten on the way, or two calls were given one SID in test data.",
    message: (data: { readonly step: string; readonly end: string; readonly byMs: number | undefined }) =>
      `${data.step} happened ${data.byMs === undefined || data.byMs === 0 ? "" : `${duration(data.byMs)} `}after ${data.end}, the end of the call`,
  },
  "call-status-conflict": {
    severity: "error",
    says: "there are two terminal statuses",
    help: "A call ends once, with one of completed, busy, no-answer, failed, canceled. Two of them mean that events of two calls share a SID, or that something has rewritten one. The first is shown as the call's status.",
    message: (data: { readonly statuses: readonly string[] }) =>
      `the call ended as ${several(data.statuses)}; a call ends once`,
  },
  "call-duration": {
    severity: "info",
    says: "CallDuration and the clock differ by more than 1 s",
    help: "CallDuration counts the seconds from answered to completed. Where the times of these two events tell another length, one of them is not the moment it happened: check which clock the times come from.",
    message: (data: { readonly callDuration: number; readonly talkMs: number }) =>
      `CallDuration is ${data.callDuration} s, but from answered to completed the clock tells ${duration(data.talkMs)}`,
  },
  "signature-missing": {
    severity: "error",
    says: "the request has no X-Twilio-Signature",
    help: "Twilio signs every request. One without the header was not sent by Twilio, or a proxy, a framework or whatever logged it has dropped the header. Answer it with 403, and do nothing with its body. Where the header gets lost, let the proxy pass X-Twilio-Signature on.",
    message: (data: { readonly isEmpty: boolean }) =>
      data.isEmpty
        ? "X-Twilio-Signature is empty: a proxy or test client has cleared it"
        : "there is no X-Twilio-Signature: Twilio did not send this, or the header was dropped on its way",
  },
  "signature-mismatch": {
    severity: "error",
    says: "the signature holds for none of the URL's forms",
    help: "The signature is made of the exact URL that Twilio calls, of a form's parameters, and of the auth token. One of them is another where it is checked: mostly the URL, since behind a proxy the app sees another scheme, host, port or path than Twilio calls. The message names the one that was found by trying; with none found, check that the token is the primary one of the account that sent it. Twilio's own words on this are those of error 57012.",
    message: (data: SignatureMismatch) => signatureMismatch(data),
  },
  "signature-body": {
    severity: "error",
    says: "the signature does not hold the body that came",
    help: "For JSON the signed URL carries bodySHA256, the SHA-256 of the body's bytes. A body that was parsed and written again has another hash, though it means the same: hash the raw bytes, before any JSON parser. Never skip the comparison, else a captured signature validates any body.",
    message: (data: SignatureBody) => signatureBody(data),
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

type RuleData<Name extends RuleName> = Parameters<(typeof rules)[Name]["message"]>[0];

/** A finding of the rule, with its sentence and default severity. */
export function finding<Name extends RuleName>(name: Name, data: RuleData<Name>, place: FindingPlace = {}): Finding {
  const rule = rules[name];
  const message = (rule.message as (data: RuleData<Name>) => string)(data);
  return { rule: name, severity: rule.severity, message, data, ...place };
}

/** The sentence of a finding whose data has been changed, but in its shape. */
export function messageOf(name: RuleName, data: unknown): string {
  return (rules[name].message as (data: unknown) => string)(data);
}

/** The text, cut to a length that fits a message. It is as untrusted as before. */
export function excerpt(text: string): string {
  return cut(text, 80);
}

/** The text as a message shows it: cut, in quotes. */
export function quote(text: string): string {
  return `"${excerpt(text)}"`;
}

function sequenceGap({ ranges, before, after }: SequenceGap): string {
  const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const shown = ranges.slice(0, 3).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const numbers = several(ranges.length > 3 ? [...shown, "more"] : shown);
  const place = before === undefined ? `before ${after}` : `between ${before} and ${after}`;
  const noun = count === 1 ? "SequenceNumber" : "SequenceNumbers";
  const lost = count === 1 ? "a callback was lost" : `${count} callbacks were lost`;
  return `${noun} ${numbers} ${count === 1 ? "is" : "are"} missing${ranges.length === 1 ? ` ${place}` : ""}: ${lost}, or not in what was read`;
}

/** "a, b and c". */
function several(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function unknownSchema(data: UnknownSchema): string {
  switch (data.fault) {
    case "missing":
      return "dataschema is missing";
    case "ill-typed":
      return `dataschema must be a URI such as https://events-schemas.twilio.com/Voice.WebhookEvent/2, found ${data.found}`;
    case "unbundled":
      return `dataschema names ${quote(data.found)}, which is not bundled`;
    case "misfit":
      return `dataschema names ${quote(data.found)}, but ${quote(data.type)} carries ${data.family}`;
  }
}

function signatureMismatch(data: SignatureMismatch): string {
  switch (data.fault) {
    case "changed": {
      const changes = data.changes.map(({ change, detail = "" }) => ({
        ...signatureChanges[change],
        detail: cut(detail, 200),
      }));
      const because = several(changes.map(({ because, detail }) => because(detail)));
      const fixes = new Set(changes.map(({ fix }) => fix()));
      return `it holds for ${shortUrl(data.signed)}: ${because}; ${[...fixes].join("; ")}`;
    }
    case "names":
      return `the names ${several(data.names.slice(0, 3).map(quote))} are none that Twilio sends; with nothing between name and value in what is signed, they can be made to mean something else`;
    case "unknown": {
      const whose = data.account === undefined ? "the account that sent it" : `the account ${excerpt(data.account)}`;
      const body = data.isBodyIntact ? "the body is as it was sent, and " : "";
      return `${body}none of ${data.tried} other forms of URL and body holds: is the token the primary one of ${whose}, and the URL to the letter the one at Twilio?`;
    }
    default:
      return signatureFaults[data.fault]();
  }
}

function signatureBody(data: SignatureBody): string {
  switch (data.fault) {
    case "rewritten":
      return `the body was written again on its way: ${several(data.as.map((each) => bodyRewrites[each]))} it has the hash that was signed; hash the raw bytes, before any parser`;
    case "length":
      return data.bytes < data.sent
        ? `the body is cut: ${data.bytes} bytes of the ${data.sent} that Content-Length tells; record all of it`
        : `the body has ${data.bytes} bytes, though Content-Length tells ${data.sent}: it was rewritten; hash the raw bytes, before any parser`;
    case "replaced":
      return `U+FFFD stands ${data.characters === 1 ? "once" : `${data.characters} times`} in the body: bytes were decoded as text and are lost; hash the raw bytes`;
    case "spelling":
      return "bodySHA256 is the body's hash, but not in lower-case hex as Twilio writes it: something on the way has rewritten the URL";
    case "several":
      return "bodySHA256 stands in the URL more than once, so it is open which one was meant; Twilio adds one";
    case "uncovered":
      return "no signature covers this body: the URL has no bodySHA256, which Twilio adds for what is not a form; give the URL with its whole query";
    case "changed":
      return `the body is not the one that was sent: its ${data.bytes} bytes have the hash ${data.found.slice(0, 8)}…, the URL says ${excerpt(data.signed.slice(0, 8))}…; it was changed or forged, or logged after parsing: hash the raw bytes`;
  }
}

/** A URL short enough for a sentence, its hash cut. */
function shortUrl(url: string): string {
  return cut(url.replace(/(\bbodySHA256=[^&#]{8})[^&#]+/g, "$1…"), 160);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function lifecycle({ type, replacement }: Lifecycle, status: string): string {
  const advice = replacement === undefined ? "" : `; subscribe to ${excerpt(replacement)} instead`;
  return `${excerpt(type)} is ${status}${advice}`;
}

/** A length of time in the unit that tells most: "140 ms", "7.2 s", "236 days". */
function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
}
