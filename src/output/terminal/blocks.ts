import { count, found } from "../count-text.ts";
import { escapeIdentifier, maskPasswords, type Safe, safe } from "../escape.ts";
import type { EventItem, EventLabel, FindingItem, LocatedFinding, Screen, Source, SummaryItem } from "../items.ts";
import { displayWidth, flow, type Piece, pad, truncate, wrap } from "./layout.ts";
import { glyphsFor, pathFor, textFor } from "./screen.ts";

type Paint = (text: Safe) => Safe;

/** What each color means. A screen without color has the same words and signs. */
export type Colors = Readonly<
  Record<"plain" | "bold" | "dim" | "name" | "valid" | "error" | "warning" | "info", Paint>
>;

/** What is needed to draw for a person: the screen, and how to color on it. */
export interface TerminalStyle {
  readonly screen: Screen;
  readonly width: number;
  readonly colors: Colors;
}

type Mark = "valid" | "error" | "warning" | "info";

/** A longer value is cut, unless all is asked for: the place says where to read it. */
const valueWidth = 80;

/** With less room than this beside the pointer, the value goes under it. */
const valueRoom = 24;

/** With less room than this beside the rule's name, the message goes under it. */
const messageRoom = 36;

const wordWidth = "warning".length;

/** An event by its place and names, and those of its findings that are to be shown, below one another. */
export function eventLines(item: EventItem, shown: readonly LocatedFinding[], brush: TerminalStyle): Safe[] {
  const head = header(worstSeverity(item.findings), item.source, item.event, brush);
  return [...head, ...findingLines(shown, item.source, brush)];
}

/** The worst of the findings, else `valid`. */
export function worstSeverity(findings: readonly Pick<LocatedFinding, "severity">[]): Mark {
  const severities: readonly LocatedFinding["severity"][] = ["error", "warning", "info"];
  return severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? "valid";
}

/** A finding about text that is no event. */
export function strayLines({ finding, source }: FindingItem, brush: TerminalStyle): Safe[] {
  return [...header(finding.severity, source, {}, brush), ...findingLines([finding], source, brush)];
}

/** Where it stands and what it is, behind the sign of the worst that was found. */
export function header(mark: Mark, source: Source, label: EventLabel, brush: TerminalStyle): Safe[] {
  const { colors, screen, width } = brush;
  const sid = label.callSid ?? label.id;
  const pieces: Piece[] = [
    { text: textFor(screen)(`${source.input}:${source.line}:${source.column}`), paint: colors.bold },
  ];
  if (source.path) pieces.push({ text: pathFor(screen)(source), paint: colors.dim });
  if (label.type) pieces.push({ text: shortType(label.type), paint: colors.name });
  if (sid) pieces.push({ text: escapeIdentifier(maskPasswords(sid)), paint: colors.plain });
  return hang(flow(pieces, width - 4, 2), safe`${colors[mark](glyphsFor(screen)[mark])} `, safe`    `);
}

function shortType(type: string): Safe {
  return escapeIdentifier(maskPasswords(type.replace(/^com\.twilio\.voice\.(?=\S)/, "")));
}

/** The lines with something before the first and before the others. */
export function hang(lines: readonly Safe[], first: Safe, rest: Safe): Safe[] {
  return lines.map((line, i) => safe`${i === 0 ? first : rest}${line}`);
}

/** Findings below one another, their rules and messages aligned; a place is told where it is not the source's. */
export function findingLines(findings: readonly LocatedFinding[], source: Source, brush: TerminalStyle): Safe[] {
  const { colors, screen, width } = brush;
  const longestRule = findings.reduce((most, { rule }) => Math.max(most, escapeIdentifier(rule).length), 0);
  const beside = 2 + 2 + wordWidth + 2 + longestRule + 2;
  const isUnder = width - beside < messageRoom;
  const indent = pad(safe``, isUnder ? 6 : beside);
  const room = width - indent.length;
  return findings.flatMap((finding) => {
    const { severity } = finding;
    const word = colors[severity](safe`${glyphsFor(screen)[severity]} ${pad(severity as Safe, wordWidth)}`);
    const start = safe`  ${word}  ${escapeIdentifier(finding.rule)}`;
    const body = [...wrap(textFor(screen)(finding.message), room), ...whereLines(finding, source, room, brush)];
    if (isUnder) return [start, ...hang(body, indent, indent)];
    const gap = pad(safe``, longestRule - escapeIdentifier(finding.rule).length + 2);
    return hang(body, safe`${start}${gap}`, indent);
  });
}

