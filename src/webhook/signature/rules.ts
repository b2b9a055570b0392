import { cut, excerpt, fill, findingOf, quote, type Rule, several } from "../../findings/finding.ts";

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

/** What differs between what was signed and what was checked, and what to do. The signature was made for the one, Twilio's. */
const signatureChanges = {
  "scheme-https": {
    because: "Twilio calls https (TLS ends at a proxy before the app)",
    fix: "give the validator the public https URL, by hand or from X-Forwarded-Proto",
  },
  "scheme-http": {
    because: "Twilio calls http",
    fix: "validate with the http URL, or give Twilio the https one",
  },
  "port-added": {
    because: "Twilio's URL has the port {detail}",
    fix: "keep the port in the URL that you validate",
  },
  "port-removed": {
    because: "Twilio's URL has no port {detail} (it is the app's own)",
    fix: "leave the port out of the URL that you validate",
  },
  host: {
    because: "Twilio calls {detail}, as the request's Host header says",
    fix: "give the validator the host that is in the URL at Twilio",
  },
  "forwarded-host": {
    because: "Twilio calls {detail}, as X-Forwarded-Host says",
    fix: "give the validator the host that is in the URL at Twilio",
  },
  "slash-added": {
    because: "the path of Twilio's URL ends with a slash",
    fix: "write the URL with that slash, to the letter as it stands at Twilio",
  },
  "slash-removed": {
    because: "the path of Twilio's URL does not end with a slash",
    fix: "write the URL without that slash, to the letter as it stands at Twilio",
  },
  path: {
    because: "Twilio calls the path that is in the request line",
    fix: "validate with the path that is in the URL at Twilio",
  },
  "path-encoded": {
    because: "Twilio's URL has its path percent-encoded",
    fix: "take the path as it arrived, before it is decoded",
  },
  "path-decoded": {
    because: "the path was signed without its percent-encoding",
    fix: "write the path to the letter as it stands at Twilio",
  },
  "query-restored": {
    because: "the URL that was given has lost the query",
    fix: "validate with the whole URL, the query included (Laravel's url() drops it)",
  },
  "query-arrived": {
    because: "the request arrived with another query",
    fix: "validate with the query string as it arrived",
  },
  "query-dropped": {
    because: "the URL was signed without a query",
    fix: "leave out the query that a proxy or framework has added",
  },
  "query-encoded": {
    because: "Twilio's URL has its query percent-encoded",
    fix: "take the raw query string, not one that was parsed and written again",
  },
  "query-decoded": {
    because: "the query was signed without its percent-encoding",
    fix: "take the raw query string, not one that was parsed and written again",
  },
  "query-sorted": {
    because: "the query was signed with its parameters sorted",
    fix: "take the raw query string, not one that was parsed and written again",
  },
  "hash-dropped": {
    because: "the URL was signed without bodySHA256, so the body is not covered",
    fix: "leave the parameter out where it was added, and for JSON have it signed",
  },
  "credentials-dropped": {
    because: "Twilio leaves user and password out of what it signs",
    fix: "validate without them",
  },
  fragment: {
    because: "the part behind the # was signed, which Twilio leaves out",
    fix: "sign without it",
  },
  "json-as-form": {
    because: "only the URL was signed: the body is JSON, though its content type says form",
    fix: "keep the Content-Type as it arrived, and pass no parameters to the validator",
  },
  "no-parameters": {
    because: "only the URL was signed, no parameters, as for a GET",
    fix: "pass no parameters where the request has none in its body",
  },
  "as-form": {
    because: "the parameters were signed: the body is a form, though its content type is {detail}",
    fix: "keep the Content-Type as it arrived, and pass the form's parameters to the validator",
  },
  trimmed: {
    because: "white space at an end of {detail} was trimmed",
    fix: "validate before a middleware trims (Laravel's TrimStrings), or with the raw body",
  },
  "empty-dropped": {
    because: "empty parameters were dropped: {detail}",
    fix: "pass every parameter to the validator, the empty ones too",
  },
  plus: {
    because: "a plus sign came to be a blank: the form was written again without %2B",
    fix: "validate with the raw body as it arrived",
  },
  latin1: {
    because: "the form was written again in ISO-8859-1; Twilio sends UTF-8",
    fix: "decode the form as UTF-8, or validate with the raw body",
  },
  "utf8-twice": {
    because: 'UTF-8 was taken for ISO-8859-1 and encoded again: "é" is "Ã©"',
    fix: "decode the form as UTF-8, or validate with the raw body",
  },
  newline: {
    because: "a line break was added behind the body",
    fix: "save the body without it; an editor or echo adds one",
  },
  "signed-trimmed": {
    because: "the signer trimmed the values, which Twilio does not",
    fix: "sign test requests as Twilio does",
  },
  "signed-filled": {
    because: "the signer left empty parameters out, which Twilio does not",
    fix: "sign test requests as Twilio does",
  },
  "signed-unsorted": {
    because: "the signer did not sort the parameters, which Twilio does",
    fix: "sign test requests as Twilio does",
  },
  "signed-caseless": {
    because: "the signer sorted the parameters without regard to case, which Twilio does not",
    fix: "sign test requests as Twilio does",
  },
  "signed-repeats": {
    because: "the signer took a value that stands twice under one name twice, which Twilio's helper does not",
    fix: "sign test requests as Twilio does",
  },
  "signed-last": {
    because: "the signer took one value of each name, where a name stands more than once",
    fix: "keep all values of a name, where the form is parsed",
  },
} as const;

