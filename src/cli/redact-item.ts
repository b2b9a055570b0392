import { redactMessage, redactPointer, redactStep, redactValue } from "../findings/redact-finding.ts";
import type {
  BodyFinding,
  BodyItem,
  CallData,
  CallFinding,
  CallsSummary,
  EventLabel,
  LocatedFinding,
  OutputItem,
  ReplayReport,
  Source,
  StepData,
} from "../output/items.ts";
import type { ReportItem } from "../output/report-item.ts";
import { applyEdits, type Edit, moveOffset } from "../redact/edits.ts";
import type { Redactor } from "../redact/redactor.ts";
import { linesOf } from "../twiml/twiml-text.ts";

/** The item without the people in it. What was judged was the event as it came; what is shown of it is redacted here. */
export function redactItem(item: OutputItem, redactor: Redactor): OutputItem {
  const { prose } = redactor;
  switch (item.kind) {
    case "document":
      return { ...item, text: redactor.json(item.text) };
    case "table":
    case "page":
      return item;
    case "change":
      return {
        ...item,
        source: place(item.source, redactor),
        before: redactor.byKind(item.before, "text"),
        after: redactor.byKind(item.after, "text"),
      };
    case "report":
      return reportItem(item, redactor);
    case "event":
      return { ...item, ...common(item, redactor), findings: findings(item.findings, redactor) };
    case "finding":
      return { ...item, source: place(item.source, redactor), finding: finding(item.finding, redactor) };
    case "body":
      return bodyItem(item, redactor);
    case "arrival": {
      const { from, to } = item;
      return {
        ...item,
        ...common(item, redactor),
        what: redactStep(item.what, redactor),
        ...(from !== undefined && { from: redactor.byKind(from, "party") }),
        ...(to !== undefined && { to: redactor.byKind(to, "party") }),
        findings: findings(item.findings, redactor),
      };
    }
    case "forwarded":
      return {
        ...item,
        what: prose(item.what),
        ...(item.problem !== undefined && { problem: prose(item.problem) }),
        ...(item.head !== undefined && { head: redactor.byKind(item.head, "text") }),
      };
    case "call":
      // What `evidence` shows was redacted when it was made: as a cut text it could not be read any more.
      return {
        ...item,
        call: callData(item.call, redactor),
        findings: item.findings.map((each) => callFinding(each, redactor)),
      };
    case "calls":
      return { ...item, summary: callsSummary(item.summary, redactor), coverage: prose(item.coverage) };
    case "summary":
      return { ...item, coverage: prose(item.coverage) };
    case "delivery":
      return { ...item, what: deliveryName(item.what, redactor), ids: ids(item.ids, redactor) };
    case "replay":
      return { ...item, report: replayReport(item.report, redactor), coverage: prose(item.coverage) };
    case "signature": {
      const { url, signedUrl } = item;
      return {
        ...item,
        source: place(item.source, redactor),
        method: redactor.byKind(item.method, "plain"),
        ...(url !== undefined && { url: redactor.byKind(url, "url") }),
        ...(signedUrl !== undefined && { signedUrl: redactor.byKind(signedUrl, "url") }),
        changes: item.changes.map(prose),
        notes: item.notes.map(prose),
        findings: findings(item.findings, redactor),
      };
    }
    case "signatures":
      return { ...item, coverage: prose(item.coverage) };
  }
}

/** An event's names and its place. */
function common({ event, source }: { readonly event: EventLabel; readonly source: Source }, redactor: Redactor) {
  return { event: label(event, redactor), source: place(source, redactor) };
}

/** An event's names without the people in them. */
export function label({ id, type, callSid, schema }: EventLabel, { byKind }: Redactor): EventLabel {
  return {
    ...(id !== undefined && { id: byKind(id, "id") }),
    ...(type !== undefined && { type: byKind(type, "type") }),
    ...(callSid !== undefined && { callSid: byKind(callSid, "sid") }),
    ...(schema !== undefined && { schema: byKind(schema, "plain") }),
  };
}

/** Line, column and offset stay: whoever has the input finds the place by them. */
export function place(source: Source, redactor: Redactor): Source {
  const { line, column, offset } = source;
  return { input: redactor.file(source.input), line, column, offset, path: path(source.path, redactor) };
}

/** The way through the wrappers: its keys are of whoever wrapped the event. */
function path(text: string, redactor: Redactor): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[^\s.[\]▸"]+/g, (part) => {
    if (!part.startsWith('"')) return redactor.key(part);
    return JSON.stringify(redactor.key(unquoted(part)));
  });
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

const findings = (all: readonly LocatedFinding[], redactor: Redactor): readonly LocatedFinding[] =>
  all.map((each) => finding(each, redactor));

function finding(found: LocatedFinding, redactor: Redactor): LocatedFinding {
  const { rule, severity, data, pointer, value, at } = found;
  return {
    rule,
    severity,
    message: redactMessage(rule, data, pointer, redactor),
    ...(pointer !== undefined && { pointer: redactPointer(pointer, redactor) }),
    ...(value !== undefined && { value: redactValue(value, pointer, redactor) }),
    ...(at !== undefined && { at }),
    get line() {
      return found.line;
    },
    get column() {
      return found.column;
    },
  };
}

