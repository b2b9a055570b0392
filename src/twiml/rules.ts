import { fill, findingOf, type Rule } from "../findings/finding.ts";

// What the body and TwiML rules say, a sentence for each fault they tell apart.

/** `offset` counts characters of the base64 text from 0. */
const base64Faults = {
  plain: "it is the answer itself, not base64 of it; shown as it stands",
  character: "{detail} at offset {offset} is not in its alphabet",
  "white-space": "white space at offset {offset}: broken into lines on its way",
  "url-safe": '"-" or "_" at offset {offset}: the url-safe alphabet, where "+" and "/" are expected',
  "padding-missing": "it ends without its padding: {detail} expected at offset {offset}",
  "padding-surplus": 'more "=" than it needs, from offset {offset}',
  "padding-inside": '"=" at offset {offset} is not at the end: several pieces in a row',
  truncated: "it stops within a byte, at offset {offset}: cut off",
  "trailing-bits": "the character at offset {offset} holds bits that belong to no byte: no encoder wrote that",
  twice: "it is base64 of base64; opened twice",
} as const;

const charsetFaults = {
  unknown: "{declared} names an unknown charset; read as {read}",
  disagree: "{declared}; read as {read}",
  bytes: "{declared}; read as {read}",
  garbled: '{declared}, but the bytes are UTF-8: "é" arrives as "Ã©"; read as {read}',
} as const;

const contentTypeFaults = {
  missing: "the answer has no content type",
  malformed: '"{type}" is not a media type',
  mismatch: "the content type is {type}, the body is {kind}",
} as const;

const syntaxFaults = {
  empty: "the answer is empty; TwiML is at least <Response/>",
  html: "the answer is an HTML page{page}, not TwiML",
  json: "the answer is JSON, not TwiML",
  "json-string": "the TwiML is wrapped in a JSON string: send it as it is, not through a JSON encoder",
  text: "the answer is plain text, not TwiML",
  escaped: "the TwiML is escaped: &lt; and &gt; stand where < and > must",
  doctype: "a DOCTYPE is refused: TwiML has none, and it can make a parser fetch files or run out of memory",
  "xml-1.1": "XML 1.1 is refused: TwiML is XML 1.0",
  size: "larger than {found}, not read",
  depth: "elements are nested more than {found} deep, not read",
  nodes: "more than {found} nodes, not read",
  "leading-space": "white space before the XML declaration; nothing may stand before it",
  "text-before": "text before the document: {found}",
  invisible: "an invisible {found} stands before the document",
  "declaration-inside": "an XML declaration in the middle; it may only stand at the very beginning",
  declaration: 'the XML declaration is broken; write <?xml version="1.0" encoding="UTF-8"?>',
  "no-root": "there is no element in the document",
  "second-root": "a second root element, <{found}>; one <Response> holds everything",
  "text-after": "text after the end of the document: {found}",
  ampersand: 'a bare "&"; write &amp;',
  entity: "{found} is not defined in XML; write the character itself or its number, as in &#160;",
  reference: "{found} stands for no character that XML allows",
  "less-than": 'a bare "<" in text; write &lt;',
  "less-than-in-value": 'a "<" in an attribute value; write &lt;, or close the quote before it',
  "wrong-close": "</{found}> stands where <{wanted}> must be closed",
  "close-case": "</{found}> does not close <{wanted}>: names are case-sensitive",
  unclosed: "<{found}> is never closed",
  "stray-close": "</{found}> closes nothing",
  "unfinished-tag": 'the tag {found} has no ">" at its end',
  "stray-in-tag": "{found} does not belong in a tag",
  unquoted: "the value of {found} is not in quotes",
  "typographic-quote": "the value of {found} is in typographic quotes; use \" or '",
  "no-value": '{found} has no value; write {found}="true" or leave it out',
  "no-space": "no blank between two attributes",
  "unclosed-value": "an attribute value has no closing quote",
  duplicate: "{found} stands twice in one tag",
  "comment-dashes": 'a comment may not hold "--"',
  "unclosed-comment": "a comment is never closed",
  "unclosed-cdata": "a CDATA section is never closed",
  "cdata-end": '"]]>" outside a CDATA section; write ]]&gt;',
  instruction: "a processing instruction is broken or never closed",
  character: "{found} is not allowed in XML",
  other: "{found}",
} as const;

const rootFaults = {
  case: "the root element is <{name}>; names are case-sensitive: <Response>",
  verb: "<{name}> stands alone; wrap it in <Response>",
  html: "the answer is an HTML page{page}, not TwiML",
  other: "the root element is <{name}>, not <Response>",
} as const;

