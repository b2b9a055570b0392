import type { Raw, Safe } from "../escape.ts";
import { formatDuration, offset } from "../format-duration.ts";
import type { CallItem, CallsSummaryItem, Format } from "../items.ts";
import { asCode, asFact, row as line, table } from "../markdown-text.ts";
import { aboutNothing } from "../run-info.ts";
import { factsOf, partiesOf } from "../terminal/call-block.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";
import { callbackText, shortType } from "../terminal/step-table.ts";
import { zoneClock } from "../time-zone.ts";
import { createFindingsReport } from "./markdown-findings.ts";
import { page } from "./markdown-page.ts";

/**
 * For a ticket or a pull request: each call with its steps in a table and its findings in a list, where calls on a line
 * share one table; of events and bodies the totals and the findings by rule, at the end.
 */
export const markdown: Format = (screen, about = aboutNothing) => {
  const text = textFor(screen);
  const clock = zoneClock(screen.timeZone);
  const { to } = glyphsFor(screen);
  const report = createFindingsReport(screen, about);
  let isInTable = false;
  let isFirst = true;

  /** What comes from outside stands as code: there nothing is a link, a mention or a tag (CommonMark 0.31, 6.1). */
  const code = (raw: Raw | undefined): string => (raw === undefined || raw === "" ? "" : asCode(text(raw)));

  function whole({ call, findings, depth }: CallItem): string {
    const title = `${"#".repeat(Math.min(2 + depth, 6))} Call ${code(call.sid)}: ${code(call.status ?? "status unknown")}`;
    const parties = partiesOf(call, text, to);
    const what = [code(call.direction), parties === undefined ? "" : asCode(parties)].filter((each) => each !== "");
    const facts = factsOf(call, screen.timeZone);
    const rows = call.steps.map((step) => [
      step.offsetMs === undefined ? "" : offset(step.offsetMs, call.isCoarse),
      asCode(shortType(step)),
      code(step.status),
      asCode(callbackText(step.callback, text) ?? ("" as Safe)),
      step.callback?.code ?? "",
      step.callback?.durationMs === undefined ? "" : formatDuration(step.callback.durationMs),
      step.sequence ?? "",
      code(step.id),
    ]);
    const steps = table(["offset", "type", "status", "callback", "code", "took", "seq", "event"], rows);
    const list = findings.map(
      ({ rule, severity, message, source }) =>
        `- **${severity}** ${code(rule)}: ${code(message)} at ${code(`${source.input}:${source.line}:${source.column}`)}`,
    );
    const about = [...what, ...facts.map(asFact)].join(", ");
    return [title, about, steps, list.join("\n")].filter((part) => part !== "").join("\n\n");
  }

  function row({ call, findings }: CallItem): string {
    const at = call.start ?? call.end;
    const shown = at === undefined ? undefined : clock(at, call.isCoarse);
    const parties = partiesOf(call, text, to);
    return line([
      shown === undefined ? "" : `${shown.date} ${shown.time} ${asFact(shown.zone)}`,
      code(call.sid),
      parties === undefined ? "" : asCode(parties),
      code(call.status),
      call.ringMs === undefined ? "" : formatDuration(call.ringMs, call.isCoarse),
      call.talkMs === undefined ? "" : formatDuration(call.talkMs, call.isCoarse),
      [...new Set(findings.map(({ rule }) => code(rule)))].join(", "),
    ]);
  }

  function totals({ summary, isOne, coverage }: CallsSummaryItem): string {
    if (isOne) return code(coverage);
    const ends = summary.statuses.map(({ status, calls }) => `${calls} ${code(status)}`).join(", ");
    const rules = summary.rules.map(({ rule, findings }) => `${findings} ${code(rule)}`).join(", ");
    return [`${summary.calls} calls: ${ends}`, rules, code(coverage)].filter((part) => part !== "").join("\n\n");
  }

  function apart(block: string): string {
    const before = isFirst ? "" : "\n";
    isFirst = false;
    isInTable = false;
    return `${before}${block}\n`;
  }

  return {
    showsClean: false,
    render(item) {
      if (item.kind === "page") return apart(page(item, text));
      if (item.kind === "calls") return apart(totals(item));
      if (item.kind !== "call") {
        report.add(item);
        return "";
      }
      if (item.detail === "whole") return apart(whole(item));
      if (isInTable) return `${row(item)}\n`;
      const head = apart(table(["start", "call", "from and to", "status", "ring", "talk", "findings"], []));
      isInTable = true;
      return `${head}${row(item)}\n`;
    },
    end: () => report.blocks().map(apart).join(""),
  };
};
