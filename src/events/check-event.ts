import { describeValue, excerpt, type Finding, placeOfValue } from "../findings/finding.ts";
import { memoize } from "../input/memoize.ts";
import type { Catalog } from "./catalog.ts";
import { checkData, checkStructure } from "./check-schema.ts";
import { checkSids } from "./check-sids.ts";
import { checkTimes } from "./check-times.ts";
import type { TwilioEvent } from "./event.ts";
import { parseRfc3339 } from "./event-time.ts";
import { eventFinding } from "./rules.ts";
import type { Schemas } from "./schemas/bundled.ts";
import type { SchemaError } from "./schemas/validators.js";

/** What an event is judged against. */
export interface CheckContext {
  readonly catalog: Catalog;
  readonly schemas: Schemas;
  /** A response slower than this is reported. */
  readonly slowMs: number;
}

const none: readonly Finding[] = Object.freeze([]);

/**
 * Judges one event but for its response body. Reports envelope, envelope-content-type, schema, schema-unknown, type-*,
 * sid-format, time-format, time-skew, response-failed and response-slow, each at its JSON Pointer. A clean event shares
 * one empty array with all others.
 */
export function checkEvent(event: TwilioEvent, context: CheckContext): readonly Finding[] {
  const findings: Finding[] = [];
  if (event.kind === "event") {
    checkEnvelope(event, context.schemas, findings);
    checkType(event, context.catalog, findings);
    checkData(event, context, findings);
  } else {
    checkStructure(event, context.schemas, findings);
  }
  checkSids(event, findings);
  checkTimes(event, findings);
  checkResponse(event, context.slowMs, findings);
  return findings.length === 0 ? none : findings;
}

/** Attributes that another rule speaks of. */
const elsewhere: ReadonlySet<string> = new Set(["datacontenttype", "dataschema", "time"]);

/** RFC 9110, section 8.3.1: type "/" subtype, then parameters. */
const mediaType = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+\s*(?:;|$)/;
const isMediaType = memoize((text) => mediaType.test(text));

/** Reports envelope and envelope-content-type: the attributes of CloudEvents 1.0, section 3.1. */
function checkEnvelope(event: TwilioEvent, schemas: Schemas, findings: Finding[]): void {
  const validate = schemas.get("CloudEvents/1.0")?.validate;
  if (validate !== undefined && !validate(event.value)) reportAttributes(event, validate.errors ?? [], findings);
  const contentType = event.value.datacontenttype;
  if (contentType !== undefined && contentType !== null) checkContentType(contentType, findings);
}

/** One finding an attribute: an ill-typed one breaks several keywords at once. */
function reportAttributes(event: TwilioEvent, errors: readonly SchemaError[], findings: Finding[]): void {
  const reported = new Set(elsewhere);
  for (const { keyword, params, instancePath } of errors) {
    const missing = keyword === "required";
    const attribute = missing ? String(params.missingProperty) : instancePath.slice(1);
    if (reported.has(attribute)) continue;
    reported.add(attribute);
    if (missing) {
      findings.push(eventFinding("envelope", { fault: "missing", attribute }, { pointer: "" }));
    } else {
      const found = event.value[attribute];
      const expected = attribute === "specversion" ? 'the string "1.0"' : "a string that is not empty";
      const data = { fault: "value", attribute, expected, found: describeValue(found) } as const;
      findings.push(eventFinding("envelope", data, placeOfValue(instancePath, found)));
    }
  }
}

function checkContentType(contentType: unknown, findings: Finding[]): void {
  const isText = typeof contentType === "string";
  if (isText && (contentType === "application/json" || isMediaType(contentType))) return;
  const isTime = isText && parseRfc3339(contentType) !== undefined;
  const data = { found: isTime ? excerpt(contentType) : describeValue(contentType), isTime };
  findings.push(eventFinding("envelope-content-type", data, placeOfValue("/datacontenttype", contentType)));
}

/** Reports type-unknown, type-deprecated, type-restricted and type-discontinued; a missing type is the envelope's fault. */
function checkType(event: TwilioEvent, catalog: Catalog, findings: Finding[]): void {
  const { type } = event;
  if (type === undefined || type === "") return;
  const entry = catalog.types.get(type);
  if (entry === undefined) {
    findings.push(eventFinding("type-unknown", { type, nearest: catalog.suggest(type) }, placeOfValue("/type", type)));
  } else if (entry.status !== "available") {
    findings.push(
      eventFinding(`type-${entry.status}`, { type, replacement: entry.replacement }, placeOfValue("/type", type)),
    );
  }
}

/**
 * Reports response-failed (400 and above) and response-slow, from what Twilio recorded of the answer. Where the request
 * went to Twilio's own API the answer is Twilio's, and its speed is not the customer's to mend.
 */
function checkResponse(event: TwilioEvent, slowMs: number, findings: Finding[]): void {
  const { response } = event;
  if (response === undefined) return;
  const { code, durationMs } = response;
  if (code !== undefined && code >= 400) {
    const by = isApiRequest(event) ? "twilio" : "server";
    findings.push(
      eventFinding("response-failed", { code, by }, { pointer: pointerTo(event, "code"), value: String(code) }),
    );
  }
  if (durationMs !== undefined && durationMs > slowMs && !isApiRequest(event)) {
    const place = { pointer: pointerTo(event, "duration"), value: String(durationMs) };
    findings.push(eventFinding("response-slow", { durationMs, slowMs }, place));
  }
}

function isApiRequest({ type, request }: TwilioEvent): boolean {
  return (
    type?.startsWith("com.twilio.voice.api-request.") || request?.url?.startsWith("https://api.twilio.com/") || false
  );
}

function pointerTo({ kind }: TwilioEvent, field: "code" | "duration"): string {
  if (kind === "event") return field === "code" ? "/data/response/responseCode" : "/data/response/requestDuration";
  return field === "code" ? "/response/response_code" : "/response/request_duration";
}
