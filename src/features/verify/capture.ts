import { type JsonRecord, type PathNode, plainRecord } from "../../input/json-record.ts";
import {
  isObject,
  keptHeaders,
  parseJson,
  toRecordedRequest,
  type WebhookRequest,
} from "../../webhook/webhook-request.ts";
import { looksRaw, rawRequestsIn } from "./raw-request.ts";

/** A request out of a record or a capture. */
export interface CapturedRequest extends Omit<WebhookRequest, "receivedAt"> {
  /** Its body was logged as an object, so that its bytes had to be written again: compactly, as Twilio's are. */
  readonly isRebuilt: boolean;
}

/** A captured request and where it stands: in a record, or in a string of one that was opened on the way. */
export interface Capture {
  readonly request: CapturedRequest;
  readonly document: JsonRecord;
  readonly path: PathNode | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** How deep objects, arrays and strings of JSON are searched, and how many values of one text. */
const MAX_DEPTH = 32;
const MAX_VALUES = 200_000;

/**
 * The requests in a JSON value: lines of our record, and what has headers beside a method, a URL or a body, as API
 * Gateway, HAR, ngrok and loggers write it. Of captured ones only those count that are Twilio's by their header or body.
 */
export function capturesIn(root: JsonRecord): readonly Capture[] {
  const captures: Capture[] = [];
  let values = 0;

  function search(value: unknown, document: JsonRecord, path: PathNode | undefined, depth: number): void {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) return;
    if (typeof value === "string") return searchText(value, document, path, depth);
    if (typeof value !== "object" || value === null) return;
    const isList = Array.isArray(value);
    const request = isList ? undefined : requestOf(value as JsonObject);
    if (request !== undefined) {
      captures.push({ request, document, path });
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const own = { parent: path, key: isList ? Number(key) : key };
      search(inherit(key, inner, value as JsonObject), document, own, depth + 1);
    }
  }

