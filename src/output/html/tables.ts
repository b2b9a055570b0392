import type { Counted } from "../../calls/group-findings.ts";
import { count, grouped } from "../count-text.ts";
import { type Html, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import { share } from "./bars.ts";
import { html, name, nothing, own, text, words } from "./markup.ts";
import type { ReportContent, TypeReport, UrlReport } from "./report-content.ts";
import { signOf } from "./symbols.ts";

/** So many URLs and types are shown; the others are behind a click. */
const SHOWN = 12;

/** How each of the customer's URLs answered. */
export function urlsOf(urls: readonly UrlReport[]): Html {
  if (urls.length === 0) return nothing;
  const rows = urls.map(({ url, requests, failed, codes, took, slowestMs }) => {
    const which = codes.slice(0, 4).map(({ code, count: n }) => safe`${grouped(n)} × ${code}`);
    const place =
      url === undefined
        ? html`<span class="soft">all other URLs</span>`
        : html`<code class="break">${text(url)}</code>`;
    return html`<tr><td>${place}</td><td class="n">${words(grouped(requests))}</td><td class="n${failed > 0 ? html` error` : nothing}">${words(grouped(failed))}</td><td class="n">${failed === 0 ? nothing : words(share(failed, requests))}</td><td>${words(which.join(", ") as Safe)}</td><td class="n">${took === undefined ? nothing : words(formatDuration(took.median))}</td><td class="n">${took === undefined ? nothing : words(formatDuration(took.p95))}</td><td class="n">${slowestMs === undefined ? nothing : words(formatDuration(slowestMs))}</td></tr>
`;
  });
  const head = html`<tr><th scope="col">Host and path</th><th scope="col" class="n">Requests</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Share</th><th scope="col">Answers</th><th scope="col" class="n">Median</th><th scope="col" class="n">95 %</th><th scope="col" class="n">Slowest</th></tr>`;
  return html`<section><h2>Who was asked, and how it answered</h2>
${folded(head, rows, html`Requests by host and path`, safe`URL`)}</section>
`;
}

/** The types of the events, those to get away from first. */
export function typesOf(types: readonly TypeReport[]): Html {
  if (types.length === 0) return nothing;
  const isBad = ({ status }: TypeReport): boolean => status !== "available";
  const sorted = [...types.filter(isBad), ...types.filter((each) => !isBad(each))];
  const rows = sorted.map(({ type, events, status, replacement }) => {
    const what = status === undefined ? html`not in the catalogue` : own(status);
    const look = status === "available" ? html`soft` : status === "discontinued" ? html`error` : html`warning`;
    const instead = replacement === undefined ? nothing : html`<code class="break">${name(replacement)}</code>`;
    return html`<tr><td><code class="break">${name(type)}</code></td><td class="n">${words(grouped(events))}</td><td class="${look}">${what}</td><td>${instead}</td></tr>
`;
  });
  const head = html`<tr><th scope="col">Type</th><th scope="col" class="n">Events</th><th scope="col">Status</th><th scope="col">Subscribe to instead</th></tr>`;
  const bad = sorted.filter(isBad).length;
  const title = bad === 0 ? html`Event types` : html`Event types, ${bad} to look at`;
  return html`<section><h2>${title}</h2>
${folded(head, rows, html`Event types in use`, safe`type`)}</section>
`;
}

/** What is wrong outside of calls: text that is no event, events that name no call. */
export function looseOf({ loose, looseMore }: ReportContent): Html {
  if (loose.length === 0) return nothing;
  const more =
    looseMore === 0
      ? nothing
      : html`<p class="note">And ${words(grouped(looseMore))} more, which <code>validate</code> shows.</p>`;
  return html`<section><h2>In no call</h2>
<ol class="found">${loose.map(findingRow)}</ol>${more}</section>
`;
}

/** A finding: how bad, what, and where. */
export function findingRow({ rule, severity, message, source, pointer, value, more }: Counted): Html {
  const what = pointer === undefined || pointer === "" ? nothing : html` <code>${text(pointer)}</code>`;
  const found = value === undefined ? nothing : html` = <code>${text(value)}</code>`;
  const rest = more === undefined ? nothing : html`; and ${words(grouped(more))} more alike`;
  return html`<li><div>${signOf(severity)}</div><div><p>${text(message)}</p><p class="soft"><a href="#rule-${name(rule)}"><code>${name(rule)}</code></a>${what}${found} at <code>${placeText(source)}</code>${rest}</p></div></li>
`;
}

/** `app.log:12:3`, and the way through the wrappers. */
export function placeText({ input, line, column, path }: Counted["source"]): Html {
  return text(`${input}:${line}:${column}${path === "" ? "" : ` ${path}`}`);
}

/** A table of which the first rows show, and the others when they are asked for. */
function folded(head: Html, rows: readonly Html[], label: Html, noun: Safe): Html {
  const shown = rows.length <= SHOWN + 3 ? rows : rows.slice(0, SHOWN);
  const rest = rows.slice(shown.length);
  const table = (some: readonly Html[]): Html =>
    html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table><thead>${head}</thead><tbody>${some}</tbody></table></div>`;
  if (rest.length === 0) return table(shown);
  return html`${table(shown)}<details class="fold"><summary>${words(count(rest.length, noun))} more</summary>${table(rest)}</details>`;
}
