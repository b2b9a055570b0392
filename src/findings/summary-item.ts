import { count, grouped } from "../output/count-text.ts";
import { type Safe, safe } from "../output/escape.ts";
import type { OutputItem } from "../output/items.ts";
import { behindDots, markOf, severityPieces, summaryBlock } from "../output/terminal/finding-lines.ts";
import { flow } from "../output/terminal/layout.ts";
import { type Ended, totalsOf } from "../output/totals.ts";
import type { RunSummary } from "./run-stats.ts";

/** What was found in all; `subject` is what the `events` of the summary are, where they are none. */
export interface RunResult extends Ended {
  readonly summary: RunSummary;
  readonly subject?: "bodies";
}

/** The end of a run: how many events, how bad they are, and what of the input was read. */
export function summaryItem(result: RunResult): OutputItem {
  const { summary, subject = "events", coverage } = result;
  const { inputs, events, valid, invalid, calls, duplicates, errors, warnings, infos, unreadable } = summary;
  const found = foundPhrases(result);
  return {
    text(style) {
      const [verdict = safe``, ...others] = found;
      const head = [{ text: verdict, paint: style.colors.bold }, ...behindDots(others, style)];
      const pieces = [head, severityPieces(summary, style)];
      const lines = pieces.flatMap((each) => flow(each, style.width - 2, 1));
      return style.heldBack() + style.block(summaryBlock(markOf(summary, events), lines, coverage, style));
    },
    redacted: ({ prose }) => summaryItem({ ...result, coverage: prose(coverage) }),
    summary: () => summary,
    totals() {
      const counts = { [subject]: events, valid, invalid, calls, duplicates, errors, warnings, infos, inputs };
      return totalsOf(found.join(", ") as Safe, counts, unreadable, result);
    },
  };
}

/** What was found, as phrases: `400 events: 395 valid, 5 invalid`, `80 calls`, `3 duplicates`. */
function foundPhrases({ summary, subject }: RunResult): readonly Safe[] {
  const { events, valid, invalid, calls, duplicates, unreadable } = summary;
  const noun = subject === undefined ? safe`event` : safe`body`;
  const all = events === 1 ? safe`` : safe`all `;
  const validity =
    invalid === 0
      ? safe`${all}valid`
      : valid === 0
        ? safe`${all}invalid`
        : safe`${grouped(valid)} valid, ${grouped(invalid)} invalid`;
  return [
    events === 0 ? safe`no events` : safe`${count(events, noun, subject)}: ${validity}`,
    ...(calls > 0 ? [count(calls, safe`call`)] : []),
    ...(duplicates > 0 ? [count(duplicates, safe`duplicate`)] : []),
    ...(unreadable > 0 ? [safe`${grouped(unreadable)} unreadable`] : []),
  ];
}
