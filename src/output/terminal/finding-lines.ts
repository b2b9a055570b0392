import { count } from "../count-text.ts";
import { escapeIdentifier, maskPasswords, type Raw, type Safe, safe } from "../escape.ts";
import type { EventLabel, LocatedFinding, Source } from "../located-finding.ts";
import { displayWidth, flow, hang, type Piece, pad, truncate, wrap } from "./layout.ts";
import { pathFor } from "./screen.ts";
import type { TerminalStyle } from "./style.ts";

export type Mark = "valid" | LocatedFinding["severity"];

/** A longer value is cut, unless all is asked for: the place says where to read it. */
const MAX_VALUE_WIDTH = 80;

/** With less room than this beside the pointer, the value goes under it. */
const MIN_VALUE_WIDTH = 24;

/** With less room than this beside the rule's name, the message goes under it. */
const MIN_MESSAGE_WIDTH = 36;

const wordWidth = "warning".length;

/** Where it stands and what it is, behind the sign of the worst that was found. */
export function header(
  mark: Mark,
  source: Source,
  label: EventLabel,
  { colors, screen, glyphs, text, width }: TerminalStyle,
): Safe[] {
  const sid = label.callSid ?? label.id;
  const pieces: Piece[] = [{ text: text(`${source.input}:${source.line}:${source.column}`), paint: colors.bold }];
  if (source.path) pieces.push({ text: pathFor(screen)(source), paint: colors.dim });
  if (label.type) pieces.push({ text: shortType(label.type), paint: colors.name });
  if (sid) pieces.push(escapeIdentifier(maskPasswords(sid)));
  return hang(flow(pieces, width - 4, 2), safe`${colors[mark](glyphs[mark])} `, safe`    `);
}

function shortType(type: string): Safe {
  return escapeIdentifier(maskPasswords(type.replace(/^com\.twilio\.voice\.(?=\S)/, "")));
}

/** Findings below one another, their rules and messages aligned; a place is told where it is not the source's. */
export function findingLines(findings: readonly LocatedFinding[], source: Source, style: TerminalStyle): Safe[] {
  const { colors, glyphs, text, width } = style;
  const longestRule = findings.reduce((most, { rule }) => Math.max(most, escapeIdentifier(rule).length), 0);
  const beside = 2 + 2 + wordWidth + 2 + longestRule + 2;
  const isUnder = width - beside < MIN_MESSAGE_WIDTH;
  const indent = pad(safe``, isUnder ? 6 : beside);
  const room = width - indent.length;
  return findings.flatMap((finding) => {
    const { severity } = finding;
    const word = colors[severity](safe`${glyphs[severity]} ${pad(severity as Safe, wordWidth)}`);
    const rule = escapeIdentifier(finding.rule);
    const start = safe`  ${word}  ${rule}`;
    const body = [...wrap(text(finding.message), room), ...whereLines(finding, source, room, style)];
    if (isUnder) return [start, ...hang(body, indent)];
    return hang(body, safe`${start}${pad(safe``, longestRule - rule.length + 2)}`, indent);
  });
}

/** `/data/response/responseCode = "200" (14:23)`; the line and column only where they are not the event's. */
function whereLines(
  { pointer, value, line, column, at }: LocatedFinding,
  source: Source,
  room: number,
  { colors, screen, glyphs, text }: TerminalStyle,
): Safe[] {
  const name = text(pointer ?? "");
  const isAtEvent = line === source.line && column === source.column;
  const place = at ? safe`(${at.line}:${at.column} of the body)` : isAtEvent ? safe`` : safe`(${line}:${column})`;
  const pieces: Piece[] = [];
  if (name) pieces.push({ text: name, paint: colors.name });
  if (value !== undefined) {
    const whole = safe`${name ? safe`=` : safe`found`} ${text(value)}`;
    const besideName = room - displayWidth(name) - place.length - 2;
    const space = besideName >= MIN_VALUE_WIDTH ? besideName : room - place.length - 1;
    pieces.push(screen.verbose ? whole : truncate(whole, Math.min(space, MAX_VALUE_WIDTH), glyphs.more));
  }
  if (place) pieces.push({ text: place, paint: colors.dim });
  return flow(pieces, room, 1);
}

/** The last block of a run: its lines behind the mark, what was read, and how to have the rules explained. */
export function summaryBlock(mark: Mark, lines: readonly Safe[], coverage: Raw, style: TerminalStyle): Safe[] {
  const { colors, glyphs, text, width } = style;
  const all = coverage ? [...lines, ...wrap(text(coverage), width - 2)] : lines;
  return [...hang(all, safe`${colors[mark](glyphs[mark])} `, safe`  `), ...style.explanation()];
}

/** Phrases that go on after another, each behind a dot. */
export const behindDots = (phrases: readonly Safe[], { glyphs }: TerminalStyle): readonly Safe[] =>
  phrases.map((phrase) => safe`${glyphs.also} ${phrase}`);

interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** How bad a run is; one that found `nothing` is no success. */
export function markOf(
  { errors, warnings, unreadable }: SeverityCounts & { readonly unreadable: number },
  found: number,
): Mark {
  if (errors > 0 || unreadable > 0) return "error";
  return warnings > 0 || found === 0 ? "warning" : "valid";
}

/** `2 errors, 1 warning`, in their colors. */
export function severityPieces(
  { errors, warnings, infos }: SeverityCounts,
  { screen, colors }: Pick<TerminalStyle, "colors" | "screen">,
): Piece[] {
  const counts = [
    { n: errors, noun: safe`error`, paint: colors.error },
    { n: warnings, noun: safe`warning`, paint: colors.warning },
    { n: infos, noun: safe`info`, paint: colors.info },
  ].filter(({ n }) => n > 0);
  if (counts.length === 0) return [safe`no findings`];
  const pieces = counts.map(({ n, noun, paint }, i) => ({
    text: safe`${count(n, noun)}${i + 1 < counts.length ? safe`,` : safe``}`,
    paint,
  }));
  const areInfosHidden = infos > 0 && !screen.verbose;
  return areInfosHidden ? [...pieces, { text: safe`(--verbose shows infos)`, paint: colors.dim }] : pieces;
}
