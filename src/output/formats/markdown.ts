import type { Format, MarkdownPage } from "../items.ts";
import { asCode, row, table } from "../markdown-text.ts";
import { aboutNothing } from "../run-info.ts";
import { textFor } from "../terminal/screen.ts";
import { zoneClock } from "../time-zone.ts";
import { createFindingsReport } from "./markdown-findings.ts";

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
