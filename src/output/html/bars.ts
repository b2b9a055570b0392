import type { CallsSummary } from "../../calls/calls-summary-item.ts";
import { count, grouped } from "../count-text.ts";
import { type Html, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import { zoneClock } from "../time-zone.ts";
import { html, nothing, own, percent, text, words } from "./markup.ts";
import type { ReportContent } from "./report-content.ts";

/** `7 %`, `0.4 %`. */
export function share(part: number, whole: number): Safe {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  if (percent === 0 || percent >= 10) return safe`${Math.round(percent)} %`;
  return percent < 0.1 ? safe`< 0.1 %` : (`${percent.toFixed(1)} %` as Safe);
}

interface Bar {
  readonly label: Html;
  readonly count: number;
  readonly look?: "late" | "bad" | undefined;
}

/** How the calls ended, the most frequent first; of one call its row says it. */
export function endings({ statuses, calls }: CallsSummary): Html {
  if (calls < 2) return nothing;
  const bars = statuses.map(({ status, calls: n }) => ({ label: text(status), count: n }));
  return html`<section><h2>How the calls ended</h2>${table(bars)}</section>`;
}

/** How many callbacks took how long. */
export function latencies({ callbacks, callback }: CallsSummary): Html {
  const first = callbacks.findIndex((each) => each.count > 0);
  const last = callbacks.findLastIndex((each) => each.count > 0);
  if (callback === undefined || first === -1) return nothing;
  const bars = callbacks.map(({ below, count: n }, index) => {
    const above = callbacks[index - 1]?.below ?? 0;
    const label = below === undefined ? safe`${limit(above)} or more` : safe`under ${limit(below)}`;
    const look = below === undefined ? ("bad" as const) : above >= 5000 ? ("late" as const) : undefined;
    return { label: words(label), count: n, look };
  });
  const note = html`Twilio waits at most 15 seconds for an answer.`;
  return html`<section><h2>How fast your servers answered</h2>${table(bars.slice(first, last + 1))}
<p class="note">Median ${words(formatDuration(callback.median))}, 95 % within ${words(formatDuration(callback.p95))}. ${note}</p></section>`;
}

/** `50 ms`, `1 s`: the bounds are round. */
const limit = (ms: number): Safe => (ms < 1000 ? safe`${ms} ms` : safe`${ms / 1000} s`);

function table(bars: readonly Bar[]): Html {
  const most = Math.max(1, ...bars.map(({ count: n }) => n));
  const rows = bars.map(({ label, count: n, look }) => {
    const width = n === 0 ? 0 : Math.max(0.004, n / most);
    const bar = html`<rect class="bar${look === undefined ? nothing : html` ${own(look)}`}" width="${percent(width)}%" height="100%" rx="2"/>`;
    return html`<tr><th scope="row">${label}</th><td><svg aria-hidden="true">${bar}</svg></td><td class="n">${words(grouped(n))}</td></tr>
`;
  });
  return html`<table class="bars"><tbody>${rows}</tbody></table>`;
}

/** Of fewer calls the list tells by itself when they were. */
const FEWEST = 8;

/** The sides of the chart of spans, as a share of its height. */
const CHART = { top: 0.04, base: 0.84 } as const;

/** When the calls started, and when things went wrong: a column a span, the worst at its foot. */
export function spansOf({ spans, spanMs, summary }: ReportContent, timeZone: string | undefined): Html {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined || summary.calls < FEWEST) return nothing;
  const clock = zoneClock(timeZone);
  const isDaily = spanMs >= 86_400_000;
  const at = (ms: number): Safe => {
    const { date, time } = clock(ms, true);
    if (isDaily) return date;
    return spanMs < 60_000 ? time : (time.slice(0, 5) as Safe);
  };
  const most = Math.max(1, ...spans.map(({ sound, warned, failed }) => sound + warned + failed));
  const columns = spans.map((span, index) => {
    const { from, sound, warned, failed } = span;
    if (sound + warned + failed === 0) return nothing;
    let foot: number = CHART.base;
    const part = (n: number, look: Html): Html => {
      if (n === 0) return nothing;
      const height = (n / most) * (CHART.base - CHART.top);
      foot -= height;
      return html`<rect class="${look}" x="${percent((index + 0.08) / spans.length)}%" y="${percent(foot)}%" width="${percent(0.84 / spans.length)}%" height="${percent(height)}%"/>`;
    };
    const says = [safe`${at(from)}: ${count(sound + warned + failed, safe`call`)}`];
    if (failed > 0) says.push(safe`${grouped(failed)} with errors`);
    if (warned > 0) says.push(safe`${grouped(warned)} with warnings`);
    const parts = [part(failed, html`failed`), part(warned, html`warned`), part(sound, html`up`)];
    return html`<g><title>${words(says.join(", ") as Safe)}</title>${parts}</g>
`;
  });
  const every = Math.max(1, Math.ceil(spans.length / 6));
  const labels = spans.flatMap(({ from }, index) =>
    index % every === 0 && index <= spans.length - every / 2
      ? [html`<text x="${percent(index / spans.length)}%" y="97%">${words(at(from))}</text>`]
      : [],
  );
  const troubled = spans.reduce((sum, { warned, failed }) => sum + warned + failed, 0);
  const zone = clock(first.from, true).zone;
  const says = safe`Calls by the time they started, ${at(first.from)} to ${at(last.from + spanMs)} ${zone}, ${lengthOf(spanMs)} a column: ${grouped(troubled)} with warnings or errors.`;
  const keys = [
    { look: html`up`, says: html`nothing wrong`, is: spans.some(({ sound }) => sound > 0) },
    { look: html`warned`, says: html`with warnings`, is: spans.some(({ warned }) => warned > 0) },
    { look: html`failed`, says: html`with errors`, is: spans.some(({ failed }) => failed > 0) },
  ].filter(({ is }) => is);
  return html`<section><h2>When</h2>
<figure class="spans"><svg role="img" aria-label="${words(says)}">
<line class="zero" x1="0" x2="100%" y1="${percent(CHART.base)}%" y2="${percent(CHART.base)}%"/>
${columns}${labels}</svg>
<figcaption class="key"><span>Calls in each ${words(lengthOf(spanMs))}, ${words(zone)}; the highest column is ${words(grouped(most))}</span>${keys.map(
    ({ look, says: what }) =>
      html`<span><svg class="spans-key" aria-hidden="true"><rect class="${look}" width="100%" height="100%" rx="2"/></svg>${what}</span>`,
  )}</figcaption></figure></section>
`;
}

/** `15 min`, `1 h`, `1 day`: the lengths are round. */
function lengthOf(ms: number): Safe {
  if (ms < 60_000) return safe`${ms / 1000} s`;
  if (ms < 3_600_000) return safe`${ms / 60_000} min`;
  return ms < 86_400_000 ? safe`${ms / 3_600_000} h` : count(ms / 86_400_000, safe`day`);
}
