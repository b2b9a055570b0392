import { count, grouped } from "../count-text.ts";
import { type Html, safe } from "../escape.ts";
import { html, joined, name, nothing, own, text, words } from "./markup.ts";
import type { ReportContent } from "./report-content.ts";

interface Head {
  readonly by: "n" | "sid" | "status" | "ring" | "talk" | "took" | "weight";
  readonly says: "Start" | "Call" | "Status" | "Ring" | "Talk" | "Slowest" | "Findings";
  /** Which way a first click sorts. */
  readonly first: "up" | "down";
  readonly isText?: true;
  readonly isNumber?: true;
}

/** The columns that the calls can be sorted by, and where they stand among the others. */
const heads: readonly (Head | undefined)[] = [
  undefined,
  { by: "n", says: "Start", first: "up" },
  { by: "sid", says: "Call", first: "up", isText: true },
  undefined,
  { by: "status", says: "Status", first: "up", isText: true },
  { by: "ring", says: "Ring", first: "down", isNumber: true },
  { by: "talk", says: "Talk", first: "down", isNumber: true },
  { by: "took", says: "Slowest", first: "down", isNumber: true },
  undefined,
  { by: "weight", says: "Findings", first: "down" },
];

/** What stands over the list: how to find a call in it. The tools show only where their script runs. */
export function listStart(report: ReportContent | undefined): Html {
  const statuses = report?.summary.statuses ?? [];
  const rules = report?.rules.filter(({ calls }) => calls > 0) ?? [];
  const status = statuses.map(({ status: each, calls }) =>
    option(text(each), html`${text(each)} (${words(grouped(calls))})`),
  );
  const rule = rules.map(({ rule: each, calls }) => option(name(each), html`${name(each)} (${words(grouped(calls))})`));
  return html`<section id="calls">
<h2>Calls</h2>
${report === undefined ? nothing : notes(report)}<div class="tools only-script" hidden="hidden" role="search" aria-label="Filter the calls">
<label class="grow">Search numbers, SIDs, URLs<input id="by-text" type="search" autocomplete="off" spellcheck="false"/></label>
<label>Findings<select id="by-worst">${option(nothing, html`any`)}${option(html`error warning`, html`errors and warnings`)}${option(html`error`, html`errors`)}${option(html`none`, html`none at all`)}</select></label>
<label>Status<select id="by-status">${option(nothing, html`any`)}${status}</select></label>
<label>Rule<select id="by-rule">${option(nothing, html`any`)}${rule}</select></label>
<label class="when">From<input id="by-from" type="datetime-local"/></label>
<label class="when">Until<input id="by-until" type="datetime-local"/></label>
</div>
<p class="shown only-script" hidden="hidden"><span id="shown" role="status"></span> <button type="button" class="plain" id="reset" hidden="hidden">Show all</button></p>
<div class="heads only-script" hidden="hidden" role="group" aria-label="Sort the calls">${heads.map(headOf)}</div>
<p class="skip" id="sorted" role="status"></p>
<ol class="calls" id="list">
`;
}

const option = (value: Html, says: Html): Html => html`<option value="${value}">${says}</option>`;

function headOf(head: Head | undefined, index: number): Html {
  if (head === undefined) return index === 3 ? html`<span>From and to</span>` : html`<span></span>`;
  const { by, says, first, isText, isNumber } = head;
  const way = by === "n" ? html` data-way="up" aria-pressed="true"` : html` aria-pressed="false"`;
  const kind = isText ? html` data-kind="text"` : nothing;
  return html`<button type="button"${isNumber ? html` class="n"` : nothing} data-by="${own(by)}" data-first="${own(first)}"${kind}${way}>${own(says)}</button>`;
}

/** What of the calls is not here. */
function notes({ listed, evidenced, unlisted, summary }: ReportContent): Html {
  const parts: Html[] = [];
  if (unlisted.length > 0) {
    const which = joined(
      unlisted.map(({ status, calls }) => html`${words(grouped(calls))} ${text(status)}`),
      html`, `,
    );
    parts.push(
      html`Of ${words(count(summary.calls, safe`call`))} these are the ${words(grouped(listed))} with the gravest findings; the others are counted above and not listed: ${which}.`,
    );
  }
  if (evidenced < listed) {
    parts.push(html`The events themselves are here for ${words(grouped(evidenced))} of them, the worst first.`);
  }
  return parts.length === 0 ? nothing : html`<p class="note">${joined(parts, html` `)}</p>\n`;
}

/** What stands under the list. */
export function listEnd(report: ReportContent | undefined): Html {
  return html`</ol>
</section>
${report === undefined ? nothing : html`<footer><p class="note">${text(report.coverage)} Made by twilio-events; this file loads nothing and sends nothing.</p></footer>\n`}`;
}
