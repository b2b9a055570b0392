import { callItem, redactCall, redactCallFinding } from "../../calls/call-item.ts";
import { redactCallsSummary } from "../../calls/calls-summary-item.ts";
import { redactMessage } from "../../findings/redact-finding.ts";
import { redactMembers } from "../../findings/redact-located.ts";
import { createCallWriter } from "../../output/html/call.ts";
import { listEnd, listStart } from "../../output/html/list.ts";
import { nothing } from "../../output/html/markup.ts";
import { overviewOf } from "../../output/html/overview.ts";
import { pageEnd, pageStart } from "../../output/html/page.ts";
import type { ReportContent, ReportedCall } from "../../output/html/report-content.ts";
import type { OutputItem } from "../../output/items.ts";
import type { Screen } from "../../output/terminal/screen.ts";
import type { Redactor } from "../../redact/redactor.ts";

/** What a report begins with; its calls follow. */
export function reportItem(content: ReportContent): OutputItem {
  return {
    text: () => "",
    redacted: (redactor) => reportItem(redactReport(content, redactor)),
    html: (page) => page.of(createReportPage).head(content),
  };
}

/** A call of a report. What it shows of events was redacted when it was made: as a cut text it could not be read any more. */
export function reportedCallItem(call: ReportedCall): OutputItem {
  return {
    ...callItem(call),
    redacted: (redactor) => reportedCallItem(redactCall(call, redactor)),
    html: (page) => page.of(createReportPage).call(call),
  };
}

/** The head of a report. Its title is the user's own. */
function redactReport(content: ReportContent, redactor: Redactor): ReportContent {
  const { byKind } = redactor;
  return {
    ...content,
    inputs: content.inputs.map(redactor.file),
    summary: redactCallsSummary(content.summary, redactor),
    rules: content.rules.map(({ data, ...each }) => ({
      ...each,
      message: redactMessage(each.rule, data, undefined, redactor),
      examples: each.examples.map((sid) => byKind(sid, "sid")),
    })),
    urls: content.urls.map((each) => redactMembers(each, { url: "url" }, redactor)),
    types: content.types.map((each) => redactMembers(each, { type: "type" }, redactor)),
    loose: content.loose.map((each) => redactCallFinding(each, redactor)),
    unlisted: content.unlisted.map((each) => redactMembers(each, { status: "plain" }, redactor)),
    coverage: redactor.prose(content.coverage),
  };
}

/** The page, written as the calls come: what went wrong first, then the calls. It loads and sends nothing. */
function createReportPage(screen: Screen) {
  const write = createCallWriter(screen);
  let report: ReportContent | undefined;
  let count = 0;
  return {
    head(content: ReportContent): string {
      report = content;
      const list = content.listed === 0 ? nothing : listStart(content);
      return pageStart(content.title) + overviewOf(content, screen) + list;
    },
    call(call: ReportedCall): string {
      const isFirst = count === 0 && report === undefined;
      const head = isFirst ? `${pageStart("Calls")}<main>\n${listStart(undefined)}` : "";
      return head + write(call, ++count, report?.listed === 1);
    },
    end: (): string => `${count > 0 ? listEnd(report) : ""}</main>\n${pageEnd}`,
  };
}