/** A decoded body without the people in it; where it cannot be read none of it is shown. */
export function bodyItem(item: BodyItem, redactor: Redactor): BodyItem {
  const { contentType, note } = item;
  const replaced = `[unparsed ${item.bytes} bytes]`;
  const isText = item.body !== "binary" && item.body !== "html" && item.body !== "empty";
  const edits = isText ? redactor.bodyEdits(item.shown) : undefined;
  const textEdits = isText ? redactor.bodyEdits(item.text) : undefined;
  const isEmpty = item.body === "empty";
  const shown = edits === undefined ? (isEmpty ? "" : replaced) : applyEdits(item.shown, edits);
  return {
    ...item,
    ...common(item, redactor),
    ...(contentType !== undefined && { contentType: redactor.byKind(contentType, "media") }),
    charset: redactor.byKind(item.charset, "plain"),
    text: textEdits === undefined ? (isEmpty ? "" : replaced) : applyEdits(item.text, textEdits),
    shown,
    ...(note !== undefined && { note: redactor.prose(note) }),
    findings: bodyFindings(item, edits ?? [], shown, redactor),
  };
}

function bodyFindings(
  { findings, shown }: BodyItem,
  edits: readonly Edit[],
  after: string,
  redactor: Redactor,
): readonly BodyFinding[] {
  const [linesBefore, linesAfter] = [linesOf(shown), linesOf(after)];
  return findings.map((found) => {
    const bare = finding(found, redactor);
    const { shownAt } = found;
    if (shownAt === undefined) return bare;
    const offset = Math.min(moveOffset(linesBefore.offsetOf(shownAt), edits), after.length);
    const { line, column } = bare;
    return { ...bare, line, column, shownAt: linesAfter.placeOf(offset) };
  });
}

function callData(call: CallData, redactor: Redactor): CallData {
  const { byKind } = redactor;
  const { sid, parentSid, direction, from, to, status, steps } = call;
  return {
    ...call,
    sid: byKind(sid, "sid"),
    parentSid: parentSid && byKind(parentSid, "sid"),
    direction: direction && byKind(direction, "plain"),
    from: from && byKind(from, "party"),
    to: to && byKind(to, "party"),
    status: status && byKind(status, "plain"),
    steps: steps.map((step) => stepData(step, redactor)),
  };
}

function stepData(step: StepData, redactor: Redactor): StepData {
  const { byKind } = redactor;
  const { status, type, id, callback, source } = step;
  const { method, url } = callback ?? {};
  return {
    ...step,
    status: status && byKind(status, "plain"),
    type: type && byKind(type, "type"),
    id: id && byKind(id, "id"),
    callback: callback && { ...callback, method: method && byKind(method, "plain"), url: url && byKind(url, "url") },
    source: place(source, redactor),
  };
}

function callFinding(found: CallFinding, redactor: Redactor): CallFinding {
  const { rule, severity, data, source, pointer, value, more } = found;
  return {
    rule,
    severity,
    message: redactMessage(rule, data, pointer, redactor),
    source: place(source, redactor),
    ...(pointer !== undefined && { pointer: redactPointer(pointer, redactor) }),
    ...(value !== undefined && { value: redactValue(value, pointer, redactor) }),
    ...(more !== undefined && { more }),
  };
}

/** The head of a report. Its title is the user's own. */
function reportItem(item: ReportItem, redactor: Redactor): ReportItem {
  const { byKind } = redactor;
  return {
    ...item,
    inputs: item.inputs.map(redactor.file),
    summary: callsSummary(item.summary, redactor),
    rules: item.rules.map(({ data, ...each }) => ({
      ...each,
      message: redactMessage(each.rule, data, undefined, redactor),
      examples: each.examples.map((sid) => byKind(sid, "sid")),
    })),
    urls: item.urls.map((each) => ({ ...each, url: each.url && byKind(each.url, "url") })),
    types: item.types.map((each) => ({ ...each, type: byKind(each.type, "type") })),
    loose: item.loose.map((each) => callFinding(each, redactor)),
    unlisted: item.unlisted.map(({ status, calls }) => ({ status: byKind(status, "plain"), calls })),
    coverage: redactor.prose(item.coverage),
  };
}

/** Statuses that look alike once they are redacted are counted together. */
function callsSummary(summary: CallsSummary, redactor: Redactor): CallsSummary {
  const counts = new Map<string, number>();
  for (const { status, calls } of summary.statuses) {
    const shown = redactor.byKind(status, "plain");
    counts.set(shown, (counts.get(shown) ?? 0) + calls);
  }
  const statuses = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return { ...summary, statuses: statuses.map(([status, calls]) => ({ status, calls })) };
}

const ids = (all: readonly string[], { byKind }: Redactor): readonly string[] => all.map((id) => byKind(id, "id"));

/** `status-callback.call.ringing CA…`: the name of the type, and the call. */
function deliveryName(what: string, redactor: Redactor): string {
  return what.replace(/\S+/g, (word) =>
    /^[A-Z]{2}/.test(word) && word !== "POST" ? redactor.byKind(word, "sid") : redactStep(word, redactor),
  );
}

function replayReport(report: ReplayReport, redactor: Redactor): ReplayReport {
  return {
    ...report,
    failures: report.failures.map((failure) => ({
      ...failure,
      what: typeof failure.what === "number" ? failure.what : redactor.prose(failure.what),
      example: redactor.byKind(failure.example, "text"),
      ids: ids(failure.ids, redactor),
    })),
    differingIds: ids(report.differingIds, redactor),
  };
}
