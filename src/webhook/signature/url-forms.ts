import { parse, stringify } from "node:querystring";

/** What was done to a URL to get the form of it that Twilio signed. */
export type UrlChange =
  | "port removed"
  | "port added"
  | "credentials dropped"
  | "normalized"
  | "query re-encoded"
  | "slash appended";

/** A form of a URL, and what makes it differ from the URL as it was given; nothing where it does not. */
export interface UrlForm {
  readonly url: string;
  readonly changes: readonly UrlChange[];
}

/** A URL cut at its borders, so that joined again it is the same to the character. */
export interface UrlParts {
  readonly scheme: string;
  /** With its `@`, or empty. */
  readonly credentials: string;
  readonly host: string;
  /** With its `:`, or empty. */
  readonly port: string;
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
  /** With its `#`, or empty. */
  readonly fragment: string;
}

const borders =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]/?#@]*\]|[^/?#:@]*)(:\d*)?(?![^/?#])([^?#]*)(\?[^#]*)?(#.*)?$/is;

/** The URL in its parts; undefined for what is no URL with a host. */
export function splitUrl(url: string): UrlParts | undefined {
  const match = borders.exec(url);
  if (match === null) return undefined;
  const [, scheme = "", user, host = "", port = "", path = "", query = "", fragment = ""] = match;
  return { scheme, credentials: user === undefined ? "" : `${user}@`, host, port, path, query, fragment };
}

/** The URL of the parts. */
export function joinUrl({ scheme, credentials, host, port, path, query, fragment }: UrlParts): string {
  return `${scheme}://${credentials}${host}${port}${path}${query}${fragment}`;
}

/** The port that the scheme has by default, with its `:`; empty for a scheme that Twilio does not call. */
export function defaultPort(scheme: string): string {
  const name = scheme.toLowerCase();
  if (name === "https" || name === "wss") return ":443";
  return name === "http" || name === "ws" ? ":80" : "";
}

/** The URL without its fragment, which is sent nowhere. */
export const withoutFragment = (url: string): string => url.replace(/#.*/s, "");

/**
 * The forms of a URL that a signature may hold for, the likeliest first. All name the scheme, host, path and query that
 * were given, so that each is as good a proof as the URL itself:
 * - with the port, without it and with the default one: Twilio drops it for voice over HTTPS, and its own helper tries all
 *   (twilio.com/docs/usage/security; twilio-node, src/webhooks/webhooks.ts);
 * - with the credentials and without, which Twilio drops by the same page, while its helper keeps them;
 * - as given, as the URL standard writes it, and with the query as Node's `querystring` writes it, as in twilio-node;
 * - for WebSocket handshakes with a slash at the end, by the same page.
 * A fragment holds connection overrides and is never signed. What else differs (scheme, host, a slash) is another URL:
 * the doctor tries it to explain a mismatch, but it never verifies.
 */
export function* urlForms(given: string): Generator<UrlForm> {
  const raw = withoutFragment(given);
  yield { url: raw, changes: [] };
  const seen = new Set([raw]);
  for (const { url, changes } of spellings(raw)) {
    for (const form of variants(url, changes)) {
      if (seen.has(form.url)) continue;
      seen.add(form.url);
      yield form;
    }
  }
}

function* spellings(raw: string): Generator<UrlForm> {
  yield { url: raw, changes: [] };
  const parsed = URL.canParse(raw) ? new URL(raw) : undefined;
  if (parsed === undefined) return;
  yield { url: parsed.href, changes: ["normalized"] };
  if (parsed.search === "") return;
  // No limit on the keys: what is beyond one would be left out of what is signed.
  const query = stringify(parse(parsed.search.slice(1), undefined, undefined, { maxKeys: 0 }));
  parsed.search = "";
  yield { url: `${parsed.href}?${query}`, changes: ["query re-encoded"] };
}

function* variants(url: string, changes: readonly UrlChange[]): Generator<UrlForm> {
  const parts = splitUrl(url);
  if (parts === undefined) return yield { url, changes };
  const { scheme, credentials, port } = parts;
  const otherPort = port === "" ? defaultPort(scheme) : "";
  const isSocket = /^wss?$/i.test(scheme);
  for (const isUserKept of credentials === "" ? [true] : [false, true]) {
    for (const isPortKept of [true, false]) {
      const form = joinUrl({
        ...parts,
        credentials: isUserKept ? credentials : "",
        port: isPortKept ? port : otherPort,
      });
      const made = [...changes];
      if (!isUserKept) made.push("credentials dropped");
      if (!isPortKept) made.push(port === "" ? "port added" : "port removed");
      yield { url: form, changes: made };
      if (isSocket) yield { url: `${form}/`, changes: [...made, "slash appended"] };
    }
  }
}

/**
 * The URLs that a request to the target may have been signed for: by the public URL that Twilio calls where it is known,
 * else by what the request itself tells.
 */
export function candidateUrls(
  publicUrl: string | undefined,
  target: string,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  return publicUrl === undefined ? assumedUrls(target, headers) : heldUrls(publicUrl, target);
}

/**
 * The public URL with the query that arrived (twilio.com/docs/events/webhook-quickstart), and where it has no path, with
 * the path as well.
 */
function heldUrls(publicUrl: string, target: string): readonly string[] {
  const parts = splitUrl(publicUrl);
  const arrived = splitUrl(target) ?? splitTarget(target);
  if (parts === undefined) return [publicUrl];
  const query = arrived.query || parts.query;
  const held = joinUrl({ ...parts, query });
  if (parts.path !== "" && parts.path !== "/") return [held];
  return [...new Set([held, joinUrl({ ...parts, path: arrived.path, query })])];
}

/** A request target or URL up to its query, and the query with the `?`; without the fragment. */
export function splitTarget(target: string): Pick<UrlParts, "path" | "query"> {
  const whole = withoutFragment(target);
  const mark = whole.indexOf("?");
  return mark === -1 ? { path: whole, query: "" } : { path: whole.slice(0, mark), query: whole.slice(mark) };
}

const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i;

/**
 * The URLs that a request itself tells: an absolute target, else its target on the host that a proxy or it names. Without
 * a word on the scheme both are told, https first, which is what Twilio calls but on this machine. Empty without a host.
 */
function assumedUrls(target: string, headers: Readonly<Record<string, string>>): readonly string[] {
  if (splitUrl(target) !== undefined) return [target];
  const host = firstOf(headers["x-forwarded-host"]) ?? firstOf(headers.host);
  if (host === undefined) return [];
  const proto = firstOf(headers["x-forwarded-proto"])?.toLowerCase();
  if (proto !== undefined && /^(?:https?|wss?)$/.test(proto)) return [`${proto}://${host}${target}`];
  const schemes = isLocal.test(host) ? ["http", "https"] : ["https", "http"];
  return schemes.map((scheme) => `${scheme}://${host}${target}`);
}

/** Each proxy on the way adds its own behind the others: the first is what the client said. */
function firstOf(list: string | undefined): string | undefined {
  const first = list?.split(",", 1)[0]?.trim();
  return first === "" ? undefined : first;
}
