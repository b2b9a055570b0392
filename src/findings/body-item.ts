import { isBase64 } from "../input/base64.ts";
import type { BodyFinding, BodyItem, LocatedFinding } from "../output/items.ts";
import type { DecodedBody } from "../twiml/decode/decode-body.ts";
import { type ShownBody, showBody } from "../twiml/format-body.ts";
import type { Finding } from "./finding.ts";
import { type FoundEvent, labelOf, locateFinding, sourceOf } from "./select-events.ts";
import type { ValidatedBody } from "./validate-event.ts";

/** The answer in the event as an item, its findings placed in the text as it is shown. */
export function toBodyItem(read: FoundEvent, judged: ValidatedBody, findings: readonly Finding[]): BodyItem {
  const { response } = read.event;
  const shown = showBody(judged.body);
  return {
    kind: "body",
    event: labelOf(read.event),
    source: sourceOf(read.found),
    ...(response?.code !== undefined && { code: response.code }),
    ...(response?.durationMs !== undefined && { durationMs: response.durationMs }),
    ...members(judged.body, shown),
    findings: findings.map((finding) => place(locateFinding(read, finding), shown)),
  };
}

/** A body that came by itself; `name` says where it stood. */
export function toBareItem(name: string, judged: ValidatedBody, findings: readonly Finding[]): BodyItem {
  const shown = showBody(judged.body);
  return {
    kind: "body",
    event: {},
    source: { input: name, line: 1, column: 1, offset: 0, path: "" },
    ...members(judged.body, shown),
    findings: findings.map((finding) => place({ ...finding, line: 1, column: 1 }, shown)),
  };
}

function members(body: DecodedBody, shown: ShownBody) {
  return {
    ...(body.contentType !== undefined && { contentType: body.contentType }),
    charset: body.charset,
    bytes: body.bytes.length,
    body: body.kind,
    text: body.text,
    shown: shown.text,
    ...(shown.note !== undefined && { note: shown.note }),
  };
}

function place(finding: LocatedFinding, shown: ShownBody): BodyFinding {
  return finding.at === undefined ? finding : { ...finding, shownAt: shown.placeOf(finding.at) };
}

const extensions = {
  twiml: "xml",
  xml: "xml",
  json: "json",
  html: "html",
  text: "txt",
  empty: "txt",
  binary: "bin",
} as const satisfies Record<DecodedBody["kind"], string>;

const isSid = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Z]{2}[0-9A-Za-z]{1,64}$/.test(text);

/** A file name for the body, of the SIDs that its event has and never of other text; `number` where there are none. */
export function fileNameOf({ event }: FoundEvent, body: DecodedBody, number: number): string {
  const names = [event.callSid, event.id].filter(isSid);
  return `${names.length > 0 ? names.join("-") : `body-${number}`}.${extensions[body.kind]}`;
}

/**
 * A body given by itself, as base64 or XML: its judged form, or undefined where the text is neither. What decodes to
 * JSON or gzip is left to be searched for events.
 */
export function bareKind(text: string): "base64" | "xml" | undefined {
  const start = text.trimStart();
  if (start.startsWith("<")) return "xml";
  if (start.length < 8 || !isBase64(start)) return undefined;
  const decoded = Buffer.from(start.slice(0, 64), "base64").toString("latin1").trimStart();
  return decoded.startsWith("<") ? "base64" : undefined;
}
