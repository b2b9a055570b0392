import { SIGNATURE_HEADER, signRequest } from "./signature/signature.ts";
import type { Target } from "./target.ts";
import type { WebhookRequest } from "./webhook-request.ts";

/** A request to be sent. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  /** What follows the `?` beside the target's own query; empty for nothing. */
  readonly query: string;
  /** Path and query, in the place of the target's and this request's. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Headers about one connection (RFC 9110 section 7.6.1), and those that each connection makes anew. */
const ofConnection: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
]);

const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The request to be sent again: its body, query and headers, but for those of the connection that it came over. A record
 * may have been edited, so a header that HTTP cannot carry is left out.
 */
export function toOutgoingRequest({ method, url, headers, body }: WebhookRequest): OutgoingRequest {
  const kept = Object.entries(headers).filter(
    ([name, value]) => !ofConnection.has(name) && headerName.test(name) && headerValue.test(value),
  );
  return {
    // A webhook is called with these two alone: twilio.com/docs/events/webhook-quickstart.
    method: method === "GET" ? "GET" : "POST",
    query: sendable(/^[^?#]*\?([^#]*)/.exec(url)?.[1] ?? ""),
    headers: Object.fromEntries(kept),
    body,
  };
}

/**
 * The request as a proxy hands it on: its signature is for the URL that Twilio called, so the receiver is told the scheme
 * and host of that, by the public URL where it is known and else by what the request says of itself.
 */
export function toForwardedRequest(request: WebhookRequest, publicUrl: URL | undefined): OutgoingRequest {
  const outgoing = toOutgoingRequest(request);
  const proto = publicUrl?.protocol.slice(0, -1) ?? outgoing.headers["x-forwarded-proto"];
  const host = publicUrl?.host ?? outgoing.headers["x-forwarded-host"] ?? request.headers.host;
  return {
    ...outgoing,
    headers: {
      ...outgoing.headers,
      ...(proto !== undefined && { "x-forwarded-proto": proto }),
      ...(host !== undefined && headerValue.test(host) && { "x-forwarded-host": host }),
    },
  };
}

/**
 * The request as if it came anew: signed for its URL at the target where a token is known, else without a signature, since
 * the one that it came with is for another URL.
 */
export function toReplayedRequest(request: WebhookRequest, target: Target, token: string | undefined): OutgoingRequest {
  const outgoing = toOutgoingRequest(request);
  const { [SIGNATURE_HEADER]: _signature, ...unsigned } = outgoing.headers;
  if (token === undefined) return { ...outgoing, headers: unsigned };
  const { url, signature } = signRequest(token, urlOf(target, outgoing), outgoing);
  // What a proxy told of the URL that was called then would contradict the signature.
  const { "x-forwarded-proto": _proto, "x-forwarded-host": _host, ...headers } = unsigned;
  return {
    ...outgoing,
    path: url.slice(target.url.origin.length),
    headers: { ...headers, [SIGNATURE_HEADER]: signature },
  };
}

/** Path and query of the request at the target. */
export function pathOf({ url }: Target, { path: own, query }: Pick<OutgoingRequest, "path" | "query">): string {
  if (own !== undefined) return own;
  const path = url.pathname + url.search;
  if (query === "") return path;
  return `${path}${url.search === "" ? "?" : "&"}${query}`;
}

/** The whole URL of the request at the target, which its receiver sees. */
const urlOf = (target: Target, outgoing: OutgoingRequest): string => target.url.origin + pathOf(target, outgoing);

/** What a request line cannot hold is percent-encoded. */
function sendable(query: string): string {
  return query.replace(/[^!-~]/gu, (char) =>
    Array.from(Buffer.from(char), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}
