import { count, grouped } from "../output/count-text.ts";
import { escapeIdentifier, maskXmlPasswords, type Raw, type Safe, safe, sign } from "../output/escape.ts";
import type { MarkdownPage, OutputItem } from "../output/items.ts";
import type { EventLabel, LocatedFinding, Source } from "../output/located-finding.ts";
import { asBlock, asCode } from "../output/markdown-text.ts";
import { reportableAt, worstOf } from "../output/reportable.ts";
import { findingLines, header } from "../output/terminal/finding-lines.ts";
import { displayWidth, pad, wrap } from "../output/terminal/layout.ts";
import { paintXml } from "../output/terminal/paint-xml.ts";
import type { TerminalStyle } from "../output/terminal/style.ts";
import { applyEdits, moveOffset } from "../redact/edits.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { DecodedBody } from "../twiml/decode/decode-body.ts";
import { linesOf, type Place } from "../twiml/twiml-text.ts";
import { findingJson } from "./event-item.ts";
import { redactLabel, redactLocated, redactMembers, redactSource } from "./redact-located.ts";

/** What the customer's server answered, decoded. */
export interface LocatedBody {
  readonly event: EventLabel;
  readonly source: Source;
  /** Status code and duration of the answer, where they are known. */
  readonly code?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly contentType?: Raw | undefined;
  readonly charset: Raw;
  /** The size in bytes, decoded. */
  readonly bytes: number;
  readonly body: DecodedBody["kind"];
  /** The characters as they were sent. */
  readonly text: Raw;
  /** The text as a person reads it: indented, or a dump of bytes. */
  readonly shown: Raw;
  /** What the body is where its text does not say it. */
  readonly note?: Raw | undefined;
  readonly findings: readonly BodyFinding[];
}

export interface BodyFinding extends LocatedFinding {
  /** Where `at` stands in the shown text. */
  readonly shownAt?: Place;
}

const kinds = {
  twiml: { name: safe`TwiML`, language: "xml" },
  xml: { name: safe`XML that is no TwiML`, language: "xml" },
  json: { name: safe`JSON`, language: "json" },
  html: { name: safe`HTML`, language: "html" },
  text: { name: safe`text`, language: "text" },
  binary: { name: safe`binary`, language: "text" },
  empty: { name: safe`an empty body`, language: "text" },
} as const satisfies Record<LocatedBody["body"], { readonly name: Safe; readonly language: string }>;

/** A decoded body: what it is, its lines with their numbers, and under each line what is wrong there. */
export function bodyItem(located: LocatedBody): OutputItem {
  const { event, source, contentType, charset, bytes, body, note, text, findings } = located;
  const item: OutputItem = {
    text(style) {
      style.explain(findings);
      return style.block(bodyLines(located, style));
    },
    redacted: (redactor) => bodyItem(redactBody(located, redactor)),
    section: "bodies",
    json: () => ({
      ...{ event, source, contentType, charset, bytes, kind: body, note },
      text: maskXmlPasswords(text),
      findings: findings.map(findingJson),
    }),
    reportable: () => reportableAt(located, "body", event),
    markdown(page) {
      page.add(item, (cut) => markdownBlock(located, cut));
      return "";
    },
  };
  return item;
}

/** A decoded body without the people in it; where it cannot be read none of it is shown. */
export function redactBody(located: LocatedBody, redactor: Redactor): LocatedBody {
  const { body, bytes, note, text, findings } = located;
  const isText = body !== "binary" && body !== "html" && body !== "empty";
  const replaced = body === "empty" ? "" : `[unparsed ${bytes} bytes]`;
  const [edits, textEdits] = isText ? [redactor.bodyEdits(located.shown), redactor.bodyEdits(text)] : [];
  const shown = edits === undefined ? replaced : applyEdits(located.shown, edits);
  const [linesBefore, linesAfter] = [linesOf(located.shown), linesOf(shown)];
  return {
    ...redactMembers(located, { contentType: "media", charset: "plain" }, redactor),
    event: redactLabel(located.event, redactor),
    source: redactSource(located.source, redactor),
    text: textEdits === undefined ? replaced : applyEdits(text, textEdits),
    shown,
    note: note && redactor.prose(note),
    findings: findings.map((found) => {
      const { shownAt, line, column } = found;
      const redacted = redactLocated(found, redactor);
      if (shownAt === undefined) return redacted;
      const offset = Math.min(moveOffset(linesBefore.offsetOf(shownAt), edits ?? []), shown.length);
      return { ...redacted, line, column, shownAt: linesAfter.placeOf(offset) };
    }),
  };
}

