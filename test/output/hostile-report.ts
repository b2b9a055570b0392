import { html } from "../../src/output/formats/html.ts";
import { aCall, pipe, report, source, step, withBody } from "./hostile.ts";
import { type CallItemData, type ItemData, type ReportData, toItem } from "./item-data.ts";

/** What a report begins with, with the texts in each string of it that comes from outside. */
function headOf(texts: readonly string[]): ReportData & { readonly kind: "report" } {
  const [first = ""] = texts;
  const place = { ...source, input: first, path: first };
  return {
    ...report,
    title: first,
    inputs: texts.slice(0, 3),
    coverage: texts.join(" "),
    summary: { ...report.summary, statuses: texts.map((status) => ({ status, calls: 2 })) },
    rules: texts.map((rule) => ({
      ...{ rule, severity: "error", says: rule, help: rule, message: rule, examples: [rule] },
      ...{ findings: 2, calls: 1 },
    })),
    urls: texts.map((url) => ({
      ...{ url, requests: 2, failed: 1, codes: [{ code: 500, count: 1 }], took: undefined, slowestMs: 3 },
    })),
    types: texts.map((type) => ({ type, events: 1, status: "deprecated", replacement: type })),
    loose: texts.map((text) => ({ rule: text, severity: "error", message: text, source: place, value: text })),
    unlisted: texts.map((status) => ({ status, calls: 1 })),
  };
}

/** A call with the text in each string of it; its number tells it from others. */
function callOf(text: string, number: number): CallItemData {
  const body = withBody({ shown: `<Say voice="${text}">${text}</Say>\n\t${text}`, contentType: text, note: text });
  const place = { ...source, input: text, path: text };
  const finding = { rule: text, severity: "error", message: text, source: place, pointer: text, value: text } as const;
  const callback = { method: text, url: text, code: 500, durationMs: 1 };
  return {
    kind: "call",
    detail: "whole",
    depth: number % 3,
    moments: [1_756_043_381_661, 1_756_043_388_102, 1_756_043_981_661],
    call: {
      ...aCall,
      sid: `${text}${number}`,
      ...{ parentSid: text, direction: text, from: text, to: text, status: text, clocks: [text], isCoarse: true },
      steps: [
        { ...step, type: text, status: text, id: text, callback },
        { ...step, source: place, callback: { ...callback, url: `https://${text}/${text}`, code: 200 } },
        { ...step, callback: undefined },
      ],
    },
    findings: [finding, { ...finding, severity: "warning" }, { ...finding, severity: "info", more: 2 }],
    evidence: [{ event: { type: text, id: text }, source: place, text: `{\n  "a": "${text}"\n}`, cut: 3, body }],
  };
}

/** A whole report with the texts everywhere: all in its head, and a call of each. */
export function documentOf(texts: readonly string[]): string {
  const { render, end } = html(pipe);
  const items: readonly ItemData[] = [headOf(texts), ...texts.map(callOf)];
  return items.map((item) => render(toItem(item))).join("") + end();
}

/** Every element that a report has, and every attribute. */
export const elements: ReadonlySet<string> = new Set(
  (
    "html head meta title style body a header h1 h2 h3 p main dl dt dd div span b section ol li details summary " +
    "code button figure figcaption svg g line rect circle path text table thead tbody tr th td label input select option " +
    "noscript pre footer script"
  ).split(" "),
);

export const attributes: ReadonlySet<string> = new Set(
  (
    "open lang charset http-equiv content name class href id hidden type role tabindex scope value autocomplete spellcheck " +
    "aria-label aria-hidden aria-pressed data-n data-clock data-sid data-status data-rules data-rule data-worst data-weight " +
    "data-ring data-talk data-took data-by data-first data-kind data-way x y x1 x2 y1 y2 cx cy r rx width height d " +
    "text-anchor"
  ).split(" "),
);
