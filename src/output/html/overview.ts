import { shortSid } from "../../calls/call-text.ts";
import { count, grouped } from "../count-text.ts";
import { type Html, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import type { Screen } from "../terminal/screen.ts";
import { zoneClock } from "../time-zone.ts";
import { endings, latencies, share, spansOf } from "./bars.ts";
import { html, joined, name, nothing, prose, text, words } from "./markup.ts";
import type { ReportContent, RuleReport } from "./report-content.ts";
import { signOf } from "./symbols.ts";
import { looseOf, typesOf, urlsOf } from "./tables.ts";

/** All that stands above the calls: what went wrong first, then where, when and in what. */
export function overviewOf(item: ReportContent, { timeZone }: Screen): Html {
  const { rules, summary } = item;
  const grave = rules.filter(({ severity }) => severity !== "info");
  const infos = rules.filter(({ severity }) => severity === "info");
  const notes =
    infos.length === 0
      ? nothing
      : html`<details class="fold"><summary>${words(count(summary.infos, safe`note`))} worth knowing</summary>
<ol class="rules">${infos.map(ruleRow)}</ol></details>
`;
  return html`<a class="skip" href="#calls">Skip to the calls</a>
<header>
<h1>${text(item.title)}</h1>
<p class="note">${meta(item, timeZone)}</p>
</header>
<main>
${verdict(item)}
${figures(item)}
${
  rules.length === 0
    ? nothing
    : html`<section>
<h2>${grave.length === 0 ? html`Nothing went wrong` : html`What went wrong`}</h2>
${grave.length === 0 ? nothing : html`<ol class="rules">${grave.map(ruleRow)}</ol>\n`}${notes}</section>
`
}${spansOf(item, timeZone)}<div class="two">${endings(summary)}${latencies(summary)}</div>
${urlsOf(item.urls)}${typesOf(item.types)}${looseOf(item)}`;
}

/** When the calls were, what was read, and when this was made. */
function meta({ from, to, inputs, madeAt }: ReportContent, timeZone: string | undefined): Html {
  const clock = zoneClock(timeZone);
  const minute = (at: number): { readonly date: Safe; readonly time: Safe; readonly zone: Safe } => {
    const { date, time, zone } = clock(at, true);
    return { date, time: time.slice(0, 5) as Safe, zone };
  };
  const phrases: Html[] = [];
  if (from !== undefined && to !== undefined) {
    const [first, last] = [minute(from), minute(to)];
    const until = first.date === last.date ? last.time : safe`${last.date} ${last.time}`;
    phrases.push(words(safe`${first.date} ${first.time} to ${until} ${last.zone}`));
  }
  const named = inputs.slice(0, 3).map((each) => html`<code>${text(each)}</code>`);
  const more = inputs.length - named.length;
  const rest = more > 0 ? html` and ${words(grouped(more))} more` : nothing;
  if (named.length > 0) phrases.push(html`from ${joined(named, html`, `)}${rest}`);
  const made = minute(madeAt);
  phrases.push(words(safe`made ${made.date} ${made.time} ${made.zone}`));
  return joined(phrases, html` &#183; `);
}

/** What a manager has to know, in a sentence. */
function verdict({ summary, troubled, loose }: ReportContent): Html {
  const { errors, warnings, calls } = summary;
  const all = calls === 1 ? html`the one call` : html`${words(grouped(calls))} calls`;
  if (calls === 0 && errors + warnings === 0) return html`<p class="verdict">No call was found.</p>`;
  if (errors + warnings === 0) return html`<p class="verdict">Nothing wrong was found in ${all}.</p>`;
  const what = joined(
    [
      ...(errors > 0 ? [html`<b>${words(count(errors, safe`error`))}</b>`] : []),
      ...(warnings > 0 ? [html`<b>${words(count(warnings, safe`warning`))}</b>`] : []),
    ],
    html` and `,
  );
  const where = calls === 1 ? html`in the one call` : html`in ${words(grouped(troubled))} of ${all}`;
  const places = [...(troubled > 0 ? [where] : []), ...(loose.length > 0 ? [html`in what is no call`] : [])];
  const worst = errors > 0 ? html`error` : html`warning`;
  return html`<p class="verdict ${worst}">${what} ${joined(places, html` and `)}${errors > 0 ? nothing : html`; no errors`}.</p>`;
}

function figures({ summary, urls }: ReportContent): Html {
  const { calls, legs, events, statuses, ring, talk, callback } = summary;
  const completed = statuses.find(({ status }) => status === "completed")?.calls ?? 0;
  const requests = urls.reduce((sum, each) => sum + each.requests, 0);
  const failed = urls.reduce((sum, each) => sum + each.failed, 0);
  const figure = (label: Html, value: Safe, aside: Safe = safe``): Html =>
    html`<div><dt>${label}</dt><dd>${words(value)}<span class="aside">${words(aside)}</span></dd></div>`;
  const spread = (label: Html, each: typeof ring): Html => {
    if (each === undefined) return nothing;
    if (each.count === 1) return figure(label, formatDuration(each.median));
    return figure(html`${label}, median`, formatDuration(each.median), safe`95 % within ${formatDuration(each.p95)}`);
  };
  return html`<dl class="figures">
${figure(html`Calls`, grouped(calls), legs === 0 ? safe`` : safe`${count(legs, safe`leg`)} of others`)}
${figure(html`Events`, grouped(events))}
${calls === 0 ? nothing : figure(html`Completed`, share(completed, calls), count(completed, safe`call`))}
${requests === 0 ? nothing : figure(html`Failed requests`, grouped(failed), safe`${share(failed, requests)} of ${grouped(requests)}`)}
${spread(html`Callback`, callback)}${spread(html`Ringing`, ring)}${spread(html`Talk`, talk)}
</dl>`;
}

/** A rule: how bad, what it is, what to do, and calls to look at. */
function ruleRow({ rule, severity, says, help, findings, calls, message, examples }: RuleReport): Html {
  const where = calls === 0 ? nothing : html`<span>in ${words(count(calls, safe`call`))}</span>`;
  const go =
    calls === 0
      ? nothing
      : html`<p class="go"><button type="button" class="plain only-script" hidden="hidden" data-rule="${name(rule)}">Show ${calls === 1 ? html`this call` : html`these calls`}</button>${examples.map(example)}</p>`;
  return html`<li id="rule-${name(rule)}"><div>${signOf(severity)}</div><div><p class="what">${sentence(says)}</p><code class="soft">${name(rule)}</code>
<p class="say">${text(message)}</p></div><div class="do"><p class="help">${prose(help)}</p>
${go}</div><p class="much"><b>${words(grouped(findings))}</b>${where}</p></li>
`;
}

const example = (sid: string): Html =>
  html`<a href="#call-${name(sid)}"><code>${words(shortSid(sid, 11, safe`…`))}</code></a>`;

const sentence = (says: string): Html => text(says.charAt(0).toUpperCase() + says.slice(1));