function linesIn(shown: Raw): readonly Raw[] {
  const lines = shown === "" ? [] : shown.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function bodyLines(located: LocatedBody, style: TerminalStyle): Safe[] {
  const { event, source, body, findings } = located;
  const { colors } = style;
  const lines = linesIn(located.shown);
  const gutter = String(lines.length).length;
  const placed = new Map<number, BodyFinding[]>();
  const stray: BodyFinding[] = [];
  for (const finding of findings) {
    const line = finding.shownAt?.line;
    if (line === undefined || line > lines.length) stray.push(finding);
    else if (!placed.get(line)?.push(finding)) placed.set(line, [finding]);
  }
  const paint = body === "twiml" || body === "xml" ? paintXml(colors) : (line: Safe) => line;
  const block = [...header(worstOf(findings) ?? "valid", source, event, style), ...about(located, style)];
  for (const [index, line] of lines.entries()) {
    const number = pad(safe``, gutter - String(index + 1).length);
    block.push(safe`  ${colors.dim(safe`${number}${index + 1} ${bar(style)}`)} ${paint(writeLine(line, style))}`);
    for (const finding of placed.get(index + 1) ?? []) block.push(...noteLines(finding, line, gutter, style));
  }
  return [...block, ...findingLines(stray, source, style)];
}

const bar = ({ screen }: TerminalStyle): Safe => (screen.ascii ? safe`|` : sign("│"));

/** The status, duration, type and size of the answer in one line. */
function about(
  { code, durationMs, contentType, body, bytes, note }: LocatedBody,
  { colors, glyphs, text, width }: TerminalStyle,
): Safe[] {
  const { name } = kinds[body];
  const phrases = [
    ...(code === undefined ? [] : [durationMs === undefined ? safe`${code}` : safe`${code} in ${durationMs} ms`]),
    ...(contentType === undefined ? [] : [text(contentType)]),
    body === "empty" ? name : safe`${bytes} bytes of ${name}`,
    ...(note === undefined ? [] : [text(note)]),
  ];
  return wrap(phrases.join(` ${glyphs.also} `) as Safe, width - 4).map((line) => safe`    ${colors.dim(line)}`);
}

/** Behind so many characters nobody finds a caret. */
const MAX_CARET_COLUMN = 1000;

/** With less room than this behind the caret, the words go under it. */
const MIN_NOTE_WIDTH = 40;

/** A finding under its line, a caret below its column; one that is far to the right says its column instead. */
function noteLines(finding: BodyFinding, line: Raw, gutter: number, style: TerminalStyle): Safe[] {
  const { colors, glyphs, text, width } = style;
  const paint = colors[finding.severity];
  const at = finding.shownAt?.column ?? 1;
  const margin = safe`  ${pad(safe``, gutter)} ${colors.dim(bar(style))} `;
  const room = width - gutter - 5;
  const head = safe`${glyphs[finding.severity]} ${escapeIdentifier(finding.rule)}`;
  const words = (place: Safe, indent: number) => {
    const [first = safe``, ...rest] = wrap(
      safe`${head}: ${place}${text(finding.message)}`,
      Math.max(20, room - indent),
    );
    const isWhole = first.startsWith(head);
    return [isWhole ? safe`${paint(head)}${first.slice(head.length) as Safe}` : first, ...rest];
  };
  const under = (place: Safe) => words(place, 4).map((each) => safe`${margin}    ${each}`);
  if (at > MAX_CARET_COLUMN) return under(safe`column ${at}: `);
  const before = writeLine(line.slice(0, at - 1), style);
  // Tabs stay tabs, so that the caret keeps its column wherever the terminal's stops are.
  const indent = before.replace(/[^\t]+/g, (run) => " ".repeat(displayWidth(run as Safe))) as Safe;
  const caret = safe`${margin}${indent}${paint(safe`^`)}`;
  const column = displayWidth(before) + 2;
  if (column > room - MIN_NOTE_WIDTH) return [caret, ...under(safe``)];
  const [first = safe``, ...rest] = words(safe``, column);
  return [safe`${caret} ${first}`, ...rest.map((each) => safe`${margin}${indent}  ${each}`)];
}

/** How a line of a body is written: passwords masked, escaped but for tabs, which can only stand between words. */
const writeLine = (line: Raw, { text }: TerminalStyle): Safe =>
  maskXmlPasswords(line).split("\t").map(text).join("\t") as Safe;

/** So many lines of a body are shown in Markdown. */
const MAX_MARKDOWN_LINES = 60;

function markdownBlock(
  { event, source, code, durationMs, contentType, bytes, body, note, shown }: LocatedBody,
  cut: MarkdownPage["text"],
): string {
  const asCutCode = (raw: Raw): string => asCode(cut(raw));
  const lines = linesIn(shown);
  const first = lines.slice(0, MAX_MARKDOWN_LINES).map((line) => cut(maskXmlPasswords(line)));
  const took = durationMs === undefined ? "" : ` in ${durationMs} ms`;
  const names = [`${source.input}:${source.line}:${source.column}`, event.callSid ?? event.id ?? "", contentType ?? ""];
  const facts = [
    ...names.map(asCutCode),
    code === undefined ? "" : `${code}${took}`,
    `${grouped(bytes)} bytes`,
    asCutCode(note ?? ""),
  ];
  const rest = lines.length - first.length;
  const left = rest > 0 ? `\n\n${count(rest, safe`more line`)}` : "";
  return `${facts.filter((each) => each !== "").join(", ")}\n\n${asBlock(first, kinds[body].language)}${left}`;
}
