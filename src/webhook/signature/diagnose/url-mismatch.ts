import { parse, stringify } from "node:querystring";
import type { SignatureChange } from "../rules.ts";
import { isBodiless, isHash, type SignedRequest, signedUrlFor } from "../signature.ts";
import { defaultPort, joinUrl, splitTarget, splitUrl, type UrlParts, withoutFragment } from "../url-forms.ts";

/** Another URL that the signature may have been made for, and what makes it differ from the one that was given. */
export interface UrlMismatch {
  readonly url: string;
  readonly changes: readonly SignatureChange[];
}

/** A request as the doctor sees it. */
export interface DiagnosedRequest extends SignedRequest {
  /** The request target, where it is known. */
  readonly url?: string;
}

/** A change of one part of a URL. Two of one axis exclude each other. */
interface PartFault {
  readonly axis: "scheme" | "host" | "port" | "path" | "query" | "credentials" | "fragment";
  readonly parts: Partial<UrlParts>;
  readonly change: SignatureChange;
}

/**
 * The URLs near the given one that differ from it in so many parts: what proxies and frameworks make of a URL, and people
 * of one that they copy. Hosts come from the request's own headers; none is guessed.
 */
export function* findUrlMismatches(given: string, request: DiagnosedRequest, count: 1 | 2 | 3): Generator<UrlMismatch> {
  const whole = withoutFragment(given);
  const bases = [given, ...(URL.canParse(whole) ? [new URL(whole).href] : [])].map(splitUrl);
  const seen = new Set<string>([whole]);
  for (const base of bases) {
    if (base === undefined) continue;
    const bare = { ...base, fragment: "" };
    for (const faults of choices([...partFaults(bare, request), ...fragmentFaults(base)], count)) {
      const url = joinUrl(Object.assign({}, bare, ...faults.map(({ parts }) => parts)));
      if (seen.has(url)) continue;
      seen.add(url);
      yield { url, changes: faults.map(({ change }) => change) };
    }
  }
}

/** Every choice of so many faults, no two of one axis, in their order. */
function* choices(faults: readonly PartFault[], count: number): Generator<readonly PartFault[]> {
  if (count === 0) return yield [];
  for (const [index, first] of faults.entries()) {
    const others = faults.slice(index + 1).filter(({ axis }) => axis !== first.axis);
    for (const rest of choices(others, count - 1)) yield [first, ...rest];
  }
}

function* partFaults(base: UrlParts, request: DiagnosedRequest): Generator<PartFault> {
  const { scheme, credentials, port } = base;
  const other = { https: "http", http: "https", wss: "ws", ws: "wss" }[scheme.toLowerCase()];
  if (other !== undefined) {
    const change = other === "https" || other === "wss" ? "scheme-https" : "scheme-http";
    yield { axis: "scheme", parts: { scheme: other }, change: { change } };
  }
  yield* hostFaults(base, request);
  for (const number of new Set([":443", ":80", defaultPort(scheme), ...portsOf(request)])) {
    if (number === port || number === "") continue;
    yield { axis: "port", parts: { port: number }, change: { change: "port-added", detail: number.slice(1) } };
  }
  if (port !== "") {
    yield { axis: "port", parts: { port: "" }, change: { change: "port-removed", detail: port.slice(1) } };
  }
  yield* pathFaults(base, request);
  yield* queryFaults(base, request);
  if (credentials !== "") {
    yield { axis: "credentials", parts: { credentials: "" }, change: { change: "credentials-dropped" } };
  }
}

function fragmentFaults({ fragment }: UrlParts): readonly PartFault[] {
  return fragment === "" ? [] : [{ axis: "fragment", parts: { fragment }, change: { change: "fragment" } }];
}

const hostHeaders = { host: "host", "x-forwarded-host": "forwarded-host" } as const satisfies Record<
  string,
  SignatureChange["change"]
>;

function* hostFaults(base: UrlParts, { headers }: DiagnosedRequest): Generator<PartFault> {
  for (const [name, change] of Object.entries(hostHeaders)) {
    for (const detail of (headers[name] ?? "").split(",", 4).map((each) => each.trim())) {
      const named = splitUrl(`any://${detail}`);
      if (named === undefined || named.host === "" || named.host === base.host) continue;
      yield { axis: "host", parts: { host: named.host, port: named.port }, change: { change, detail } };
    }
  }
}

function portsOf({ headers }: DiagnosedRequest): readonly string[] {
  const hosts = [headers.host, headers["x-forwarded-host"]];
  return hosts.flatMap((host) => splitUrl(`any://${host ?? ""}`)?.port ?? []);
}

function* pathFaults({ path }: UrlParts, { url }: DiagnosedRequest): Generator<PartFault> {
  const bare = path.replace(/\/$/, "");
  if (bare !== path) yield { axis: "path", parts: { path: bare }, change: { change: "slash-removed" } };
  else yield { axis: "path", parts: { path: `${path}/` }, change: { change: "slash-added" } };
  const arrived = url === undefined ? path : (splitUrl(url) ?? splitTarget(url)).path;
  const spelled = [
    ["path", arrived],
    ["path-encoded", attempt(() => encodeURI(path))],
    ["path-encoded", attempt(() => path.split("/").map(encodeURIComponent).join("/"))],
    ["path-decoded", attempt(() => decodeURIComponent(path))],
  ] as const satisfies readonly (readonly [SignatureChange["change"], string | undefined])[];
  for (const [change, text] of spelled) {
    if (text !== undefined && text !== path) yield { axis: "path", parts: { path: text }, change: { change } };
  }
}

function* queryFaults(base: UrlParts, request: DiagnosedRequest): Generator<PartFault> {
  const fault = (change: SignatureChange["change"], query: string): PartFault => ({
    axis: "query",
    parts: { query },
    change: { change },
  });
  const { query } = base;
  const arrived = request.url === undefined ? query : (splitUrl(request.url) ?? splitTarget(request.url)).query;
  if (arrived !== query) {
    yield fault(query === "" ? "query-restored" : arrived === "" ? "query-dropped" : "query-arrived", arrived);
  }
  if (!isBodiless(request)) {
    const hashed = (splitUrl(signedUrlFor(joinUrl(base), request.body)) as UrlParts).query;
    if (!query.split(/[?&]/).some(isHash)) yield fault("query-restored", hashed);
  }
  if (query === "") return;
  yield fault("query-dropped", "");
  const pairs = query.slice(1).split("&");
  const others = pairs.filter((pair) => !isHash(pair));
  if (others.length > 0 && others.length < pairs.length) yield fault("hash-dropped", `?${others.join("&")}`);
  const parsed = parse(query.slice(1), undefined, undefined, { maxKeys: 0 });
  const spelled = [
    ["query-encoded", `?${stringify(parsed)}`],
    ["query-encoded", `?${new URLSearchParams(query.slice(1))}`],
    ["query-encoded", attempt(() => encodeURI(query))],
    ["query-decoded", attempt(() => decodeURIComponent(query))],
    ["query-decoded", attempt(() => decodeURIComponent(query.replaceAll("+", " ")))],
    ["query-sorted", `?${[...pairs].sort().join("&")}`],
  ] as const satisfies readonly (readonly [SignatureChange["change"], string | undefined])[];
  for (const [change, text] of spelled) if (text !== undefined && text !== query) yield fault(change, text);
}

/** What the function returns; undefined where the text has a broken escape or half a surrogate pair. */
function attempt(respell: () => string): string | undefined {
  try {
    return respell();
  } catch {
    return undefined;
  }
}
