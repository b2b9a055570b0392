import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import type { ForwardedItem, LocatedFinding, ReceivedItem } from "../items.ts";
import { zoneClock } from "../time-zone.ts";
import { findingLines, type TerminalStyle, worstSeverity } from "./blocks.ts";
import { shortSid } from "./call-block.ts";
import { type Column, fitWidths, rowLine } from "./fit-columns.ts";
import { wrap } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";

/** Events on a line each as they come, under one header. */
export interface ReceivedRows {
  add(item: ReceivedItem): readonly Safe[];
  /** How one of them was answered where it was handed on to. */
  forwarded(item: ForwardedItem): readonly Safe[];
}

const cutOrder = ["findings", "what", "call"];
const dropOrder = ["took", "from and to", "signature", "call"];

/** What stands in the columns, for lines that are shown before the next are known; findings take what is left. */
const usual = ["+", "00:00:00", "call.requested", "CA123456789", "+14155550100 -> +14155550101", "200", "1.25 s"];

/** The place of the column of signatures. */
const SIGNATURE = 7;

const weights = ["error", "warning", "info"] as const;

const byWeight = (findings: readonly LocatedFinding[]): readonly LocatedFinding[] =>
  [...findings].sort((one, other) => weights.indexOf(one.severity) - weights.indexOf(other.severity));

/** Lines of arrivals for a screen. The message of a finding stands below the first of its rule, and with --verbose below each. */
export function createReceivedRows(brush: TerminalStyle): ReceivedRows {
  const { screen, width, colors } = brush;
  const glyphs = glyphsFor(screen);
  const text = textFor(screen);
  const clock = zoneClock(screen.timeZone);
  const explained = new Set<string>();
  let widths: readonly number[] | undefined;
  let day: Safe | undefined;

  const isShown = ({ severity }: LocatedFinding): boolean => screen.verbose || severity !== "info";

  /** The signature has a column of its own, where there is room for it. */
  const isTold = (finding: LocatedFinding): boolean =>
    isShown(finding) && !(finding.rule.startsWith("signature-") && (widths?.[SIGNATURE] ?? 0) > 0);

  function cellsOf(item: ReceivedItem): readonly Safe[] {
    const { receivedAt, event, from, to, code, durationMs, signature, isDuplicate, findings } = item;
    const rules = [
      ...new Set(
        byWeight(findings)
          .filter(isTold)
          .map(({ rule }) => escapeIdentifier(rule)),
      ),
    ];
    const sid = event.callSid ?? event.id;
    return [
      isDuplicate ? glyphs.also : glyphs[worstSeverity(findings.filter(isShown))],
      clock(receivedAt, true).time,
      text(item.what),
      sid === undefined ? safe`` : shortSid(sid, screen.width >= 140 ? 34 : 11, glyphs.more),
      from === undefined && to === undefined ? safe`` : safe`${party(from)} ${glyphs.to} ${party(to)}`,
      code === undefined ? safe`` : safe`${code}`,
      durationMs === undefined ? safe`` : formatDuration(durationMs),
      signature === "none" ? safe`` : (signature as Safe),
      (isDuplicate ? ["delivered again" as Safe, ...rules] : rules).join(", ") as Safe,
    ];
  }

  const party = (name: string | undefined): Safe => (name === undefined ? safe`?` : text(name));

  const columnsOf = (cells: readonly Safe[]): readonly Column[] =>
    [
      { name: safe` `, least: 0 },
      { name: safe`received`, least: 0 },
      { name: safe`what`, least: 9 },
      { name: safe`call`, least: 8 },
      { name: safe`from and to`, least: 17 },
      { name: safe`code`, least: 0, isNumber: true },
      { name: safe`took`, least: 0, isNumber: true },
      { name: safe`signature`, least: 0 },
      { name: safe`findings`, least: 14 },
    ].map((column, index) => ({ ...column, cells: [cells[index] ?? safe``] }));

  const columns = columnsOf([]);

  /** The header, with room for signatures where they are checked. */
  function start({ signature }: ReceivedItem): readonly Safe[] {
    const cells = [...usual, signature === "none" ? "" : "missing", "response-failed"] as readonly string[];
    const long = screen.width >= 140 ? cells.map((cell, index) => (index === 3 ? "CA".padEnd(34, "0") : cell)) : cells;
    const fitted = fitWidths(columnsOf(long as readonly Safe[]), width, cutOrder, dropOrder);
    const taken = fitted.slice(0, -1).reduce((sum, each) => sum + (each === 0 ? 0 : each + 2), 0);
    widths = [...fitted.slice(0, -1), Math.max(fitted.at(-1) ?? 0, width - taken)];
    const names = columns.map(({ name }) => name);
    return [
      rowLine(
        names,
        columns,
        widths,
        glyphs.more,
        columns.map(() => colors.dim),
      ),
    ];
  }

  function dayLine(at: number): readonly Safe[] {
    const { date, zone } = clock(at);
    if (date === day) return [];
    day = date;
    return [colors.dim(safe`  ${date} ${zone}`)];
  }

  function details({ findings, source }: ReceivedItem): readonly Safe[] {
    const told = findings.filter((finding) => isShown(finding) && (screen.verbose || !explained.has(finding.rule)));
    for (const { rule } of told) explained.add(rule);
    return findingLines(told, source, brush);
  }

  return {
    add(item) {
      const head = widths === undefined ? start(item) : [];
      const mark = item.isDuplicate ? colors.dim : colors[worstSeverity(item.findings.filter(isShown))];
      const sign = item.signature === "ok" ? colors.valid : colors.error;
      const answered = (item.code ?? 200) < 400 ? colors.plain : colors.error;
      const paints = [
        mark,
        colors.dim,
        colors.name,
        colors.bold,
        colors.plain,
        answered,
        colors.plain,
        sign,
        colors.warning,
      ];
      const row = rowLine(cellsOf(item), columns, widths ?? [], glyphs.more, paints);
      return [...head, ...dayLine(item.receivedAt), row, ...details(item)];
    },
    forwarded({ at, what, ms, status, problem, head }) {
      const isFine = status !== undefined && status < 300;
      const answer = status === undefined ? text(problem ?? "") : safe`${status}`;
      const words = safe`${glyphs.to} ${answer} in ${formatDuration(ms)}: ${text(what)}`;
      const said = head === undefined || head === "" ? [] : [safe`answered: ${text(head)}`];
      const lines = [words, ...said].flatMap((line) => wrap(line, width - 4));
      const paint = isFine ? colors.dim : colors.error;
      const time = dayLine(at);
      return [...time, ...lines.map((line) => safe`    ${paint(line)}`)];
    },
  };
}