const signatureFaults = {
  "no-url": "the request names no host, so the URL that was signed is not known; give it with --url",
  repeated: "X-Twilio-Signature stands there more than once; a proxy or a test client has added one",
  malformed: "X-Twilio-Signature is not base64 of 20 bytes, so it was cut or rewritten on its way",
  blank:
    'it holds with "+" where X-Twilio-Signature has a blank: the header was decoded as if it were a form; take it as it arrived',
  quoted: "it holds without what stands around X-Twilio-Signature; take the header's bare value",
  "not-utf8": "the form is not UTF-8, as Twilio sends it; validate with the raw body as it arrived",
} as const;

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
} as const;

/** Add a rule about a signature here, report it with `signatureFinding`, and add two samples named after it to samples/broken. */
export const signatureRules = {
  "signature-missing": {
    category: "delivery",
    severity: "error",
    summary: "the request has no X-Twilio-Signature",
    help: "Twilio signs every request. One without the header was not sent by Twilio, or a proxy, a framework or whatever logged it has dropped the header. Answer it with 403, and do nothing with its body. Where the header gets lost, let the proxy pass X-Twilio-Signature on.",
    message: (data: { readonly isEmpty: boolean }) =>
      data.isEmpty
        ? "X-Twilio-Signature is empty: a proxy or test client has cleared it"
        : "there is no X-Twilio-Signature: Twilio did not send this, or the header was dropped on its way",
  },
  "signature-mismatch": {
    category: "delivery",
    severity: "error",
    summary: "the signature holds for none of the URL's forms",
    help: "The signature is made of the exact URL that Twilio calls, of a form's parameters, and of the auth token. One of them is another where it is checked: mostly the URL, since behind a proxy the app sees another scheme, host, port or path than Twilio calls. The message names the one that was found by trying; with none found, check that the token is the primary one of the account that sent it. Twilio's own words on this are those of error 57012.",
    message: (data: SignatureMismatch) => signatureMismatch(data),
    data: { fault: "own", signed: "url", change: "own", detail: "change", names: "key", account: "sid" },
  },
  "signature-body": {
    category: "delivery",
    severity: "error",
    summary: "the signature does not hold the body that came",
    help: "For JSON the signed URL carries bodySHA256, the SHA-256 of the body's bytes. A body that was parsed and written again has another hash, though it means the same: hash the raw bytes, before any JSON parser. Never skip the comparison, else a captured signature validates any body.",
    message: (data: SignatureBody) => signatureBody(data),
    data: { fault: "own", as: "own", found: "mark", signed: "mark" },
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A finding about a signature, with its sentence and default severity. */
export const signatureFinding = findingOf(signatureRules);

function signatureMismatch(data: SignatureMismatch): string {
  switch (data.fault) {
    case "changed": {
      const because = data.changes.map(({ change, detail = "" }) =>
        fill(signatureChanges[change].because, { detail: cut(detail, 200) }),
      );
      const fixes = new Set(data.changes.map(({ change }) => signatureChanges[change].fix));
      return `it holds for ${shortUrl(data.signed)}: ${several(because)}; ${[...fixes].join("; ")}`;
    }
    case "names":
      return `the names ${several(data.names.slice(0, 3).map(quote))} are none that Twilio sends; with nothing between name and value in what is signed, they can be made to mean something else`;
    case "unknown": {
      const whose = data.account === undefined ? "the account that sent it" : `the account ${excerpt(data.account)}`;
      const body = data.isBodyIntact ? "the body is as it was sent, and " : "";
      return `${body}none of ${data.tried} other forms of URL and body holds: is the token the primary one of ${whose}, and the URL to the letter the one at Twilio?`;
    }
    default:
      return signatureFaults[data.fault];
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
