import { type Page, page, rfc } from "./page.ts";

interface Answer {
  /** The section of RFC 3261 that tells of it. */
  readonly section: string;
  readonly says: string;
  readonly help: string;
  readonly twilio?: string;
}

/**
 * Final SIP answers: their reason phrase and meaning, RFC 3261, section 21 (407 and such that a caller never sees are
 * left out). Twilio's own words, in `twilio`, are those on SipResponseCode in twilio.com/docs/voice/api/call-resource.
 */
const answers: Readonly<Record<number, Answer>> = {
  200: { section: "21.2.1", says: "OK: the call was answered", help: "It is what a call that completed ends with." },
  400: {
    section: "21.4.1",
    says: "Bad Request: the request was malformed",
    help: "The far end could not read it. See what lies between: a SIP trunk or proxy that rewrites headers.",
  },
  401: {
    section: "21.4.2",
    says: "Unauthorized: user and password are wanted",
    help: "The endpoint asks for credentials. Give username and password in <Sip>, or allow the caller's address there.",
  },
  403: {
    section: "21.4.4",
    says: "Forbidden: understood and refused",
    help: "Credentials will not help; the far end does not let this caller or this number through.",
  },
  404: {
    section: "21.4.5",
    says: "Not Found: there is no such user",
    help: "Check the number and its country code, or the user part of the SIP address.",
    twilio: "Twilio gives this code where the destination's phone number is unreachable.",
  },
  408: {
    section: "21.4.9",
    says: "Request Timeout: no answer to the request in time",
    help: "The far end may be down or unreachable; it is not the caller's own Timeout, which gives 487.",
  },
  410: {
    section: "21.4.10",
    says: "Gone: the user was there and is no more",
    help: "No new address is known. Take the number out of the list.",
  },
  480: {
    section: "21.4.18",
    says: "Temporarily Unavailable: nobody can be reached there now",
    help: "The far end was found, but the callee is switched off, not registered or does not want to be disturbed. Try later.",
  },
  484: {
    section: "21.4.22",
    says: "Address Incomplete: digits are missing",
    help: "Dial the whole number in E.164, as +14155550100.",
  },
  486: {
    section: "21.4.24",
    says: "Busy Here: the callee is on another call",
    help: "It is what a call with the status busy has met.",
  },
  487: {
    section: "21.4.25",
    says: "Request Terminated: ended before it was answered",
    help: "The caller gave up or the call was canceled.",
    twilio: "Twilio gives this code where the call does not connect before its Timeout.",
  },
  488: {
    section: "21.4.26",
    says: "Not Acceptable Here: no media that both sides can use",
    help: "Look at the codecs and the encryption that the endpoint allows.",
  },
  500: { section: "21.5.1", says: "Server Internal Error: the far end has failed", help: "Its own log tells more." },
  501: {
    section: "21.5.2",
    says: "Not Implemented: the far end cannot do this",
    help: "It does not know the request's method.",
  },
  502: {
    section: "21.5.3",
    says: "Bad Gateway: the gateway got an invalid answer",
    help: "The fault is behind the far end, at the one that it asked.",
  },
  503: {
    section: "21.5.4",
    says: "Service Unavailable: overloaded or in maintenance",
    help: "Try later, or another route.",
  },
  504: {
    section: "21.5.5",
    says: "Server Time-out: the gateway got no answer in time",
    help: "The fault is behind the far end, at the one that it asked.",
  },
  600: {
    section: "21.6.1",
    says: "Busy Everywhere: the callee is busy at every place",
    help: "No other place is left to try.",
  },
  603: {
    section: "21.6.2",
    says: "Decline: the callee does not want to take the call",
    help: "It was rejected by a person or a rule of theirs; no other place will answer either.",
  },
  604: {
    section: "21.6.3",
    says: "Does Not Exist Anywhere: there is no such user",
    help: "The far end knows this for sure. Check the address.",
  },
  606: {
    section: "21.6.4",
    says: "Not Acceptable: reached, but not with this media",
    help: "Something of the session, as its media or bandwidth, was refused.",
  },
};

/** A page for each SIP code that `SipResponseCode` may hold. */
export function sipPages(): readonly Page[] {
  return Object.entries(answers).map(([code, { section, says, help, twilio }]) =>
    page({
      name: code,
      says,
      aliases: [`SIP ${code}`],
      text: twilio === undefined ? [help] : [twilio, help],
      facts: [["found in", "SipResponseCode, with terminal statuses only"]],
      links: [rfc(3261, section)],
    }),
  );
}
