import type { LocatedFinding } from "../output/located-finding.ts";
import { showBody } from "../twiml/format-body.ts";
import type { LocatedBody } from "./body-item.ts";
import { labelOf, locateFinding } from "./event-item.ts";
import type { Finding } from "./finding.ts";
import { type FoundEvent, sourceOf } from "./select-events.ts";
import type { ValidatedBody } from "./validate-event.ts";

/**
 * The answer in the event, or one that came by itself under a name, its findings placed in the text as it is shown.
 */
export function toLocatedBody(
  { body }: ValidatedBody,
  findings: readonly Finding[],
  from: FoundEvent | { readonly name: string },
): LocatedBody {
  const read = "event" in from ? from : undefined;
  const { code, durationMs } = read?.event.response ?? {};
  const { contentType } = body;
  const shown = showBody(body);
  const place = { line: 1, column: 1 };
  return {
    event: read ? labelOf(read.event) : {},
    source: "event" in from ? sourceOf(from.found) : { input: from.name, ...place, offset: 0, path: "" },
    ...{ code, durationMs, contentType },
    charset: body.charset,
    bytes: body.bytes.length,
    body: body.kind,
    text: body.text,
    shown: shown.text,
    note: shown.note,
    findings: findings.map((finding) => {
      const located: LocatedFinding = read ? locateFinding(read, finding) : { ...finding, ...place };
      return located.at === undefined ? located : { ...located, shownAt: shown.placeOf(located.at) };
    }),
  };
}
