import { type Safe, safe } from "../escape.ts";
import type { PageItem, PageSection } from "../items.ts";
import { hang, type TerminalStyle } from "./blocks.ts";
import { displayWidth, flow, pad, wrap } from "./layout.ts";
import { textFor } from "./screen.ts";

/** A longer term stands on a line of its own. */
const widestTerm = 34;

/** With less room than this beside the terms, what they mean goes under them. */
const leastRoom = 30;

/** Something explained: its name, then its sections, each below its heading. */
export function pageLines({ title, about, sections }: PageItem, brush: TerminalStyle): Safe[] {
  const { screen, width, colors } = brush;
  const text = textFor(screen);
  const head = flow(
    [
      { text: text(title), paint: colors.bold },
      { text: text(about), paint: colors.dim },
    ].filter((piece) => piece.text !== ""),
    width,
    2,
  );
  const parts = sections.map((section) => {
    const lines = sectionLines(section, brush).map((line) => (line === "" ? line : safe`  ${line}`));
    return section.heading === undefined ? lines : [safe`${colors.name(text(section.heading))}`, ...lines];
  });
  return [...head, ...parts.flatMap((part) => [safe``, ...part])];
}

function sectionLines(section: PageSection, brush: TerminalStyle): readonly Safe[] {
  const { screen, width } = brush;
  const text = textFor(screen);
  const room = width - 2;
  switch (section.form) {
    case "text":
      return section.paragraphs.flatMap((each, index) => [...(index === 0 ? [] : [safe``]), ...wrap(text(each), room)]);
    case "lines":
      return section.lines.flatMap((each) => hang(wrap(text(each), room - 2), safe``, safe`  `));
    case "terms":
      return termLines(
        section.terms.map(([term, says]) => [text(term), text(says)] as const),
        room,
      );
  }
}

function termLines(terms: readonly (readonly [Safe, Safe])[], room: number): readonly Safe[] {
  const widths = terms.map(([term]) => displayWidth(term)).filter((width) => width <= widestTerm);
  const beside = Math.max(0, ...widths) + 2;
  const isUnder = room - beside < leastRoom;
  const indent = pad(safe``, isUnder ? 4 : beside);
  return terms.flatMap(([term, says]) => {
    const lines = says === "" ? [] : wrap(says, room - indent.length);
    if (isUnder || displayWidth(term) > widestTerm) return [...wrap(term, room), ...hang(lines, indent, indent)];
    return lines.length === 0 ? [term] : hang(lines, pad(term, beside), indent);
  });
}
