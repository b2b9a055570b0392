import { redactMembers, redactSource } from "../../findings/redact-located.ts";
import { type Raw, safe } from "../../output/escape.ts";
import type { OutputItem } from "../../output/items.ts";
import type { Source } from "../../output/located-finding.ts";
import { hang, wrap } from "../../output/terminal/layout.ts";

/** A place in a text that was or would be rewritten: its surroundings before and after. */
export interface LocatedChange {
  readonly source: Source;
  readonly before: Raw;
  readonly after: Raw;
}

/** A change by its place, what was there and what is there now. */
export function changeItem(change: LocatedChange): OutputItem {
  const { source, before, after } = change;
  const place = `${source.input}:${source.line}:${source.column}`;
  return {
    text: ({ block, colors, text, width }) =>
      block([
        ...wrap(text(place), width).map(colors.bold),
        ...hang(wrap(text(before), width - 4).map(colors.error), safe`  ${colors.error(safe`-`)} `, safe`    `),
        ...hang(wrap(text(after), width - 4).map(colors.valid), safe`  ${colors.valid(safe`+`)} `, safe`    `),
      ]),
    redacted: (redactor) =>
      changeItem({
        ...redactMembers(change, { before: "text", after: "text" }, redactor),
        source: redactSource(source, redactor),
      }),
    section: "changes",
    json: () => ({ source, before, after }),
    compact: (text) => `${text(place)}  ${text(before)}  ${text(after)}\n`,
  };
}