const elementFaults = {
  case: "<{name}> is not known; names are case-sensitive: <{right}>",
  unknown: "<{name}> is not known{guess}",
  messaging: "<{name}> is a messaging verb; in the answer to a call it is not known",
} as const;

const attributeFaults = {
  case: "{name} of <{element}> is not known; names are case-sensitive: {right}",
  unknown: "{name} of <{element}> is not known{guess}",
  elsewhere: "{name} does not belong on <{element}> but on {right}",
} as const;

const nestingFaults = {
  child: "<{name}> does not belong in <{parent}>{home}",
  text: "<{parent}> takes no text",
  mixed: "<{name}> cannot stand beside {right} in one <Dial>",
} as const;

const valueFaults = {
  integer: "must be a whole number",
  positive: "must be a whole number above 0",
  "integer-or": "must be a whole number or {values}",
  integers: "must be whole numbers with blanks between them",
  boolean: "must be true or false",
  method: "must be GET or POST",
  one: "must be one of {values}",
  list: "may only hold {values}",
  commas: "must have blanks between its items, not commas",
  characters: "may only hold the characters {values}",
  phone: "is not an E.164 number, as +14155550100",
  "phone-sip": "is a SIP address; use <Sip>",
  "phone-client": "is a client name; use <Client>",
  sip: "must begin with sip: or sips:",
  long: "is longer than {values} characters",
  "url-blank": "is a URL with white space in it",
  "url-scheme": "is not a URL Twilio can request: it must be relative or begin with https:// or http://",
  "url-socket": "must begin with wss://",
  "url-placeholder": "is a URL with an unfilled place in it",
  "url-local": "is a URL that only this machine or network can reach",
  "url-credentials": "is a URL with a password in it: whoever sees the events sees it",
} as const;

/** The sentence and the Debugger code it corresponds to; 0 where there is none. */
function coded(sentence: string, code: number): string {
  return code === 0 ? sentence : `${sentence} (${code})`;
}

/** The words with the value in the place of `{}`; empty where there is none. */
function optional(words: string, value: string | undefined): string {
  return value === undefined || value === "" ? "" : words.replace("{}", () => value);
}

