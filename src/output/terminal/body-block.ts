import { escapeIdentifier, maskXmlPasswords, type Raw, type Safe, safe, sign } from "../escape.ts";
import type { BodyFinding, BodyItem } from "../items.ts";
import { type Colors, findingLines, header, type TerminalStyle } from "./blocks.ts";
import { displayWidth, pad, wrap } from "./layout.ts";
import { paintXml } from "./paint-xml.ts";
import { glyphsFor, textFor } from "./screen.ts";

const names = {
  twiml: safe`TwiML`,
  xml: safe`XML that is no TwiML`,
  json: safe`JSON`,
  html: safe`HTML`,
  text: safe`text`,
  binary: safe`binary`,
  empty: safe`an empty body`,
} as const satisfies Record<BodyItem["body"], Safe>;

/** A decoded body: what it is, its lines with their numbers, and under each line what is wrong there. */
export function bodyLines(item: BodyItem, shown: readonly BodyFinding[], brush: TerminalStyle): Safe[] {
  const { colors } = brush;
  const lines = item.shown === "" ? [] : item.shown.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const gutter = String(lines.length).length;
  const placed = new Map<number, BodyFinding[]>();
  const stray: BodyFinding[] = [];
  for (const finding of shown) {
    const line = finding.shownAt?.line;
    if (line === undefined || line > lines.length) stray.push(finding);
    else if (!placed.get(line)?.push(finding)) placed.set(line, [finding]);
  }
  const paint = item.body === "twiml" || item.body === "xml" ? paintXml(colors) : (line: Safe) => line;
  const textOf = lineWriter(brush);
  const block = [...header(worstOf(shown), item.source, item.event, brush), ...about(item, brush)];
  for (const [index, line] of lines.entries()) {
    const number = pad(safe``, gutter - String(index + 1).length);
    block.push(safe`  ${colors.dim(safe`${number}${index + 1} ${bar(brush)}`)} ${paint(textOf(line))}`);
    for (const finding of placed.get(index + 1) ?? []) block.push(...note(finding, line, gutter, brush));
  }
  return [...block, ...findingLines(stray, item.source, brush)];
}

const bar = ({ screen }: TerminalStyle): Safe => (screen.ascii ? safe`|` : sign("│"));

/** The status, duration, type and size of the answer in one line. */
function about(item: BodyItem, { colors, screen, width }: TerminalStyle): Safe[] {
  const { also } = glyphsFor(screen);
  const text = textFor(screen);
  const phrases: Safe[] = [];
  if (item.code !== undefined) {
    phrases.push(item.durationMs === undefined ? safe`${item.code}` : safe`${item.code} in ${item.durationMs} ms`);
  }
  if (item.contentType !== undefined) phrases.push(text(item.contentType));
  phrases.push(item.body === "empty" ? names.empty : safe`${item.bytes} bytes of ${names[item.body]}`);
  if (item.note !== undefined) phrases.push(text(item.note));
  return wrap(phrases.join(` ${also} `) as Safe, width - 4).map((line) => safe`    ${colors.dim(line)}`);
}

/** A finding under its line, a caret below its column; one that is far to the right says its column instead. */
function note(finding: BodyFinding, line: Raw, gutter: number, brush: TerminalStyle): Safe[] {
  const { colors, screen, width } = brush;
  const paint = colors[finding.severity];
  const at = finding.shownAt?.column ?? 1;
  const margin = safe`  ${pad(safe``, gutter)} ${colors.dim(bar(brush))} `;
  const room = width - gutter - 5;
  const head = safe`${glyphsFor(screen)[finding.severity]} ${escapeIdentifier(finding.rule)}`;
  const message = textFor(screen)(finding.message);
  const words = (place: Safe, indent: number) => {
    const [first = safe``, ...rest] = wrap(safe`${head}: ${place}${message}`, Math.max(20, room - indent));
    return [paintHead(first, head, paint), ...rest];
  };
  const under = (place: Safe) => words(place, 4).map((each) => safe`${margin}    ${each}`);
  if (at > FARTHEST) return under(safe`column ${at}: `);
  const before = lineWriter(brush)(line.slice(0, at - 1));
  // Tabs stay tabs, so that the caret keeps its column wherever the terminal's stops are.
  const indent = before.replace(/[^\t]+/g, (run) => " ".repeat(displayWidth(run as Safe))) as Safe;
  const caret = safe`${margin}${indent}${paint(safe`^`)}`;
  const column = displayWidth(before) + 2;
  if (column > room - narrowestNote) return [caret, ...under(safe``)];
  const [first = safe``, ...rest] = words(safe``, column);
  return [safe`${caret} ${first}`, ...rest.map((each) => safe`${margin}${indent}  ${each}`)];
}

/** Behind so many characters nobody finds a caret. */
const FARTHEST = 1000;

/** With less room than this behind the caret, the words go under it. */
const narrowestNote = 40;

function paintHead(line: Safe, head: Safe, paint: Colors["error"]): Safe {
  return line.startsWith(head) ? safe`${paint(head)}${line.slice(head.length) as Safe}` : line;
}

function worstOf(findings: readonly BodyFinding[]): "error" | "warning" | "info" | "valid" {
  return (
    (["error", "warning", "info"] as const).find((severity) => findings.some((each) => each.severity === severity)) ??
    "valid"
  );
}

/** How a line of a body is written: passwords masked, escaped but for tabs, which can only stand between words. */
function lineWriter({ screen }: TerminalStyle): (line: Raw) => Safe {
  const text = textFor(screen);
  return (line) => maskXmlPasswords(line).split("\t").map(text).join("\t") as Safe;
}
