import { groupHeaders } from "./webhook-request.ts";

/** Who and what may come in. */
export interface GuardOptions {
  /** The names, in lower case, that the Host header may have; ports are not compared, as tunnels change them. */
  readonly hosts: ReadonlySet<string>;
  /** The only path that is served; `/` serves every path. */
  readonly path: string;
  readonly methods: ReadonlySet<string>;
  /** Bytes. */
  readonly maxBody: number;
}

/** The status a request is refused with, and why, in words for the one who runs the listener. */
export interface Rejection {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415 | 421;
  readonly reason: string;
}

/** The start line and the headers of a request, names and values in turn as Node lists them. */
export interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

/** What webhooks send. A browser sends `text/plain` and forms across sites unasked, so the list is closed. */
const mediaTypes: ReadonlySet<string> = new Set([
  "application/json",
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
  "application/x-www-form-urlencoded",
]);

/**
 * Why a request may not come in, by its head alone; undefined when it may. It keeps out web pages that reach a local port,
 * by a post across sites (they cannot leave off Origin or Sec-Fetch-Site) or by a name that resolves to this machine
 * (DNS rebinding), and what Twilio never sends.
 */
export function findRejection({ method, url, rawHeaders }: RequestHead, options: GuardOptions): Rejection | undefined {
  const headers = groupHeaders(rawHeaders);
  return (
    checkHost(headers.get("host"), options.hosts) ??
    checkBrowser(headers) ??
    checkPath(url, options.path) ??
    checkMethod(method, options.methods) ??
    checkBody(method, headers, options.maxBody)
  );
}

function checkHost(values: readonly string[] = [], hosts: ReadonlySet<string>): Rejection | undefined {
  const [host = ""] = values;
  if (values.length !== 1) return { status: 400, reason: `${values.length} Host headers instead of one` };
  const name = hostName(host);
  if (name !== undefined && hosts.has(name)) return undefined;
  return {
    status: 421,
    reason: `the Host is ${host}; if that is your tunnel or proxy, allow it with --public-url or --allow-host`,
  };
}

/** The name or address in a Host header, in lower case and without its port; undefined where it is neither. */
export function hostName(host: string): string | undefined {
  return /^(\[[\da-f:.]+\]|[a-z\d._-]+)(?::\d{1,5})?$/.exec(host.toLowerCase())?.[1];
}

type Headers = ReadonlyMap<string, readonly string[]>;

function checkBrowser(headers: Headers): Rejection | undefined {
  const name = ["origin", "sec-fetch-site"].find((each) => headers.has(each));
  if (name === undefined) return undefined;
  const value = headers.get(name)?.[0] as string;
  return { status: 403, reason: `a web page sent it (${name}: ${value})` };
}

function checkPath(url: string, path: string): Rejection | undefined {
  if (!url.startsWith("/")) return { status: 400, reason: "its target is no path" };
  if (path === "/" || url.split("?", 1)[0] === path) return undefined;
  return { status: 404, reason: `only ${path} is served here` };
}

function checkMethod(method: string, methods: ReadonlySet<string>): Rejection | undefined {
  if (methods.has(method)) return undefined;
  const hint = method === "GET" ? "; --get takes GET too" : "";
  return { status: 405, reason: `${method} is not taken${hint}` };
}

function checkBody(method: string, headers: Headers, maxBody: number): Rejection | undefined {
  const length = Number(headers.get("content-length")?.[0] ?? 0);
  const encoding = headers.get("content-encoding")?.[0]?.trim().toLowerCase() ?? "identity";
  const transfer = headers.get("transfer-encoding")?.join(",").trim().toLowerCase() ?? "chunked";
  if (transfer !== "chunked") return { status: 400, reason: `its Transfer-Encoding is ${transfer}` };
  if (encoding !== "identity") return { status: 415, reason: `its Content-Encoding is ${encoding}` };
  if (length > maxBody) return { status: 413, reason: tooLarge(length, maxBody) };
  if (method === "GET") return undefined;
  const type = headers.get("content-type")?.[0]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== undefined && mediaTypes.has(type)) return undefined;
  const isCloudEvent = headers.has("ce-specversion") && type?.endsWith("/json") === true;
  if (isCloudEvent) return undefined;
  return { status: 415, reason: type === undefined ? "it has no Content-Type" : `its Content-Type is ${type}` };
}

/** What is said of a body that is larger than allowed, both in bytes. */
export const tooLarge = (length: number, maxBody: number): string =>
  `its body is ${length} bytes or more, and ${maxBody} are allowed (--max-body)`;
