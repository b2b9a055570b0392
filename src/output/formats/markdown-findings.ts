import { count, grouped } from "../count-text.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../escape.ts";
import type { OutputItem } from "../items.ts";
import type { LocatedFinding } from "../located-finding.ts";
import { asCode, plain, table } from "../markdown-text.ts";
import { createExamplePicker, type ExamplePicker } from "../pick-examples.ts";
import { placesFor, type Reportable, type ReportableFinding, severities, worstOf } from "../reportable.ts";
import type { RunInfo } from "../run-info.ts";
import { truncate } from "../terminal/layout.ts";
import type { Screen } from "../terminal/screen.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";
import type { Totals } from "../totals.ts";

/** So many findings of a rule are told, and so many bodies shown; the rest is counted. */
const placesPerRule = 10;
const bodiesShown = 5;

/** A longer text is cut. */
const longestText = 300;

/** What a comment or an issue of GitHub can hold is 65,536 characters: findings and bodies share it. */
const roomForFindings = 40_000;
const roomForBodies = 20_000;

interface Group {
  readonly rule: Raw;
  readonly severity: LocatedFinding["severity"];
  readonly selection: ExamplePicker<string>;
}

/** What findings and bodies become: kept until the end, and no more of them than a comment can hold. */
export interface FindingsReport {
  /** Adds the findings and totals of an item, and the body that it is about, if any, as one of those to choose from. */
  add(item: OutputItem, body?: (text: (raw: Raw) => Safe) => string): void;
  /** The blocks of the report, the totals first. */
  blocks(): readonly string[];
}

/** The report of a run: its totals in a table, the findings by rule, the worst first, and some of the bodies. */
export function createFindingsReport(screen: Screen, about: RunInfo): FindingsReport {
  const { more } = glyphsFor(screen);
  const text = (raw: Raw): Safe => truncate(textFor(screen)(raw), longestText, more);
  const code = (raw: Raw): string => asCode(text(raw));
  const placesOf = placesFor(screen);
  const groups = new Map<string, Group>();
  /** Bodies are shown in this order, those without a finding last. */
  const bodies = [...severities, undefined].map((rank) => ({
    rank,
    selection: createExamplePicker<string>(bodiesShown),
  }));
  let totals: Totals | undefined;

  function place(placed: ReportableFinding, { subject, names }: Reportable): string {
    const { finding, source } = placed;
    const where = [`${source.input}:${finding.line}:${finding.column}`].map(code);
    const within = placesOf(placed).map((phrase) => {
      const [word = "", ...rest] = phrase.split(" ");
      return `${word} ${asCode(truncate(rest.join(" ") as Safe, longestText, more))}`;
    });
    const who = names.length === 0 ? [] : [`${subject} ${names.map(code).join(" ")}`];
    return `- ${code(finding.message)}: ${[...where, ...within, ...who].join(", ")}`;
  }

  function addFinding(placed: ReportableFinding, judged: Reportable): void {
    const { rule, severity } = placed.finding;
    const key = `${severity} ${rule}`;
    const group = groups.get(key) ?? { rule, severity, selection: createExamplePicker<string>(placesPerRule) };
    groups.set(key, group);
    group.selection.add("", () => place(placed, judged));
  }

  function ruleBlock({ rule, severity, selection }: Group): string {
    const shown = selection.chosen();
    const says = about.rules.find(({ name }) => name === rule)?.says;
    const title = `### ${asCode(escapeIdentifier(rule))}: ${count(selection.count(), safe`${severity as Safe}`)}`;
    const rest = selection.count() - shown.length;
    const list = [...shown, ...(rest > 0 ? [`- and ${grouped(rest)} more`] : [])].join("\n");
    return [title, ...(says === undefined ? [] : [plain(says as Safe)]), list].join("\n\n");
  }

  function ruleBlocks(): readonly string[] {
    const sorted = severities.flatMap((severity) =>
      [...groups.values()]
        .filter((group) => group.severity === severity)
        .sort((one, other) => other.selection.count() - one.selection.count()),
    );
    return fitting(sorted.map(ruleBlock), roomForFindings, (left) => `${count(left, safe`more rule`)} with findings`);
  }

  function bodyBlocks(): readonly string[] {
    const all = bodies.reduce((sum, { selection }) => sum + selection.count(), 0);
    if (all === 0) return [];
    const chosen = bodies.flatMap(({ selection }) => selection.chosen()).slice(0, bodiesShown);
    const shown = fitting(chosen, roomForBodies, () => "").filter((block) => block !== "");
    const rest = all - shown.length;
    return ["### Bodies", ...shown, rest > 0 ? `and ${grouped(rest)} more` : ""];
  }

  function head({ title, counts, unreadable, coverage }: Totals): readonly string[] {
    const all = [...counts, ...(unreadable > 0 ? [["unreadable", unreadable] as const] : [])];
    const numbers = table(
      all.map(([name]) => plain(name as Safe)),
      [all.map(([, number]) => grouped(number))],
    );
    return [`## ${plain(title)}`, numbers, code(coverage)];
  }

  return {
    add(item, body) {
      totals = item.totals?.(textFor(screen)) ?? totals;
      const judged = item.reportable?.();
      if (judged === undefined) return;
      for (const placed of judged.findings) addFinding(placed, judged);
      if (body === undefined) return;
      const worst = worstOf(judged.findings.map(({ finding }) => finding));
      bodies.find(({ rank }) => rank === worst)?.selection.add("", () => body(text));
    },
    blocks: () => [...(totals ? head(totals) : []), ...ruleBlocks(), ...bodyBlocks()].filter((block) => block !== ""),
  };
}

/** The blocks that there is room for, and how many are left out. */
function fitting(blocks: readonly string[], room: number, leftOut: (left: number) => string): readonly string[] {
  let used = 0;
  const fits = blocks.findIndex((block) => {
    used += block.length;
    return used > room;
  });
  return fits === -1 ? blocks : [...blocks.slice(0, fits), leftOut(blocks.length - fits)];
}
