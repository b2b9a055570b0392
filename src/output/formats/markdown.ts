import type { Raw } from "../escape.ts";
import type { Format, Screen } from "../items.ts";
import { asCode, row, table } from "../markdown-text.ts";
import { aboutNothing } from "../run-info.ts";
import { textFor } from "../terminal/screen.ts";
import { zoneClock } from "../time-zone.ts";
import { createFindingsReport, type FindingsReport } from "./markdown-findings.ts";

/** What an item writes its part of a Markdown page with. */
export interface MarkdownPage extends Pick<FindingsReport, "add"> {
  readonly screen: Screen;
  readonly text: ReturnType<typeof textFor>;
  readonly clock: ReturnType<typeof zoneClock>;
  /** What comes from outside stands as code: there nothing is a link, a mention or a tag (CommonMark 0.31, 6.1). */
  code(raw: Raw | undefined): string;
  /** A block of its own; parts that are empty are left out. */
  block(parts: readonly string[]): string;
  /** A row of a table, which begins with the columns where none of it is right before. */
  row(columns: readonly string[], cells: readonly string[]): string;
}

/**
 * For a ticket or a pull request: each call with its steps in a table and its findings in a list, where calls on a line
 * share one table; of events and bodies the totals and the findings by rule, at the end.
 */
export const markdown: Format = (screen, about = aboutNothing) => {
  const text = textFor(screen);
  const report = createFindingsReport(screen, about);
  let isInTable = false;
  let isFirst = true;

  function apart(block: string): string {
    const before = isFirst ? "" : "\n";
    isFirst = false;
    isInTable = false;
    return `${before}${block}\n`;
  }

  const page: MarkdownPage = {
    ...{ screen, text, clock: zoneClock(screen.timeZone), add: report.add },
    code: (raw) => asCode(text(raw ?? "")),
    block: (parts) => apart(parts.filter((part) => part !== "").join("\n\n")),
    row(columns, cells) {
      const head = isInTable ? "" : apart(table(columns, []));
      isInTable = true;
      return `${head}${row(cells)}\n`;
    },
  };

  return {
    showsClean: false,
    render(item) {
      if (item.markdown) return item.markdown(page);
      report.add(item);
      return "";
    },
    end: () => report.blocks().map(apart).join(""),
  };
};