/** Add a rule about a response body here, report it with `twimlFinding`, and add two samples named after it to samples/broken. */
export const twimlRules = {
  "body-base64": {
    category: "response",
    severity: "error",
    summary: "the response body is not base64; which fault, at which offset",
    help: "Event Streams carries the answer of your server as base64. A body that is not has been changed on its way: cut, re-wrapped, decoded or encoded once more. What can be read of it is shown.",
    message: (data: { readonly fault: keyof typeof base64Faults; readonly offset: number; readonly detail: string }) =>
      `not base64: ${fill(base64Faults[data.fault], data)}`,
    data: { fault: "own", detail: "mark" },
  },
  "body-charset": {
    category: "response",
    severity: "warning",
    summary: "bytes do not fit the declared charset, or the declarations disagree",
    help: "A byte order mark outweighs the charset of the content type, and that outweighs the XML declaration. Send UTF-8 and say so in both: text/xml; charset=UTF-8.",
    message: (data: { readonly fault: keyof typeof charsetFaults; readonly declared: string; readonly read: string }) =>
      fill(charsetFaults[data.fault], data),
    data: { fault: "own", declared: "mark", read: "own" },
  },
  "body-content-type": {
    category: "response",
    severity: "warning",
    summary: "the content type does not suit the body (12300)",
    help: "Twilio cannot process an answer whose content type does not say what it is. Send TwiML as text/xml or application/xml. An answer without any appears in the Debugger as a 502.",
    message: (data: { readonly fault: keyof typeof contentTypeFaults; readonly type: string; readonly kind: string }) =>
      coded(fill(contentTypeFaults[data.fault], data), 12300),
    data: { fault: "own", type: "media", kind: "own" },
  },
  "body-size": {
    category: "response",
    severity: "warning",
    summary: "larger than Twilio reads: 64 kB (11750)",
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
    category: "response",
    severity: "error",
    summary: "the answer is not well-formed XML (12100)",
    help: "Twilio cannot parse the answer. Build TwiML with a library that escapes text, and look at the line and column: they count in the decoded answer.",
    message: (data: { readonly fault: keyof typeof syntaxFaults; readonly found: string; readonly wanted: string }) =>
      coded(fill(syntaxFaults[data.fault], { ...data, page: optional(" ({})", data.found) }), 12100),
    data: { fault: "own", found: "mark", wanted: "mark" },
  },
  "twiml-root": {
    category: "response",
    severity: "error",
    summary: "the root element is not <Response> (12102)",
    help: "Every TwiML document is one <Response> element that holds the verbs.",
    message: (data: { readonly fault: keyof typeof rootFaults; readonly name: string; readonly page: string }) =>
      coded(fill(rootFaults[data.fault], { ...data, page: optional(" ({})", data.page) }), 12102),
    data: { fault: "own", name: "key", page: "own" },
  },
  "twiml-element": {
    category: "response",
    severity: "warning",
    summary: "an unknown element (12200)",
    help: "Twilio validates TwiML against a schema and warns of what is not in it. Names are case-sensitive: <Say>, not <say>. A name may also be newer than this tool, so this is never an error.",
    message: (data: { readonly fault: keyof typeof elementFaults; readonly name: string; readonly right: string }) =>
      coded(fill(elementFaults[data.fault], { ...data, guess: optional("; did you mean <{}>?", data.right) }), 12200),
    data: { fault: "own", name: "key", right: "own" },
  },
  "twiml-attribute": {
    category: "response",
    severity: "warning",
    summary: "an unknown or misplaced attribute (12200)",
    help: "Twilio validates TwiML against a schema and warns of what is not in it. An attribute may also be newer than this tool, so this is never an error.",
    message: (data: {
      readonly fault: keyof typeof attributeFaults;
      readonly name: string;
      readonly element: string;
      readonly right: string;
    }) =>
      coded(fill(attributeFaults[data.fault], { ...data, guess: optional("; did you mean {}?", data.right) }), 12200),
    data: { fault: "own", name: "key", element: "key", right: "own" },
  },
  "twiml-nesting": {
    category: "response",
    severity: "warning",
    summary: "an element or text where it does not belong (12200, 13215, 13320)",
    help: "Each verb allows only certain children: nouns such as <Number> in <Dial>, prompts in <Gather>, SSML in <Say>.",
    message: (data: {
      readonly fault: keyof typeof nestingFaults;
      readonly name: string;
      readonly parent: string;
      readonly right: string;
      readonly code: number;
    }) => coded(fill(nestingFaults[data.fault], { ...data, home: optional(" but in {}", data.right) }), data.code),
    data: { fault: "own", name: "key", parent: "key", right: "own" },
  },
  "twiml-value": {
    category: "response",
    severity: "warning",
    summary: "a value that an attribute or a text does not take (12200 and the 13xxx codes)",
    help: "Twilio warns of a value that its schema or the verb does not allow. The message says what is allowed.",
    message: (data: {
      readonly fault: keyof typeof valueFaults;
      readonly subject: string;
      readonly values: string;
      readonly nearest: string | undefined;
      readonly code: number;
    }) =>
      coded(
        `${data.subject} ${fill(valueFaults[data.fault], data)}${optional("; did you mean {}?", data.nearest)}`,
        data.code,
      ),
    data: { fault: "own", subject: "own", values: "own", nearest: "own" },
  },
  "twiml-empty": {
    category: "response",
    severity: "warning",
    summary: "a verb that needs text has none (13520)",
    help: "The verb has nothing to work with. Often a variable of the template was empty.",
    message: (data: { readonly element: string; readonly needs: string; readonly code: number }) =>
      coded(`<${data.element}> ${data.needs}`, data.code),
    data: { element: "key", needs: "own" },
  },
  "twiml-loop": {
    category: "response",
    severity: "warning",
    summary: "<Redirect> or action to the URL that answered",
    help: "The same answer is asked for again. Unless the handler tells the second request from the first, the call goes round until it is hung up.",
    message: (data: { readonly element: string; readonly attribute: string | undefined }) =>
      `${data.attribute === undefined ? "" : `${data.attribute} of `}<${data.element}> leads back to the URL that gave this answer`,
    data: { element: "key", attribute: "key" },
  },
  "twiml-ignored": {
    category: "response",
    severity: "info",
    summary: "TwiML in the answer to a status callback is not executed",
    help: "A status callback only informs. Answer it with 204 or an empty <Response/>, and change the call through the API.",
    message: (data: { readonly verb: string }) =>
      `<${data.verb}> is not executed: this answers a status callback, which only informs`,
    data: { verb: "key" },
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A finding about a response body, with its sentence and default severity. */
export const twimlFinding = findingOf(twimlRules);