/** `/data/response/responseCode = "200" (14:23)`; the line and column only where they are not the event's. */
function whereLines(finding: LocatedFinding, source: Source, room: number, { colors, screen }: TerminalStyle): Safe[] {
  const { pointer, value, line, column } = finding;
  const name = textFor(screen)(pointer ?? "");
  const isAtEvent = line === source.line && column === source.column;
  const within = finding.at === undefined ? safe`` : safe`${finding.at.line}:${finding.at.column} of the body`;
  const place = finding.at !== undefined ? safe`(${within})` : isAtEvent ? safe`` : safe`(${line}:${column})`;
  const pieces: Piece[] = [];
  if (name) pieces.push({ text: name, paint: colors.name });
  if (value !== undefined) {
    const whole = safe`${name ? safe`=` : safe`found`} ${textFor(screen)(value)}`;
    const besideName = room - displayWidth(name) - place.length - 2;
    const space = besideName >= valueRoom ? besideName : room - place.length - 1;
    const short = screen.verbose ? whole : truncate(whole, Math.min(space, valueWidth), glyphsFor(screen).more);
    pieces.push({ text: short, paint: colors.plain });
  }
  if (place) pieces.push({ text: place, paint: colors.dim });
  return flow(pieces, room, 1);
}

/** For a rule with more findings than are shown: how many were held back. */
export function heldBackLines(rule: string, findings: number, { colors, screen, width }: TerminalStyle): Safe[] {
  const rest = count(findings, safe`more ${escapeIdentifier(rule)} finding`);
  const pieces: Piece[] = [
    { text: safe`${glyphsFor(screen).more} and ${rest}`, paint: colors.plain },
    { text: safe`(--verbose shows all)`, paint: colors.dim },
  ];
  return hang(flow(pieces, width - 4, 1), safe``, safe`    `);
}

/** What was found in all, how bad it is, and what of the input was read. */
export function summaryLines(
  { summary, coverage, subject }: SummaryItem,
  { colors, screen, width }: TerminalStyle,
): Safe[] {
  const { also, ...marks } = glyphsFor(screen);
  const mark = markOf(summary);
  const [verdict = safe``, ...others] = found(summary, subject);
  const all: Piece[] = [
    { text: verdict, paint: colors.bold },
    ...others.map((phrase) => ({ text: safe`${also} ${phrase}`, paint: colors.plain })),
  ];
  const room = width - 2;
  const lines = [...flow(all, room, 1), ...flow(severityPieces(summary, screen, colors), room, 1)];
  if (coverage) lines.push(...wrap(textFor(screen)(coverage), room));
  return hang(lines, safe`${colors[mark](marks[mark])} `, safe`  `);
}

function markOf({ errors, warnings, events, unreadable }: SummaryItem["summary"]): Mark {
  if (errors > 0 || unreadable > 0) return "error";
  return warnings > 0 || events === 0 ? "warning" : "valid";
}

/** `2 errors, 1 warning`, in their colors. */
export function severityPieces(
  summary: { readonly errors: number; readonly warnings: number; readonly infos: number },
  screen: Screen,
  colors: Colors,
): Piece[] {
  const counts = [
    { n: summary.errors, noun: safe`error`, paint: colors.error },
    { n: summary.warnings, noun: safe`warning`, paint: colors.warning },
    { n: summary.infos, noun: safe`info`, paint: colors.info },
  ].filter(({ n }) => n > 0);
  if (counts.length === 0) return [{ text: safe`no findings`, paint: colors.plain }];
  const pieces = counts.map(({ n, noun, paint }, i) => ({
    text: safe`${count(n, noun)}${i + 1 < counts.length ? safe`,` : safe``}`,
    paint,
  }));
  const areInfosHidden = summary.infos > 0 && !screen.verbose;
  return areInfosHidden ? [...pieces, { text: safe`(--verbose shows infos)`, paint: colors.dim }] : pieces;
}
