import { parse } from "./parse-json.ts";

/** The context attributes of CloudEvents 1.0 that have a header of their own in binary mode. */
const attributes = ["specversion", "type", "source", "id", "time", "subject", "dataschema"] as const;

/**
 * The CloudEvent that a recorded HTTP request carries in binary mode: its attributes in `ce-` headers, its data as the
 * body (CloudEvents HTTP Protocol Binding 1.0.2 section 3.1). Undefined where the object is no such request.
 */
export function binaryEvent(value: Record<string, unknown>): Record<string, unknown> | undefined {
  const headers = namesLowered(value.headers);
  if (headers === undefined || headers.get("ce-specversion") === undefined) return undefined;
  const event: Record<string, unknown> = {};
  for (const name of attributes) {
    const text = headers.get(`ce-${name}`);
    if (text !== undefined) event[name] = decoded(text);
  }
  const contentType = headers.get("content-type");
  if (contentType !== undefined) event.datacontenttype = contentType;
  const body = bodyOf(value);
  if (body !== undefined && body !== "") event.data = parse(body) ?? body;
  return event;
}

function namesLowered(headers: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return undefined;
  const lowered = new Map<string, string>();
  for (const [name, text] of Object.entries(headers)) {
    if (typeof text === "string") lowered.set(name.toLowerCase(), text);
  }
  return lowered;
}

function bodyOf({ body, bodyBase64, isBase64Encoded }: Record<string, unknown>): string | undefined {
  if (typeof bodyBase64 === "string") return Buffer.from(bodyBase64, "base64").toString("utf8");
  if (typeof body !== "string") return undefined;
  return isBase64Encoded === true ? Buffer.from(body, "base64").toString("utf8") : body;
}

/** Headers hold ASCII: other characters come percent-encoded (section 3.1.3.2). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
