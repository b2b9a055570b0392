import { createCallWriter } from "../html/call.ts";
import { listEnd, listStart } from "../html/list.ts";
import { nothing } from "../html/markup.ts";
import { overviewOf } from "../html/overview.ts";
import { pageEnd, pageStart } from "../html/page.ts";
import type { Format } from "../items.ts";
import type { ReportItem } from "../report-item.ts";

/** One file for a browser, written as the calls come: what went wrong first, then the calls. It loads and sends nothing. */
export const html: Format = (screen) => {
  const write = createCallWriter(screen);
  let report: ReportItem | undefined;
  let count = 0;

  return {
    showsClean: false,
    render(item) {
      if (item.kind === "report") {
        report = item;
        const list = item.listed === 0 ? nothing : listStart(item);
        return pageStart(item.title) + overviewOf(item, screen) + list;
      }
      if (item.kind !== "call") return "";
      const head =
        count === 0 && report === undefined
          ? `${pageStart("Calls")}<main>
${listStart(undefined)}`
          : "";
      return head + write(item, ++count, report?.listed === 1);
    },
    end() {
      if (report === undefined && count === 0) return "";
      return `${count > 0 ? listEnd(report) : ""}</main>\n${pageEnd}`;
    },
  };
};
