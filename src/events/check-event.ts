import type { Finding } from "../findings/finding.ts";
import type { Catalog } from "./catalog.ts";
import { checkEnvelope } from "./check-envelope.ts";
import { checkResponse } from "./check-response.ts";
import { checkData, checkStructure } from "./check-schema.ts";
import { checkSids } from "./check-sids.ts";
import { checkTimes } from "./check-times.ts";
import { checkType } from "./check-type.ts";
import type { TwilioEvent } from "./event.ts";
import type { Schemas } from "./schemas/bundled.ts";

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
