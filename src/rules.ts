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
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

type RuleData<Name extends RuleName> = Parameters<(typeof rules)[Name]["message"]>[0];

/** A finding of the rule, with its sentence and default severity. */
export function finding<Name extends RuleName>(name: Name, data: RuleData<Name>, place: FindingPlace = {}): Finding {
  const rule = rules[name];
  const message = (rule.message as (data: RuleData<Name>) => string)(data);
  return { rule: name, severity: rule.severity, message, ...place };
}
