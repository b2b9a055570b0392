import type { RuleName } from "../../findings/rules.ts";
import { elementNames, elementRule, parentsOf, schemaWarning } from "../../twiml/grammar.ts";
import { errorPage, type Fact, type Page, page } from "./page.ts";
import { texts, valuesOf } from "./twiml-elements.ts";

interface Code {
  readonly level?: "error" | "warning";
  readonly says: string;
  readonly help?: string;
  /** What Event Streams does with the event. */
  readonly delivery?: string;
  readonly see?: readonly (RuleName | (string & {}))[];
}

const kept = "The event is tried again for four hours, with growing gaps.";
const lost = "The event is dropped and not tried again.";

/**
 * Codes of Twilio's Debugger that voice events meet. Add a code here. Their meaning is that of
 * twilio.com/docs/api/errors/<code>; the 9xxxx codes, what becomes of the event, twilio.com/docs/events/event-delivery-and-duplication.
 */
const codes: Readonly<Record<number, Code>> = {
  11200: {
    level: "error",
    says: "HTTP retrieval failure: Twilio asked your server and got no usable answer",
    help: "Your server answered 4xx or 5xx, took longer than 15 seconds, broke the HTTP protocol or could not be reached. Look in its log at the time of the request; an answer without a Content-Type shows as a 502.",
    see: ["response-failed", "response-slow", "11217"],
  },
  11201: {
    level: "error",
    says: "TCP connection timed out",
    help: "Nothing answers at the address and port: a firewall, or a server that is down.",
  },
  11202: {
    level: "error",
    says: "TCP connection refused",
    help: "The machine is there, but nothing listens at the port.",
  },
  11203: {
    level: "error",
    says: "the request took longer in all than Twilio waits",
    help: "Answer at once and do the work afterwards.",
    see: ["response-slow"],
  },
  11205: {
    level: "error",
    says: "HTTP connection failure",
    help: "Two attempts to connect, of 5 seconds each, failed. Try the URL from outside your network.",
  },
  11206: {
    level: "error",
    says: "HTTP protocol violation",
    help: "What answers at the port does not speak HTTP, or breaks its rules.",
  },
  11210: { level: "error", says: "bad host name", help: "The host of the URL is misspelled or not in the public DNS." },
  11215: {
    level: "error",
    says: "too many redirects",
    help: "The URL is redirected again and again; give Twilio the last one.",
  },
  11217: {
    level: "error",
    says: "your server answered a webhook with 4xx or 5xx",
    help: "Look in your server's log at the time of the request.",
    see: ["response-failed", "4xx", "5xx"],
  },
  11220: {
    level: "error",
    says: "TLS handshake failure",
    help: "Look at the certificate chain and the TLS versions of what answers at the port.",
  },
  11235: {
    level: "error",
    says: "the certificate does not name the host",
    help: "The URL's host has to be among the certificate's names.",
  },
  11236: { level: "error", says: "the certificate has expired", help: "Renew it." },
  11237: {
    level: "error",
    says: "the certificate's chain does not lead to a known authority",
    help: "Send the intermediate certificates too.",
  },
  11750: {
    level: "error",
    says: "the answer's body is larger than 64 kB",
    help: "Often it is no TwiML at all but an error page. To answer a status callback with 200, send an empty <Response/>.",
    see: ["body-size"],
  },
  11770: {
    level: "error",
    says: "the body of the answer is empty",
    help: "A chunked answer ended before it held anything.",
  },
  12100: {
    level: "error",
    says: "document parse failure: the answer is not well-formed XML",
    help: "Something stands before the XML declaration, an element is not closed, an attribute is not quoted, or <, > or & is not escaped. Build TwiML with a library.",
    see: ["twiml-syntax"],
  },
  12101: { level: "error", says: "an invalid version of <Response>", help: "Leave the attribute out." },
  12102: { level: "error", says: "the root element is not <Response>", see: ["twiml-root"] },
  12200: {
    level: "warning",
    says: "schema validation warning: the document does not fit TwiML's schema",
    help: "A verb is misspelled or in the wrong case, an attribute is unknown, or an element stands where it does not belong. The Debugger's entry has the line, the column and the parser's message.",
    see: ["twiml-element", "twiml-attribute", "twiml-nesting", "twiml-value"],
  },
  12300: {
    level: "error",
    says: "invalid Content-Type",
    help: "Send TwiML as text/xml or application/xml. An answer without any Content-Type shows as a 502.",
    see: ["body-content-type"],
  },
  12400: { level: "error", says: "a failure inside Twilio", help: "Nothing that you sent is to blame." },
  13000: {
    level: "warning",
    says: "<Conference> and <Number> stand in one <Dial>",
    help: "Dial the number into the conference in a call of its own.",
    see: ["twiml-nesting"],
  },
  13201: { level: "error", says: "a call that was dialed by <Dial> cannot <Dial> out itself" },
  13521: {
    says: "the text of <Say> is too long",
    help: "It may have 4096 characters, with Amazon Polly voices 3000.",
    see: ["twiml-value"],
  },
  16011: {
    level: "warning",
    says: "a callback of a conference failed",
    help: "The URL in statusCallback of <Conference> did not answer well.",
    see: ["Conference"],
  },
  32014: {
    level: "warning",
    says: "the call was ended since no audio came",
    help: "Look at the media path: firewalls and the addresses in SDP.",
  },
  57012: {
    level: "error",
    says: "the signature is invalid",
    help: "It was checked against another URL than Twilio called, or one encoded otherwise; parameters were missing or trimmed; JSON was taken for a form; or the token was a secondary one. verify finds out which.",
    see: ["signature-mismatch", "signature-body"],
  },
  91300: {
    says: "a sink did not take the event, for a reason of no other code",
    help: "Kinesis and Segment sinks that refuse an event show so too.",
  },
  91302: { level: "warning", says: "the sink answered 429: too many requests", delivery: kept, see: ["429"] },
  91303: { says: "a fault inside Twilio before the delivery", delivery: lost },
  91304: { level: "warning", says: "a passing fault inside Twilio", delivery: "The event is tried again." },
  91305: {
    says: "the sink's endpoint rejected the event: it answered 4xx",
    help: "Answer 2xx for every event, whatever it holds, and 5xx when you cannot keep it now.",
    delivery: lost,
    see: ["4xx"],
  },
  91306: { says: "the sink's endpoint failed: it answered 5xx", delivery: kept, see: ["5xx"] },
  91307: { says: "the sink could not be reached: connection, TLS or DNS", delivery: kept },
  91308: {
    says: "the sink did not answer in time",
    help: "A webhook sink has 5 seconds. Keep the event, answer, and do the work afterwards.",
    delivery: kept,
  },
  93101: {
    says: "a sink could not be written to",
    help: "The older code for every failed delivery to a webhook, which 91302 and 91305 to 91308 tell apart now; and for a failed write to Kinesis.",
    see: ["91302", "91305", "91306", "91307", "91308"],
  },
  93102: { says: "the role for a Kinesis sink cannot be assumed", delivery: kept },
  93103: { says: "the shards of a Kinesis stream cannot be counted", delivery: kept },
  93104: { says: "the name or region of a Kinesis stream is wrong", delivery: lost },
};

