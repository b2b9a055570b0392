import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type FormParameters, formParameters } from "../form.ts";
import { isForm, type WebhookRequest } from "../webhook-request.ts";
import { joinUrl, splitTarget, splitUrl, type UrlChange, urlForms, withoutFragment } from "./url-forms.ts";

/** Of a request what its signature is about. */
export type SignedRequest = Pick<WebhookRequest, "method" | "headers" | "body">;

/** `form`: URL and parameters; `hash`: the URL, and through it the body's SHA-256; `url`: the URL, there is no body. */
type Coverage = "form" | "hash" | "url";

/** What became of a signature. `none`: there was no token to check it with. */
export type SignatureVerdict =
  | {
      readonly state: "ok";
      /** The one of the URLs that it holds for; the form of it that was signed, and how that differs. */
      readonly url: string;
      readonly signedUrl: string;
      readonly changes: readonly UrlChange[];
      readonly token: "primary" | "secondary";
      readonly covers: Coverage;
    }
  /** `body`: the signature holds for the URL, but the body is not the one whose hash the URL carries. */
  | { readonly state: "bad"; readonly reason: "signature" | "body" }
  /** No signature covers the body, since the URL has no hash of it or several; or no URL is known. */
  | { readonly state: "unverifiable"; readonly reason: "no hash" | "several hashes" | "no URL" }
  | { readonly state: "missing" | "none" };

export type Success = Extract<SignatureVerdict, { readonly state: "ok" }>;
type Failure = Extract<SignatureVerdict, { readonly reason: string }>;
type Unverifiable = Extract<SignatureVerdict, { readonly state: "unverifiable" }>;

/** The header that carries the signature, in lower case. */
export const SIGNATURE_HEADER = "x-twilio-signature";

/**
 * The signature of a URL and form parameters: base64 of HMAC-SHA1, keyed with the auth token, over the URL and, sorted by
 * name, each name and value (twilio.com/docs/usage/security). The values of one name are sorted, each taken once
 * (twilio-node, src/webhooks/webhooks.ts).
 */
export function sign(token: string, url: string, parameters?: FormParameters): string {
  return signText(token, parameters === undefined ? url : url + signedText(parameters));
}

/** The signature of the text that is made of a URL and what of the body is signed. */
export function signText(token: string, text: string): string {
  return createHmac("sha1", token).update(text, "utf8").digest("base64");
}

/** Names and values as they are signed. There is nothing between them: {A: "1", B: "2"} and {A: "1B2"} look the same. */
export function signedText(parameters: FormParameters): string {
  let text = "";
  for (const name of [...parameters.keys()].sort()) {
    for (const value of [...new Set(parameters.get(name))].sort()) text += name + value;
  }
  return text;
}

/** The SHA-256 of a body in lower-case hex, as `bodySHA256` carries it. */
export const hashOf = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** The URL to which Twilio would send the body: with its hash behind the query, and no other; without the fragment. */
export function signedUrlFor(url: string, body: Uint8Array): string {
  const { path, query } = splitTarget(url);
  const others = query
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !isHash(pair));
  return `${path}?${[...others, `bodySHA256=${hashOf(body)}`].join("&")}`;
}

/**
 * Signs a request to the URL as Twilio does: a form with its parameters, what has no body by its URL, all else with the
 * hash of its body. Returns the URL to send it to and the header's value. Credentials are left out of what is signed.
 */
export function signRequest(
  token: string,
  url: string,
  request: SignedRequest,
): { readonly url: string; readonly signature: string } {
  const parameters = formParameters(request);
  const isByUrl = parameters !== undefined || isBodiless(request);
  const target = isByUrl ? withoutFragment(url) : signedUrlFor(url, request.body);
  const parts = splitUrl(target);
  const signed = parts === undefined ? target : joinUrl({ ...parts, credentials: "" });
  return { url: target, signature: sign(token, signed, parameters) };
}

