import { redactFinding, redactMembers, redactSource } from "../findings/redact-located.ts";
import { safe } from "../output/escape.ts";
import { offset } from "../output/format-duration.ts";
import { TWILIO } from "../output/formats/mermaid.ts";
import type { Diagram, MarkdownPage, OutputItem } from "../output/items.ts";
import { asCode, asFact, table } from "../output/markdown-text.ts";
import { glyphsFor } from "../output/terminal/screen.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { Call, Step } from "./call.ts";
import { callLines } from "./call-block.ts";
import { createCallRows } from "./call-rows.ts";
import { callbackText, durationText, factsOf, partiesOf, type ShownCall, shortStepType } from "./call-text.ts";
import type { CallFinding } from "./check-call.ts";

/** A call with what is wrong with it. */
export function callItem(shown: ShownCall): OutputItem {
  const { call, findings, detail } = shown;
  return {
    text(style) {
      style.explain(findings);
      if (detail === "whole") return style.block(callLines(shown, style));
      return style.line(style.state(createCallRows).add(shown));
    },
    redacted: (redactor) => callItem(redactCall(shown, redactor)),
    section: "calls",
    json: () => callJson(shown),
    markdown: (page) => (detail === "whole" ? markdownBlock(shown, page) : markdownRow(shown, page)),
    mermaid: (diagram) => diagramLines(shown, diagram),
    reportable: () => ({
      subject: "call",
      label: { callSid: call.sid },
      names: [call.sid],
      source: undefined,
      findings: findings.map(({ source, ...finding }) => ({
        finding: { ...finding, line: source.line, column: source.column },
        source,
      })),
    }),
    isCall: true,
  };
}

/** A call without the people in it. */
export function redactCall<Shown extends ShownCall>(shown: Shown, redactor: Redactor): Shown {
  const { call, findings } = shown;
  const kinds = {
    sid: "sid",
    parentSid: "sid",
    direction: "plain",
    from: "party",
    to: "party",
    status: "plain",
  } as const;
  const steps = call.steps.map((step) => redactStep(step, redactor));
  return {
    ...shown,
    call: redactMembers({ ...call, steps }, kinds, redactor),
    findings: findings.map((each) => redactCallFinding(each, redactor)),
  };
}

function redactStep(step: Step, redactor: Redactor): Step {
  const { callback, source } = step;
  return {
    ...redactMembers(step, { status: "plain", type: "type", id: "id" }, redactor),
    callback: callback && redactMembers(callback, { method: "plain", url: "url" }, redactor),
    source: redactSource(source, redactor),
  };
}

/** A finding of a call without the people in it. */
export function redactCallFinding<Found extends CallFinding>(found: Found, redactor: Redactor): Found {
  const redacted = { ...redactFinding(found, redactor), source: redactSource(found.source, redactor) };
  return { ...found, ...redacted, data: undefined };
}

/** What is not known of a call is absent. Times are ISO 8601 in UTC. */
function callJson({ call, findings }: ShownCall) {
  const { sid, parentSid, direction, from, to, status, start, end, totalMs, ringMs, talkMs, steps } = call;
  return {
    ...{ sid, parentSid, direction, from, to, status, start: iso(start), end: iso(end), totalMs, ringMs, talkMs },
    steps: steps.map(({ stage, status, at, offsetMs, sequence, type, id, callback, source }) => ({
      ...{ stage, status, at: iso(at), offsetMs, sequence, type, id, callback, source },
    })),
    findings: findings.map(({ rule, severity, message, source }) => ({ rule, severity, message, source })),
  };
}

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

function markdownBlock({ call, findings, depth }: ShownCall, { screen, text, code, block }: MarkdownPage): string {
  const title = `${"#".repeat(Math.min(2 + depth, 6))} Call ${code(call.sid)}: ${code(call.status ?? "status unknown")}`;
  const parties = partiesOf(call, text, glyphsFor(screen).to);
  const what = [code(call.direction), asCode(parties ?? safe``)].filter((each) => each !== "");
  const facts = factsOf(call, screen.timeZone);
  const rows = call.steps.map((step) => [
    step.offsetMs === undefined ? "" : offset(step.offsetMs, call.isCoarse),
    asCode(shortStepType(step)),
    code(step.status),
    asCode(callbackText(step.callback, text) ?? safe``),
    step.callback?.code ?? "",
    durationText(step.callback?.durationMs) ?? "",
    step.sequence ?? "",
    code(step.id),
  ]);
  const steps = table(["offset", "type", "status", "callback", "code", "took", "seq", "event"], rows);
  const list = findings.map(
    ({ rule, severity, message, source }) =>
      `- **${severity}** ${code(rule)}: ${code(message)} at ${code(`${source.input}:${source.line}:${source.column}`)}`,
  );
  return block([title, [...what, ...facts.map(asFact)].join(", "), steps, list.join("\n")]);
}

function markdownRow({ call, findings }: ShownCall, { screen, text, clock, code, row }: MarkdownPage): string {
  const { start, end, isCoarse } = call;
  const at = start ?? end;
  const shown = at === undefined ? undefined : clock(at, isCoarse);
  return row(
    ["start", "call", "from and to", "status", "ring", "talk", "findings"],
    [
      shown === undefined ? "" : `${shown.date} ${shown.time} ${asFact(shown.zone)}`,
      code(call.sid),
      asCode(partiesOf(call, text, glyphsFor(screen).to) ?? safe``),
      code(call.status),
      durationText(call.ringMs, isCoarse) ?? "",
      durationText(call.talkMs, isCoarse) ?? "",
      [...new Set(findings.map(({ rule }) => code(rule)))].join(", "),
    ],
  );
}

function diagramLines({ call, findings }: ShownCall, diagram: Diagram): readonly string[] {
  const { text, entities, to } = diagram;
  const title = [text(call.sid), text(call.status ?? ""), partiesOf(call, text, to) ?? ""];
  const note = (words: string): string => `Note over ${TWILIO}: ${entities(words)}`;
  return [
    note(title.filter((part) => part !== "").join(", ")),
    ...call.steps.flatMap((step) => diagramStep(step, call, diagram)),
    ...findings.map(({ rule, message }) => note(`${text(rule)}: ${text(message)}`)),
  ];
}

function diagramStep(step: Step, { isCoarse }: Call, { text, entities, introduce }: Diagram): readonly string[] {
  const { offsetMs, stage, status, type, callback } = step;
  const when = offsetMs === undefined ? "" : `${offset(offsetMs, isCoarse)} `;
  const ending = stage === "completed" && status !== undefined ? ` ${text(status)}` : "";
  const what = `${when}${shortStepType(step)}${ending}`;
  if (callback?.url === undefined) return [`Note over ${TWILIO}: ${entities(what)}`];
  const isApi = type?.startsWith("com.twilio.voice.api-request.") === true;
  const { name, lines } = isApi ? { name: "Client", lines: [] } : introduce(callback.url);
  const [from, into] = isApi ? [name, TWILIO] : [TWILIO, name];
  const asked = `${from}->>${into}: ${entities(`${what}, ${callbackText(callback, text) ?? ""}`)}`;
  const { code, durationMs } = callback;
  if (code === undefined) return [...lines, asked];
  const took = durationMs === undefined ? "" : ` after ${durationText(durationMs)}`;
  return [...lines, asked, `${into}${code >= 400 ? "--x" : "-->>"}${from}: ${code}${took}`];
}
