import { createCatalog, type EventType } from "./events/catalog.ts";
import { checkEvent } from "./events/check.ts";
import type { TwilioEvent } from "./events/event.ts";
import { bundledSchemas, type Schemas } from "./events/schemas/index.ts";
import type { Finding } from "./rules.ts";
import { type DecodedBody, decodeBody, decodeText } from "./twiml/body.ts";
import { lintTwiml } from "./twiml/lint.ts";

export interface JudgeOptions {
  /** A response slower than this is reported; 5000 unless told. */
  readonly slowMs?: number;
  /** From `loadSchemas`; the bundled ones unless told. */
  readonly schemas?: Schemas;
  /** From `parseTypes`; they refresh the built-in catalogue. */
  readonly types?: readonly EventType[];
}

/** What the customer's server answered, and what is wrong with it; findings stand at their place in the decoded text. */
export interface JudgedBody {
  readonly body: DecodedBody;
  readonly findings: readonly Finding[];
}

/** Bodies kept with their findings, and the length of the longest: a call's bodies are short and few, 16 MB at the most. */
const KEPT_BODIES = 512;
const LONGEST_KEPT_BODY = 16_384;

const POINTER = {
  event: "/data/response/responseBody",
  "call-event": "/response/response_body",
  callback: "",
} as const;

/**
 * A judge of single events: all findings of one, in the order envelope, type, data, times, response, body. It keeps no
 * state between events but the findings of equal bodies, and never throws.
 */
export function createJudge(options: JudgeOptions = {}): (event: TwilioEvent) => readonly Finding[] {
  const { slowMs = 5000, schemas = bundledSchemas } = options;
  const context = { slowMs, schemas, catalog: createCatalog(options.types) };
  const bodyFindings = createBodyCache();
  return (event) => {
    const findings = checkEvent(event, context);
    const body = event.kind === "event" && event.response?.body !== undefined ? bodyFindings(event) : undefined;
    return body === undefined || body.length === 0 ? findings : [...findings, ...body];
  };
}

/** Decodes and judges the body of the event's response; undefined when it has none. */
export function judgeBody(event: TwilioEvent): JudgedBody | undefined {
  const text = event.response?.body;
  if (text === undefined) return undefined;
  const contentType = event.response?.contentType;
  const body = event.kind === "event" ? decodeBody(text, contentType) : decodeText(text, contentType);
  const isAnswer = event.kind === "event" && answersTwilio(event.type);
  const isWhole = body.kind !== "binary" && !body.isCut;
  const lint =
    isAnswer && isWhole && !failed(event)
      ? lintTwiml(body.text, { executed: isExecuted(event.type), url: event.request?.url })
      : [];
  const pointer = POINTER[event.kind];
  return { body, findings: [...body.findings, ...lint].map((finding) => ({ ...finding, pointer })) };
}

/** Judges a body that came without its event, as one that Twilio executes. */
export function judgeBareBody(body: DecodedBody): JudgedBody {
  const lint = body.kind === "binary" ? [] : lintTwiml(body.text, { executed: true });
  return { body, findings: [...body.findings, ...lint] };
}

/** Twilio executes the answers to `twiml.*` events; those to status callbacks it reads and drops. */
const isExecuted = (type: string | undefined): boolean => type?.startsWith("com.twilio.voice.twiml.") === true;

const statusCallbacks = ["com.twilio.voice.status-callback.", "com.twilio.voice.webhook.status-callback."];

/** Whether the answer is the customer's, to be judged as TwiML; in `api-request.*` events it is Twilio's own. */
function answersTwilio(type: string | undefined): boolean {
  if (type === undefined) return false;
  return isExecuted(type) || statusCallbacks.some((family) => type.startsWith(family));
}

/** An answer of 400 or more has failed as such, which `response-failed` says; its page was not meant to be TwiML. */
const failed = (event: TwilioEvent): boolean => (event.response?.code ?? 200) >= 400;

/** Findings of equal bodies under equal circumstances are found once. */
function createBodyCache(): (event: TwilioEvent) => readonly Finding[] {
  const known = new Map<string, readonly Finding[]>();
  return (event) => {
    const { type, request, response } = event;
    const body = response?.body ?? "";
    if (body.length > LONGEST_KEPT_BODY) return judgeBody(event)?.findings ?? [];
    const answer = isExecuted(type) ? "executed" : answersTwilio(type) ? "read" : "other";
    const key = `${answer} ${failed(event)} ${response?.contentType}\n${request?.url}\n${body}`;
    let findings = known.get(key);
    if (findings === undefined) {
      findings = judgeBody(event)?.findings ?? [];
      if (known.size >= KEPT_BODIES) known.clear();
      known.set(key, findings);
    }
    return findings;
  };
}