/**
 * Whether the request's signature holds for one of the URLs, in one of the forms that Twilio signs (see `urlForms`), with
 * one of the tokens, the primary one first. Never throws, whatever the header, the URLs and the body are.
 */
export function checkSignature(
  request: SignedRequest,
  urls: readonly string[],
  tokens: readonly string[],
): SignatureVerdict {
  if (tokens.length === 0) return { state: "none" };
  const signature = request.headers[SIGNATURE_HEADER];
  if (signature === undefined || signature === "") return { state: "missing" };
  const given = Buffer.from(signature, "utf8");
  let verdict: Failure = { state: "unverifiable", reason: "no URL" };
  for (const url of urls) {
    const found = checkUrl(request, url, tokens, given);
    if (found.state === "ok") return found;
    if (weights[found.reason] > weights[verdict.reason]) verdict = found;
  }
  return verdict;
}

/** Of several failures the one that says most is told: a signature that holds for its URL names the right URL. */
const weights = {
  "no URL": 0,
  "no hash": 1,
  "several hashes": 1,
  signature: 2,
  body: 3,
} as const satisfies Record<Failure["reason"], number>;

function checkUrl(request: SignedRequest, url: string, tokens: readonly string[], given: Buffer): Success | Failure {
  const covered = coverageOf(request, url);
  if ("state" in covered) return covered;
  for (const { url: signedUrl, changes } of urlForms(url)) {
    for (const suffix of covered.suffixes) {
      for (const [index, token] of tokens.entries()) {
        if (token === "" || !isSame(given, signText(token, signedUrl + suffix))) continue;
        if (!covered.isBodyIntact) return { state: "bad", reason: "body" };
        return {
          state: "ok",
          url,
          signedUrl,
          changes,
          token: index === 0 ? "primary" : "secondary",
          covers: covered.covers,
        };
      }
    }
  }
  return { state: "bad", reason: "signature" };
}

interface Covered {
  readonly covers: Coverage;
  /** What may stand behind the URL in the signed text. */
  readonly suffixes: readonly string[];
  readonly isBodyIntact: boolean;
}

/**
 * How a signature for the URL covers the body. Where the URL carries a hash the body must fit it, whatever its content
 * type, as in twilio-node: else the signature of a JSON delivery would also hold for an empty form sent to its URL. A form
 * that fits the hash may be signed with its parameters, as is documented for forms, or without, as twilio-node has it;
 * either way the signed URL holds the hash, and that all of the body.
 */
function coverageOf(request: SignedRequest, url: string): Covered | Unverifiable {
  if (isBodiless(request)) return { covers: "url", suffixes: [""], isBodyIntact: true };
  const hashes = bodyHashesIn(url);
  if (hashes.length > 1) return { state: "unverifiable", reason: "several hashes" };
  const [hash] = hashes;
  const parameters = formParameters(request);
  const texts = parameters === undefined ? [] : [signedText(parameters)];
  if (hash !== undefined) {
    return { covers: "hash", suffixes: ["", ...texts], isBodyIntact: hash === hashOf(request.body) };
  }
  if (!isForm(request.headers)) return { state: "unverifiable", reason: "no hash" };
  return { covers: "form", suffixes: texts, isBodyIntact: true };
}

/** A GET has no body that could be forged, so that the URL is all there is to sign. */
export function isBodiless({ method, body }: Pick<SignedRequest, "method" | "body">): boolean {
  return body.length === 0 && /^(?:GET|HEAD)$/i.test(method);
}

/** The values of all query parameters named `bodySHA256`, however the name is spelled; a fragment is no query. */
export function bodyHashesIn(url: string): readonly string[] {
  return new URLSearchParams(splitTarget(url).query.slice(1)).getAll("bodySHA256");
}

/** Whether the pair of a query is named `bodySHA256`. */
export const isHash = (pair: string): boolean => new URLSearchParams(pair).has("bodySHA256");

/** Whether the header's value is the signature, in a time that does not tell how much of it is. */
export function isSame(given: Buffer, signature: string): boolean {
  const expected = Buffer.from(signature, "latin1");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
