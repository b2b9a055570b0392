import type { Call, Step } from "../../calls/call.ts";
import { callbackText, factsOf, partiesOf, shortSid, shortStepType, slowestOf } from "../../calls/call-text.ts";
import { escapeText, type Html, maskPasswords, type Raw, type Safe, safe } from "../escape.ts";
import { formatDuration, offset } from "../format-duration.ts";
import { severities, worstOf } from "../reportable.ts";
import type { Screen } from "../terminal/screen.ts";
import { zoneClock } from "../time-zone.ts";
import { chartsOf } from "./call-chart.ts";
import { evidenceOf } from "./evidence.ts";
import { html, joined, name, nothing, own, text, words } from "./markup.ts";
import type { ReportedCall } from "./report-content.ts";
import { markOf } from "./symbols.ts";
import { findingRow } from "./tables.ts";

/** So many steps and findings of a call are written; a call of a thousand is told by its input better. */
const STEPS = 100;
const FINDINGS = 50;

/** What makes calls sortable by what is wrong with them. */
const weights = { error: 1e8, warning: 1e4, info: 1 } as const;

const escaped = (raw: Raw): Safe => escapeText(maskPasswords(raw));

/** Writes calls as they come, a line over the days among them; `number` counts them, `isOpen` shows all at once. */
export function createCallWriter({ timeZone }: Screen): (item: ReportedCall, number: number, isOpen: boolean) => Html {
  const clock = zoneClock(timeZone);
  let day: Safe | undefined;
  return (item, number, isOpen) => {
    const { call } = item;
    const at = call.start ?? call.steps.find((step) => step.at !== undefined)?.at;
    const shown = at === undefined ? undefined : clock(at, true);
    const isNewDay = shown !== undefined && shown.date !== day;
    day = shown?.date ?? day;
    const head = isNewDay ? html`<li class="day">${words(safe`${shown.date} ${shown.zone}`)}</li>\n` : nothing;
    const charts = chartsOf(item);
    return html`${head}<li ${attributes(item, number, shown === undefined ? undefined : safe`${shown.date}T${shown.time}`)}><details class="call" id="call-${name(call.sid)}"${isOpen ? html` open="open"` : nothing}><summary>${row(item, shown?.time, charts.small)}</summary>
<noscript><div class="body">
${facts(call, timeZone)}${findings(item)}${charts.large === "" ? nothing : html`<h3>Course</h3>${charts.large}`}
${steps(call)}${evidenceOf(item)}</div></noscript></details></li>
`;
  };
}

/** What the script sorts and filters by. */
function attributes(item: ReportedCall, number: number, clock: Safe | undefined): Html {
  const { call, findings: found } = item;
  const rules = joined([...new Set(found.map(({ rule }) => name(rule)))], html` `);
  const weight = found.reduce((sum, { severity }) => sum + weights[severity], 0);
  const { ringMs, talkMs } = call;
  return html`data-n="${number}" data-clock="${clock === undefined ? nothing : words(clock)}" data-sid="${name(call.sid)}" data-status="${text(call.status ?? "unknown")}" data-rules="${rules}" data-worst="${own(worstOf(item.findings) ?? "none")}" data-weight="${weight}" data-ring="${ringMs}" data-talk="${talkMs}" data-took="${slowestOf(call)}"`;
}

function row(item: ReportedCall, time: Safe | undefined, chart: Html): Html {
  const { call, depth, findings: found } = item;
  const { isCoarse, ringMs, talkMs, status } = call;
  const parties = partiesOf(call, escaped, safe`→`);
  const slowest = slowestOf(call);
  const rules = [...new Set(found.filter(({ severity }) => severity !== "info").map(({ rule }) => name(rule)))];
  const leg =
    depth === 0 ? nothing : html`<span class="leg">${words("└".padStart(Math.min(depth, 4), " ") as Safe)} </span>`;
  const took = (ms: number | undefined, coarse = false): Html =>
    ms === undefined ? nothing : words(formatDuration(ms, coarse));
  const look = status === "completed" ? html`sound` : nothing;
  return html`<span class="row">${markOf(worstOf(item.findings))}<span class="mono">${time === undefined ? html`?` : words(time)}</span><span class="mono">${leg}${words(shortSid(call.sid, 9, safe`…`))}</span><span class="parties mono">${parties === undefined ? nothing : words(parties)}</span><span class="status ${look}">${text(status ?? "?")}</span><span class="n ring">${took(ringMs, isCoarse)}</span><span class="n talk-time">${took(talkMs, isCoarse)}</span><span class="n took">${took(slowest)}</span>${chart}<span class="why soft">${joined(rules, html`, `)}</span></span>`;
}