/** A place in TwiML where a mistake ends in a code. */
interface Place {
  /** What the mistake is. */
  readonly fault: string;
  readonly rule: RuleName;
  /** What is taken there. */
  readonly taken: string;
  readonly element: string;
}

/** Where a mistake in TwiML ends in a code: the places by the code and their names. */
function placesByCode(): ReadonlyMap<number, ReadonlyMap<string, Place>> {
  const places = new Map<number, Map<string, Place>>();
  const put = (code: number | undefined, name: string, place: Place): void => {
    if (code === undefined || code === schemaWarning) return;
    places.set(code, (places.get(code) ?? new Map()).set(name, place));
  };
  for (const element of elementNames) {
    for (const parent of ["", ...parentsOf(element)]) {
      const rule = elementRule(element, parent);
      if (rule === undefined) continue;
      const tag = `<${element}>`;
      const empty = { fault: `nothing in ${tag}`, rule: "twiml-empty", taken: "must not be empty", element } as const;
      put(rule.emptyCode, tag, empty);
      const children = rule.children.map((child) => `<${child}>`).join(", ");
      const nested = { fault: `an element that does not belong in ${tag}`, rule: "twiml-nesting", element } as const;
      put(rule.nestingCode, `in ${tag}`, { ...nested, taken: children });
      const wrong = { rule: "twiml-value", element } as const;
      if (rule.text !== undefined) {
        const fault = `a wrong text of ${tag}`;
        put(rule.textCode, `the text of ${tag}`, { ...wrong, fault, taken: texts[rule.text] });
      }
      for (const [name, attribute] of rule.attributes) {
        const fault = `a value that ${name} does not take`;
        put(attribute.code, `${name} of ${tag}`, { ...wrong, fault, taken: valuesOf(attribute) });
      }
    }
  }
  return places;
}

/** A page for each code of the Debugger: those of the table above, and those that a mistake in TwiML ends in. */
export function codePages(): readonly Page[] {
  const places = placesByCode();
  const all = new Set([...Object.keys(codes).map(Number), ...places.keys()]);
  return [...all].sort((one, other) => one - other).map((code) => codePage(code, [...(places.get(code) ?? [])]));
}

function codePage(code: number, places: readonly (readonly [name: string, place: Place])[]): Page {
  const known: Code | undefined = codes[code];
  const { level, help, delivery, see = [] } = known ?? {};
  const facts: Fact[] = [];
  if (level !== undefined) facts.push(["level", level]);
  if (delivery !== undefined) facts.push(["the event", delivery]);
  const all = places.map(([, place]) => place);
  return page({
    name: String(code),
    says: known?.says ?? [...new Set(all.map(({ fault }) => fault))].join(", "),
    text: help === undefined ? [] : [help],
    facts: [...facts, ...places.map(([name, { taken }]) => [name, taken] as const)],
    see: [...new Set([...see, ...all.map(({ rule }) => rule), ...all.map(({ element }) => element)])],
    links: [errorPage(code)],
  });
}
