import { isUtf8 } from "node:buffer";
import { groupPairs, isForm, type WebhookRequest } from "./webhook-request.ts";

/** The parameters of a form by name, decoded; a name that stands several times has several values, in their order. */
export type FormParameters = ReadonlyMap<string, readonly string[]>;

/** A parameter as it stands in a form, decoded. */
export type FormPair = readonly [name: string, value: string];

/**
 * The parameters of a form-encoded body (WHATWG URL, section 5.1). Undefined where its bytes are not UTF-8, as Twilio
 * sends it: read with replacement characters, two bodies would have one signature.
 */
export function readForm(body: Buffer): FormParameters | undefined {
  const pairs = isUtf8(body) ? readPairs(body.toString("utf8"), decodePart) : undefined;
  return pairs && groupPairs(pairs);
}

/** The parameters of a request whose body is a form. */
export function formParameters({
  headers,
  body,
}: Pick<WebhookRequest, "headers" | "body">): FormParameters | undefined {
  return isForm(headers) ? readForm(body) : undefined;
}

/** The pairs of a form in their order, decoded by the function; undefined where it cannot decode one. */
export function readPairs(text: string, decode: (part: string) => string | undefined): readonly FormPair[] | undefined {
  const pairs: FormPair[] = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? "" : decode(part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

/** A name or value as browsers and Twilio encode it: `+` is a blank, `%` and two digits a byte. Undefined if not UTF-8. */
export function decodePart(part: string): string | undefined {
  const spaced = part.includes("+") ? part.replaceAll("+", " ") : part;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A `%` without two digits behind it stands for itself, which decodeURIComponent refuses.
    const bytes = percentBytes(spaced);
    return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
  }
}

/** The bytes that a percent-encoded text stands for. */
export function percentBytes(text: string): Buffer {
  const latin1 = Buffer.from(text, "utf8").toString("latin1");
  const decoded = latin1.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1");
}
