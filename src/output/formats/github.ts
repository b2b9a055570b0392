import { count, grouped } from "../count-text.ts";
import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import type { Format } from "../items.ts";
import { createExamplePicker } from "../pick-examples.ts";
import { placesFor, type Reportable, type ReportableFinding } from "../reportable.ts";
import { aboutNothing } from "../run-info.ts";
import { truncate } from "../terminal/layout.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";
import type { Totals } from "../totals.ts";

/** GitHub shows ten annotations of a kind for each step; the totals are a notice themselves. */
const kinds = [
  { severity: "error", command: "error", noun: safe`error`, limit: 10 },
  { severity: "warning", command: "warning", noun: safe`warning`, limit: 10 },
  { severity: "info", command: "notice", noun: safe`info`, limit: 9 },
] as const;

/** What is longer than this no one reads in an annotation. */
const longest = 2000;

/**
 * Workflow commands of GitHub: annotations at the lines of the files, the worst first, and the totals as a notice. Of
 * more than GitHub shows the rest is counted. They are written at the end; what is kept until then does not grow.
 */
export const github: Format = (screen, about = aboutNothing) => {
  const text = textFor(screen);
  const placesOf = placesFor(screen);
  const { more } = glyphsFor(screen);
  const selections = kinds.map((kind) => ({ ...kind, selection: createExamplePicker<string>(kind.limit) }));
  let totals: Totals | undefined;

  const cut = (line: Safe): Safe => truncate(line, longest, more);

  function annotation(command: string, placed: ReportableFinding, judged: Reportable): string {
    const { finding, source } = placed;
    const { line, column } = finding;
    const file = about.fileOf(source.input);
    const place = file && { file: text(file.path), line: safe`${line}`, endLine: safe`${line}`, col: safe`${column}` };
    const where = [...(file ? [] : [safe`${text(source.input)}:${line}:${column}`]), ...placesOf(placed)];
    const names = judged.names.map(text).join(", ") as Safe;
    const lines = [
      text(finding.message),
      where.join(", ") as Safe,
      names === "" ? names : safe`${judged.subject as Safe} ${names}`,
    ];
    return workflowCommand(command, { ...place, title: escapeIdentifier(finding.rule) }, lines.map(cut));
  }

  function closing({ title, coverage }: Totals): string {
    const numbers = selections.filter(({ selection }) => selection.count() > 0);
    const found = numbers.map(({ noun, selection }) => count(selection.count(), noun)).join(", ") as Safe;
    const held = numbers.filter(({ selection, limit }) => selection.count() > limit);
    const notShown = held.map(({ noun, selection, limit }) => safe`${limit} of ${grouped(selection.count())} ${noun}s`);
    const lines = [title, found === "" ? safe`no findings` : found, text(coverage)];
    if (notShown.length > 0) lines.push(safe`Shown here: ${notShown.join(", ") as Safe}.`);
    return workflowCommand("notice", { title: text(about.tool.name) }, lines.map(cut));
  }

  return {
    showsClean: false,
    render(item) {
      totals = item.totals?.(text) ?? totals;
      const judged = item.reportable?.();
      for (const placed of judged?.findings ?? []) {
        const { rule, severity } = placed.finding;
        const kind = selections.find((each) => each.severity === severity);
        if (judged) kind?.selection.add(rule, () => annotation(kind.command, placed, judged));
      }
      return "";
    },
    end: () => selections.flatMap(({ selection }) => selection.chosen()).join("") + (totals ? closing(totals) : ""),
  };
};

/**
 * `::error file=app.log,line=3::message`. In a message `%` and line breaks are escaped, in a property `:` and `,` too, as
 * the runner reads them (actions/runner, ActionCommand.cs); so nothing from outside begins a command of its own.
 */
function workflowCommand(command: string, properties: Readonly<Record<string, Safe>>, lines: readonly Safe[]): string {
  const data = (words: string): string => words.replaceAll("%", "%25").replaceAll("\n", "%0A");
  const property = (value: Safe): string => data(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const pairs = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${command} ${pairs.join(",")}::${data(lines.filter((line) => line !== "").join("\n"))}\n`;
}
