import { isUtf8 } from "node:buffer";

/** An HTTP request as it came, its body untouched. */
export interface WebhookRequest {
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly method: string;
  /** The request target: path and query, as sent. */
  readonly url: string;
  /** By lower-case name; only those that `keptHeaders` keeps. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `none`: nobody checked; `unverifiable`: JSON without exactly one `bodySHA256`, which no signature covers. */
export type SignatureState = "ok" | "bad" | "missing" | "unverifiable" | "none";

/** A request with what was found out about it when it came. */
export interface RecordedRequest extends WebhookRequest {
  readonly signature: SignatureState;
  /** Why it was turned down; absent for what was taken. */
  readonly rejected?: string;
  /** The length of the whole body in bytes, where only its beginning was kept. */
  readonly length?: number;
}

const states: ReadonlySet<unknown> = new Set<SignatureState>(["ok", "bad", "missing", "unverifiable", "none"]);

/** The version of the record's format. */
const VERSION = 1;

/** What a request's headers tell that is worth keeping: never Authorization or Cookie, which hold secrets. */
const kept =
  /^(?:content-(?:type|encoding|length)|host|user-agent|date|x-forwarded-(?:proto|host|for)|[xi]-twilio-.*|x-home-region|ce-.*)$/;

/** The values of each name, in their order. */
export function groupPairs(pairs: Iterable<readonly [string, string]>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = groups.get(name);
    if (values === undefined) groups.set(name, [value]);
    else values.push(value);
  }
  return groups;
}

/** The values of each header by its lower-case name, from Node's list of names and values in turn. */
export function groupHeaders(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([(rawHeaders[index] as string).toLowerCase(), rawHeaders[index + 1] as string]);
  }
  return groupPairs(pairs);
}

/** The headers to be recorded; what is repeated is joined (RFC 9110 section 5.3). */
export function keptHeaders(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const recorded: Record<string, string> = {};
  for (const [name, values] of groupHeaders(rawHeaders)) if (kept.test(name)) recorded[name] = values.join(", ");
  return recorded;
}

/** The request as one line of a record (NDJSON), newline included; the body is base64 unless it is plain UTF-8 text. */
export function toRecordLine(request: RecordedRequest): Buffer {
  const { receivedAt, method, url, headers, signature, rejected, length, body } = request;
  const text = JSON.stringify({
    v: VERSION,
    receivedAt: new Date(receivedAt).toISOString(),
    method,
    url,
    headers,
    sig: signature,
    ...(rejected !== undefined && { rejected }),
    ...(length !== undefined && { length }),
    ...bodyMember(body),
  });
  return Buffer.from(`${text}\n`);
}

/** Control characters take six bytes each in JSON: what is full of them is no text. */
function bodyMember(body: Buffer): { readonly body: string } | { readonly bodyBase64: string } {
  if (isUtf8(body)) {
    const text = body.toString("utf8");
    const isSpare = !/\p{Cc}/u.test(text) || JSON.stringify(text).length <= 2 * body.length;
    if (isSpare) return { body: text };
  }
  return { bodyBase64: body.toString("base64") };
}

/** The request that a parsed line of a record holds, the body byte for byte as it came; undefined for any other value. */
export function toRecordedRequest(value: unknown): RecordedRequest | undefined {
  if (!isObject(value) || value.v !== VERSION) return undefined;
  const { receivedAt, method, url, headers, sig, rejected, length, body, bodyBase64 } = value;
  if (typeof receivedAt !== "string" || typeof method !== "string" || typeof url !== "string") return undefined;
  const time = Date.parse(receivedAt);
  if (Number.isNaN(time) || !isObject(headers) || !states.has(sig)) return undefined;
  const bytes =
    typeof body === "string"
      ? Buffer.from(body)
      : typeof bodyBase64 === "string"
        ? Buffer.from(bodyBase64, "base64")
        : undefined;
  if (bytes === undefined) return undefined;
  return {
    receivedAt: time,
    method,
    url,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    signature: sig as SignatureState,
    ...(typeof rejected === "string" && { rejected }),
    ...(typeof length === "number" && { length }),
    body: bytes,
  };
}

/** The media type of a request's body without its parameters, in lower case; undefined where none is given. */
export function mediaTypeOf(headers: Readonly<Record<string, string>>): string | undefined {
  return headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
}

/** Whether the body is a form, as classic webhooks send it, rather than JSON. */
export const isForm = (headers: Readonly<Record<string, string>>): boolean =>
  mediaTypeOf(headers) === "application/x-www-form-urlencoded";

/**
 * The ids by which a second delivery of the request's events is known: those of its CloudEvents, else the token that
 * Twilio keeps over the retries of a classic webhook. Empty where the request names none.
 */
export function deliveryIds({ headers, body }: WebhookRequest): readonly string[] {
  const binary = headers["ce-id"];
  if (binary !== undefined) return [binary];
  const token = headers["i-twilio-idempotency-token"];
  const fallback = token === undefined ? [] : [token];
  if (isForm(headers)) return fallback;
  const value = parseJson(body.toString("utf8"));
  if (value === undefined) return fallback;
  const events = Array.isArray(value) ? value : [value];
  const ids: string[] = [];
  for (const event of events) {
    // One that has no id can never be told from a new one, so the request is new.
    if (!isObject(event) || typeof event.id !== "string" || event.specversion === undefined) return fallback;
    ids.push(event.id);
  }
  return ids.length > 0 ? ids : fallback;
}

/** The SIDs of the calls that a request's body speaks of: what concerns one call is delivered in the order it came. */
export function callSidsIn(body: Buffer | undefined): ReadonlySet<string> {
  return new Set(body?.toString("latin1").match(/\bCA[0-9a-zA-Z]{30,34}\b/g) ?? []);
}

/** Whether it is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a JSON text; undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