function facts(call: Call, timeZone: string | undefined): Html {
  const { sid, parentSid, direction, from, to, status, steps: all } = call;
  const fact = (label: Html, value: Html | undefined): Html =>
    value === undefined ? nothing : html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  const code = (raw: Raw | undefined): Html | undefined =>
    raw === undefined ? undefined : html`<code>${text(raw)}</code>`;
  const parent =
    parentSid === undefined ? undefined : html`<a href="#call-${name(parentSid)}"><code>${name(parentSid)}</code></a>`;
  const source = all[0]?.source;
  const told = factsOf(call, timeZone).map(words);
  const when = call.start === undefined && call.end === undefined ? [] : told.slice(0, 1);
  const lengths = told.slice(when.length);
  return html`<dl class="facts">
${fact(html`Call`, html`<code class="sid">${name(sid)}</code>`)}${fact(html`Leg of`, parent)}${fact(html`Status`, status === undefined ? undefined : text(status))}${fact(html`Direction`, direction === undefined ? undefined : text(direction))}${fact(html`From`, code(from))}${fact(html`To`, code(to))}${fact(html`When`, when[0])}${fact(html`In numbers`, lengths.length === 0 ? undefined : joined(lengths, html`, `))}${fact(html`First seen in`, source === undefined ? undefined : code(`${source.input}:${source.line}`))}
</dl>
`;
}

function findings({ findings: found }: ReportedCall): Html {
  if (found.length === 0) return nothing;
  const rest = found.length - FINDINGS;
  const more = rest > 0 ? html`<p class="note">And ${rest} more.</p>` : nothing;
  const sorted = severities.flatMap((severity) => found.filter((each) => each.severity === severity));
  return html`<h3>Findings</h3><ol class="found">${sorted.slice(0, FINDINGS).map(findingRow)}</ol>${more}
`;
}

function steps({ steps: all, isCoarse }: Call): Html {
  if (all.length === 0) return nothing;
  const rest = all.length - STEPS;
  const more = rest > 0 ? html`<p class="note">And ${rest} more steps.</p>` : nothing;
  const rows = all.slice(0, STEPS).map((step) => stepRow(step, isCoarse));
  const head = html`<tr><th scope="col" class="n">Offset</th><th scope="col">Step</th><th scope="col">Status</th><th scope="col">Request</th><th scope="col" class="n">Code</th><th scope="col" class="n">Took</th><th scope="col" class="n">Seq</th><th scope="col">Event</th></tr>`;
  return html`<h3>Steps</h3><div class="wide" role="group" aria-label="Steps of the call" tabindex="0"><table><thead>${head}</thead><tbody>${rows}</tbody></table></div>${more}
`;
}

function stepRow(step: Step, isCoarse: boolean): Html {
  const { offsetMs, status, callback, sequence, id } = step;
  const at = offsetMs === undefined ? safe`?` : offset(offsetMs, isCoarse);
  const asked = callbackText(callback, escaped);
  const failed = (callback?.code ?? 0) >= 400 ? html` error` : nothing;
  const took = callback?.durationMs === undefined ? nothing : words(formatDuration(callback.durationMs));
  return html`<tr><td class="n">${words(at)}</td><td>${words(shortStepType(step))}</td><td>${text(status ?? "")}</td><td><code class="break">${asked === undefined ? nothing : words(asked)}</code></td><td class="n${failed}">${callback?.code}</td><td class="n">${took}</td><td class="n">${sequence}</td><td><code>${name(id ?? "")}</code></td></tr>
`;
}
