import type { FieldKind } from "../../redact/fields.ts";
import type { Redactor } from "../../redact/redactor.ts";

/** A request as it is recorded; see its namesake of the webhooks. */
interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rejected?: string;
  readonly length?: number;
  readonly body: Buffer;
}

/** Headers that tell nobody, by what they hold. All others go: some hold people, some are no longer true. */
const kept: ReadonlyMap<string, FieldKind | "host"> = new Map([
  ["content-type", "media"],
  ["host", "host"],
  ["x-forwarded-host", "host"],
  ["x-forwarded-proto", "plain"],
  ["x-home-region", "plain"],
  ["date", "time"],
  ["i-twilio-idempotency-token", "id"],
  ["ce-id", "id"],
  ["ce-type", "type"],
  ["ce-time", "time"],
  ["ce-specversion", "version"],
  ["ce-dataschema", "url"],
]);

/**
 * The request without the people in it. X-Twilio-Signature and Content-Length hold for another body, so they are gone;
 * a body that is neither JSON nor a form is replaced.
 */
export function redactRecord<Request extends Recorded>(request: Request, redactor: Redactor): Request {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const kind = kept.get(name);
    if (kind === "host") headers[name] = redactor.host(value);
    else if (kind !== undefined) headers[name] = redactor.byKind(value, kind);
  }
  const { rejected } = request;
  return {
    ...request,
    method: redactor.byKind(request.method, "plain"),
    url: redactor.byKind(request.url, "url"),
    headers,
    ...(rejected !== undefined && { rejected: redactor.prose(rejected) }),
    body: redactBody(request.body, redactor),
  };
}

function redactBody(body: Buffer, redactor: Redactor): Buffer {
  if (body.length === 0) return body;
  const text = body.toString("utf8");
  const edited = Buffer.from(text).equals(body) ? redactor.document(text) : undefined;
  return Buffer.from(edited ?? `[unparsed ${body.length} bytes]`);
}