  function searchText(text: string, outer: JsonRecord, path: PathNode | undefined, depth: number): void {
    for (const request of rawIn(text)) captures.push({ request, document: outer, path });
    const value = /^\s*[[{"]/.test(text) ? parseJson(text) : undefined;
    if (value !== undefined) search(value, plainRecord("", undefined, { outer, path }), undefined, depth + 1);
  }

  search(root.value, root, undefined, 0);
  return captures;
}

/** A logger's `req` has the headers, and the body may stand beside it. */
function inherit(key: string, value: unknown, { body }: JsonObject): unknown {
  if (body === undefined || (key !== "req" && key !== "request") || !isObject(value)) return value;
  return value.body === undefined ? { ...value, body } : value;
}

function requestOf(value: JsonObject): CapturedRequest | undefined {
  const record = toRecordedRequest(value);
  if (record !== undefined) {
    const { method, url, headers, length, body } = record;
    const isCut = length !== undefined && length !== body.length;
    return {
      method,
      url,
      headers: isCut ? { ...headers, "content-length": `${length}` } : headers,
      body,
      isRebuilt: false,
    };
  }
  const list = headersOf(value);
  if (list === undefined) return undefined;
  if (typeof value.raw === "string") {
    const [request] = rawIn(value.raw);
    if (request !== undefined && isTwilios(request)) return request;
  }
  const url = urlOf(value);
  const content = bodyOf(value, list);
  const method = textOf(value.method, value.httpMethod, objectOf(objectOf(value.requestContext)?.http)?.method);
  if (url === undefined && method === undefined) return undefined;
  const request = {
    method: method ?? (content.body.length > 0 ? "POST" : "GET"),
    url: url ?? "/",
    headers: keptHeaders(list),
    ...content,
  };
  return isTwilios(request) ? request : undefined;
}

function rawIn(text: string): readonly CapturedRequest[] {
  const isEncoded = text.length >= 24 && /^[\w+/]+={0,2}$/.test(text.slice(0, 1024));
  const bytes = isEncoded ? Buffer.from(text, "base64") : Buffer.from(text);
  if (!looksRaw(bytes)) return [];
  return rawRequestsIn(bytes).map(({ offset: _, ...request }) => ({ ...request, isRebuilt: false }));
}

/** Whether Twilio may have sent it: by the signature, else by what the body speaks of. */
function isTwilios({ headers, body }: Pick<WebhookRequest, "headers" | "body">): boolean {
  return (
    headers["x-twilio-signature"] !== undefined || /com\.twilio\.|\b(?:Call|Account)Sid=/.test(body.toString("latin1"))
  );
}

/** Names and values in turn: of an object, also one with lists of values, of HAR's pairs, or of Node's raw headers. */
function headersOf({ headers, rawHeaders, multiValueHeaders }: JsonObject): readonly string[] | undefined {
  if (Array.isArray(rawHeaders) && rawHeaders.every((each) => typeof each === "string")) return rawHeaders;
  if (Array.isArray(headers)) {
    return headers.flatMap((each) => {
      if (Array.isArray(each) && each.length === 2) return each.map(String);
      return isObject(each) && typeof each.name === "string" ? [each.name, String(each.value ?? "")] : [];
    });
  }
  const lists = isObject(multiValueHeaders) ? multiValueHeaders : headers;
  if (!isObject(lists)) return undefined;
  return pairsOf(lists).flatMap(([name, value]) => (typeof value === "string" ? [name, value] : []));
}

/** The names of an object with their values; a name with a list of values stands once for each. */
const pairsOf = (lists: object): readonly (readonly [string, unknown])[] =>
  Object.entries(lists).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => [name, value] as const),
  );

function urlOf(value: JsonObject): string | undefined {
  const { rawPath, rawQueryString, requestContext } = value;
  if (typeof rawPath === "string") {
    return typeof rawQueryString === "string" && rawQueryString !== "" ? `${rawPath}?${rawQueryString}` : rawPath;
  }
  const url = textOf(value.originalUrl, value.url, value.uri);
  if (url !== undefined) return url;
  // The path of API Gateway's own context has the stage in it, as the URL that is called has.
  const path = textOf(objectOf(requestContext)?.path, value.path);
  const query = objectOf(value.multiValueQueryStringParameters) ?? objectOf(value.queryStringParameters) ?? {};
  const pairs = pairsOf(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return path === undefined || pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function bodyOf(value: JsonObject, headers: readonly string[]): Pick<CapturedRequest, "body" | "isRebuilt"> {
  const post = objectOf(value.postData);
  const content = value.rawBody ?? post?.text ?? value.body ?? post?.params;
  if (content === undefined || content === null) return { body: Buffer.alloc(0), isRebuilt: false };
  if (typeof content === "string") {
    const isEncoded = value.isBase64Encoded === true || post?.encoding === "base64";
    return { body: Buffer.from(content, isEncoded ? "base64" : "utf8"), isRebuilt: false };
  }
  // A Buffer of Node, as JSON.stringify writes it.
  const { type, data } = objectOf(content) ?? {};
  if (type === "Buffer" && Array.isArray(data)) return { body: Buffer.from(data), isRebuilt: false };
  const isForm = headers.some((each) => each.toLowerCase().startsWith("application/x-www-form-urlencoded"));
  return { body: Buffer.from(isForm ? encodeForm(content) : JSON.stringify(content)), isRebuilt: true };
}

/** A form of parsed parameters: an object, with lists of values where a name stands several times, or HAR's pairs. */
function encodeForm(content: object): string {
  const pairs = Array.isArray(content)
    ? content.filter(isObject).map(({ name, value }) => [name, value] as const)
    : pairsOf(content);
  const texts = pairs.map(([name, value]): [string, string] => [String(name), String(value ?? "")]);
  return new URLSearchParams(texts).toString();
}

/** The first that is a text. */
const textOf = (...values: readonly unknown[]): string | undefined => values.find((value) => typeof value === "string");

const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);
