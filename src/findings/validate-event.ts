import { createCatalog, type EventType } from "../events/catalog.ts";
import { checkEvent } from "../events/check-event.ts";
import type { TwilioEvent } from "../events/event.ts";
import { bundledSchemas, type Schemas } from "../events/schemas/bundled.ts";
import { memoize } from "../input/memoize.ts";
import { type DecodedBody, decodeBody, decodeText } from "../twiml/decode/decode-body.ts";
import { lintTwiml } from "../twiml/lint/lint-twiml.ts";
import type { Finding } from "./finding.ts";

export interface ValidatorOptions {
  /** A response slower than this is reported; 5000 unless told. */
  readonly slowMs?: number;
  /** From `loadSchemas`; the bundled ones unless told. */
  readonly schemas?: Schemas;
  /** From `parseTypes`; they refresh the built-in catalogue. */
  readonly types?: readonly EventType[];
}

/** What the customer's server answered, and what is wrong with it; findings stand at their place in the decoded text. */
export interface ValidatedBody {
  readonly body: DecodedBody;
  readonly findings: readonly Finding[];
}

/** Bodies kept with their findings, and the length of the longest: a call's bodies are short and few, 16 MB at the most. */
const MAX_KEPT_BODIES = 1024;
const MAX_KEPT_BODY_CHARS = 16_384;
/** Under how many circumstances one of them is kept. */
const MAX_CIRCUMSTANCES = 16;

const POINTER = {
  event: "/data/response/responseBody",
  "call-event": "/response/response_body",
  callback: "",
} as const;

/**
 * A judge of single events: all findings of one, in the order envelope, type, data, times, response, body. It keeps no
 * state between events but the findings of equal bodies, and never throws.
 */
export function createEventValidator(options: ValidatorOptions = {}): (event: TwilioEvent) => readonly Finding[] {
  const { slowMs = 5000, schemas = bundledSchemas } = options;
  const context = { slowMs, schemas, catalog: createCatalog(options.types) };
  const bodyFindings = createBodyCache();
  return (event) => {
    const findings = checkEvent(event, context);
    const text = event.kind === "event" ? event.response?.body : undefined;
    if (text === undefined) return findings;
    const body = bodyFindings(event, text);
    return body.length === 0 ? findings : [...findings, ...body];
  };
}

/** Decodes and judges the body of the event's response; undefined when it has none. */
export function validateBody(event: TwilioEvent): ValidatedBody | undefined {
  const text = event.response?.body;
  return text === undefined ? undefined : checkBody(event, text);
}

function checkBody(event: TwilioEvent, text: string): ValidatedBody {
  const contentType = event.response?.contentType;
  const body = event.kind === "event" ? decodeBody(text, contentType) : decodeText(text, contentType);
  const answer = event.kind === "event" ? answerOf(event) : "other";
  const isJudged = answer !== "other" && body.kind !== "binary" && !body.isCut;
  const lint = isJudged ? lintTwiml(body.text, { executed: answer === "executed", url: event.request?.url }) : [];
  if (body.findings.length === 0 && lint.length === 0) return { body, findings: lint };
  const pointer = POINTER[event.kind];
  return { body, findings: [...body.findings, ...lint].map((finding) => ({ ...finding, pointer })) };
}

/** Judges a body that came without its event, as one that Twilio executes. */
export function validateBareBody(body: DecodedBody): ValidatedBody {
  const lint = body.kind === "binary" ? [] : lintTwiml(body.text, { executed: true });
  return { body, findings: [...body.findings, ...lint] };
}

const statusCallbacks = ["com.twilio.voice.status-callback.", "com.twilio.voice.webhook.status-callback."];

/**
 * What becomes of the answers to events of a type. Twilio executes those to `twiml.*` events, and reads and drops those
 * to status callbacks; in `api-request.*` events the answer is its own.
 */
const fateOf = memoize((type): "executed" | "read" | "other" => {
  if (type.startsWith("com.twilio.voice.twiml.")) return "executed";
  return statusCallbacks.some((family) => type.startsWith(family)) ? "read" : "other";
});

/** An answer of 400 or more has failed as such, which `response-failed` says; its page was not meant to be TwiML. */
const failed = (event: TwilioEvent): boolean => (event.response?.code ?? 200) >= 400;

/** What was found in a body, and under which circumstances. */
interface KeptBody {
  readonly answer: ReturnType<typeof answerOf>;
  readonly contentType: string | undefined;
  readonly url: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Findings of equal bodies under equal circumstances are found once. Bodies that come again and again outlast those of
 * one event: what is asked for moves from the older half of the cache to the newer one.
 */
function createBodyCache(): (event: TwilioEvent, body: string) => readonly Finding[] {
  let newer = new Map<string, KeptBody[]>();
  let older = newer;
  return (event, body) => {
    const answer = answerOf(event);
    // What is only decoded is soon judged, and an answer of Twilio's own is never the same twice.
    if (answer === "other" || body.length > MAX_KEPT_BODY_CHARS) return checkBody(event, body).findings;
    const contentType = event.response?.contentType;
    const url = event.request?.url;
    let kept = newer.get(body);
    if (kept === undefined) {
      kept = older.get(body) ?? [];
      if (newer.size >= MAX_KEPT_BODIES / 2) {
        older = newer;
        newer = new Map();
      }
      newer.set(body, kept);
    }
    for (const each of kept) {
      if (each.answer === answer && each.contentType === contentType && each.url === url) return each.findings;
    }
    const { findings } = checkBody(event, body);
    if (kept.length === MAX_CIRCUMSTANCES) kept.length = 0;
    kept.push({ answer, contentType, url, findings });
    return findings;
  };
}

/** What becomes of the answer, as far as it decides on its findings. */
function answerOf(event: TwilioEvent): ReturnType<typeof fateOf> {
  return event.type === undefined || failed(event) ? "other" : fateOf(event.type);
}
