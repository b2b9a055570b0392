import { createCatalog, type EventType } from "./events/catalog.ts";
import { checkEvent } from "./events/check.ts";
import type { TwilioEvent } from "./events/event.ts";
import { remember } from "./events/remember.ts";
import { bundledSchemas, type Schemas } from "./events/schemas/index.ts";
import { type Finding, finding } from "./rules.ts";
import { decodeBase64 } from "./twiml/body.ts";

export interface JudgeOptions {
  /** A response slower than this is reported; 5000 unless told. */
  readonly slowMs?: number;
  /** From `loadSchemas`; the bundled ones unless told. */
  readonly schemas?: Schemas;
  /** From `parseTypes`; they refresh the built-in catalogue. */
  readonly types?: readonly EventType[];
}

/** Bodies kept with their findings, and the length of the longest: a call's bodies are short and few, 16 MB at the most. */
const KEPT_BODIES = 512;
const LONGEST_KEPT_BODY = 16_384;

/**
 * A judge of single events: all findings of one, in the order envelope, type, data, times, response, body. It keeps no
 * state between events but the findings of equal bodies, and never throws.
 */
export function createJudge(options: JudgeOptions = {}): (event: TwilioEvent) => readonly Finding[] {
  const { slowMs = 5000, schemas = bundledSchemas } = options;
  const context = { slowMs, schemas, catalog: createCatalog(options.types) };
  const judgeBody = remember(checkBody, KEPT_BODIES, LONGEST_KEPT_BODY);
  return (event) => {
    const findings = checkEvent(event, context);
    const body = event.kind === "event" ? event.response?.body : undefined;
    const bodyFindings = body === undefined ? undefined : judgeBody(body);
    return bodyFindings === undefined || bodyFindings.length === 0 ? findings : [...findings, ...bodyFindings];
  };
}

function checkBody(body: string): readonly Finding[] {
  const { fault } = decodeBase64(body);
  return fault === undefined ? [] : [finding("body-base64", fault, { pointer: "/data/response/responseBody" })];
}
