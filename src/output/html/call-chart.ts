import type { Call, Step } from "../../calls/call.ts";
import { shortStepType } from "../../calls/call-text.ts";
import { type Html, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import { scaleOf } from "../terminal/chart.ts";
import { html, nothing, own, percent, words } from "./markup.ts";
import type { ReportedCall } from "./report-content.ts";

/** Bars stand at thousandths of the width; labels need some hundredths for themselves. */
const FINE = 1001;
const COARSE = 81;

/** What a phase looks like: the further a call has come, the higher the bar, so that color does not say it alone. */
const looks = {
  setup: { look: "setup", height: 5 },
  "before answer": { look: "setup", height: 5 },
  ringing: { look: "ringing", height: 9 },
  "in progress": { look: "talk", height: 13 },
  call: { look: "setup", height: 9 },
} as const satisfies Record<Call["phases"][number]["name"], { readonly look: string; readonly height: number }>;

type Outcome = "answered" | "failed" | "none";

const outcomeOf = ({ callback }: Step): Outcome =>
  callback?.code === undefined ? "none" : callback.code >= 400 ? "failed" : "answered";

/** A cross around the origin, apart from what is below it. */
const cross = (title: Html): Html =>
  html`<path class="halo" d="M-3.5-3.5 3.5 3.5M-3.5 3.5 3.5-3.5"/><path class="bad-dot" d="M-3.5-3.5 3.5 3.5M-3.5 3.5 3.5-3.5">${title}</path>`;

/** So many steps have a mark; a chart of more is a smear. */
const MARKS = 60;

/** The chart of a call: `small` for the list, `large` with its axis and marks; both empty where no time is known. */
export function chartsOf({ call, moments }: ReportedCall): { readonly small: Html; readonly large: Html } {
  const origin = call.steps.find(({ at }) => at !== undefined)?.at;
  const [from, to] = [moments[0], moments.at(-1)];
  if (origin === undefined || from === undefined || to === undefined || to <= from) {
    return { small: html`<span class="mini"></span>`, large: nothing };
  }
  const shift = origin - from;
  const fine = scaleOf(moments, FINE);
  const x = (ms: number): number => 0.004 + (fine.column(ms) / (FINE - 1)) * 0.988;

  const bars = (middle: number): readonly Html[] =>
    call.phases.map(({ name, fromMs, toMs, isOpen }) => {
      const { look, height } = looks[name];
      const [start, end] = [x(fromMs + shift), x(toMs + shift)];
      const title = html`<title>${words(phaseText({ name, fromMs, toMs, isOpen }, call.isCoarse))}</title>`;
      return html`<rect class="${isOpen ? html`open ` : nothing}${own(look)}" x="${percent(start)}%" y="${middle - height / 2}" width="${percent(Math.max(0.002, end - start))}%" height="${height}">${title}</rect>`;
    });
  const cuts = (top: number, bottom: number): readonly Html[] =>
    fine.cuts.map((column, index) => {
      const at = column / (FINE - 1) + (index % 2 === 0 ? -0.002 : 0.003);
      return html`<line class="cut" x1="${percent(at - 0.002)}%" x2="${percent(at + 0.002)}%" y1="${bottom}" y2="${top}"/>`;
    });
  const marks = (middle: number): readonly Html[] =>
    call.steps.slice(0, MARKS).flatMap((step) => {
      if (step.offsetMs === undefined) return [];
      const at = percent(x(step.offsetMs + shift));
      const title = html`<title>${words(stepText(step, call.isCoarse))}</title>`;
      const outcome = outcomeOf(step);
      if (outcome === "failed") {
        return [html`<svg x="${at}%" y="${middle}" class="over">${cross(title)}</svg>`];
      }
      return [
        html`<circle class="${outcome === "none" ? html`no-dot` : html`answered`}" cx="${at}%" cy="${middle}" r="3.5">${title}</circle>`,
      ];
    });

  const coarse = scaleOf(moments, COARSE);
  const ticks = coarse.ticks.map(({ at, label }) => {
    const place = x(at);
    const side = place > 0.93 ? html`end` : place < 0.03 ? html`start` : html`middle`;
    return html`<line class="axis" x1="${percent(place)}%" x2="${percent(place)}%" y1="15" y2="19"/><text x="${percent(place)}%" y="11" text-anchor="${side}">${words(label)}</text>`;
  });
  const says = words(summaryOf(call));
  const small = html`<svg class="mini" aria-hidden="true">${bars(7)}${cuts(0, 14)}${call.steps
    .slice(0, MARKS)
    .filter((step) => outcomeOf(step) === "failed" && step.offsetMs !== undefined)
    .map(
      (step) => html`<svg x="${percent(x((step.offsetMs ?? 0) + shift))}%" y="7" class="over">${cross(nothing)}</svg>`,
    )}</svg>`;
  const large = html`<figure><svg class="chart" role="img" aria-label="${says}">
<line class="axis" x1="0" x2="100%" y1="19" y2="19"/>${ticks}
${bars(34)}${cuts(24, 44)}
${marks(54)}</svg><figcaption class="key">${keysOf(call)}</figcaption></figure>`;
  return { small, large };
}

function phaseText({ name, fromMs, toMs, isOpen }: Call["phases"][number], isCoarse: boolean): Safe {
  return isOpen ? safe`${name as Safe}, end unknown` : safe`${name as Safe} ${formatDuration(toMs - fromMs, isCoarse)}`;
}

function stepText(step: Step, isCoarse: boolean): Safe {
  const { offsetMs, callback } = step;
  const at = offsetMs === undefined ? safe`` : safe` after ${formatDuration(offsetMs, isCoarse)}`;
  const code = callback?.code === undefined ? safe`without a recorded answer` : safe`answered ${callback.code}`;
  const took = callback?.durationMs === undefined ? safe`` : safe` in ${formatDuration(callback.durationMs)}`;
  return safe`${shortStepType(step)}${at}: ${code}${took}`;
}

function summaryOf({ phases, steps, isCoarse }: Call): Safe {
  const parts = phases.map((phase) => phaseText(phase, isCoarse));
  const failed = steps.filter((step) => outcomeOf(step) === "failed").length;
  parts.push(safe`${steps.length} steps${failed === 0 ? safe`` : safe`, ${failed} answered with an error`}`);
  return `Chart of the call: ${parts.join(", ")}` as Safe;
}

function keysOf({ phases, steps, isCoarse }: Call): readonly Html[] {
  const bars = phases.map((phase) => {
    const { look, height } = looks[phase.name];
    const says = phaseText(phase, isCoarse);
    return html`<span><svg aria-hidden="true"><rect class="${own(look)}" y="${(13 - height) / 2}" width="100%" height="${height}"/></svg>${words(says)}</span>`;
  });
  const says = { answered: safe`answered`, failed: safe`failed`, none: safe`without a recorded answer` };
  const dots = {
    answered: html`<circle class="answered" cx="50%" cy="50%" r="3.5"/>`,
    failed: html`<svg x="50%" y="50%" class="over">${cross(nothing)}</svg>`,
    none: html`<circle class="no-dot" cx="50%" cy="50%" r="3.5"/>`,
  };
  const marks = (["answered", "failed", "none"] as const).flatMap((outcome) => {
    const count = steps.filter((step) => outcomeOf(step) === outcome).length;
    if (count === 0) return [];
    return [html`<span><svg aria-hidden="true">${dots[outcome]}</svg>${count} ${words(says[outcome])}</span>`];
  });
  return [...bars, ...marks];
}
