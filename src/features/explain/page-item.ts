import { type Raw, type Safe, safe } from "../../output/escape.ts";
import type { MarkdownPage, OutputItem } from "../../output/items.ts";
import { displayWidth, flow, hang, pad, wrap } from "../../output/terminal/layout.ts";
import type { TerminalStyle } from "../../output/terminal/style.ts";

/** Something explained, or the list of what can be. */
export interface PageContent {
  readonly title: Raw;
  /** What it is about, in a word or two. */
  readonly about: Raw;
  readonly sections: readonly PageSection[];
  /** What machine formats print instead. */
  readonly value: unknown;
}

/** A part of a page: its heading, if it has one, and what stands under it. */
export type PageSection =
  | { readonly form: "text"; readonly heading?: Raw; readonly paragraphs: readonly Raw[] }
  | { readonly form: "terms"; readonly heading?: Raw; readonly terms: readonly (readonly [term: Raw, says: Raw])[] }
  | { readonly form: "lines"; readonly heading?: Raw; readonly lines: readonly Raw[] };

/** Something explained: its name, then its sections, each below its heading. */
export function pageItem(content: PageContent): OutputItem {
  const { title, about, value } = content;
  const item: OutputItem = {
    text: (style) => style.block(pageLines(content, style)),
    redacted: () => item,
    section: "pages",
    json: () => value,
    compact: (text) => `${text(about)}  ${text(title)}\n`,
    markdown: (page) => page.block(markdownParts(content, page)),
  };
  return item;
}

/** A longer term stands on a line of its own. */
const MAX_TERM_WIDTH = 34;

/** With less room than this beside the terms, what they mean goes under them. */
const MIN_MEANING_WIDTH = 30;

function pageLines({ title, about, sections }: PageContent, { width, colors, text }: TerminalStyle): Safe[] {
  const head = [
    { text: text(title), paint: colors.bold },
    { text: text(about), paint: colors.dim },
  ].filter((piece) => piece.text !== "");
  const parts = sections.map((section) => {
    const lines = sectionLines(section, width - 2, text).map((line) => (line === "" ? line : safe`  ${line}`));
    return section.heading === undefined ? lines : [colors.name(text(section.heading)), ...lines];
  });
  return [...flow(head, width, 2), ...parts.flatMap((part) => [safe``, ...part])];
}

function sectionLines(section: PageSection, room: number, text: TerminalStyle["text"]): readonly Safe[] {
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
  const widths = terms.map(([term]) => displayWidth(term)).filter((width) => width <= MAX_TERM_WIDTH);
  const beside = Math.max(0, ...widths) + 2;
  const isUnder = room - beside < MIN_MEANING_WIDTH;
  const indent = pad(safe``, isUnder ? 4 : beside);
  return terms.flatMap(([term, says]) => {
    const lines = says === "" ? [] : wrap(says, room - indent.length);
    if (isUnder || displayWidth(term) > MAX_TERM_WIDTH) return [...wrap(term, room), ...hang(lines, indent)];
    return lines.length === 0 ? [term] : hang(lines, pad(term, beside), indent);
  });
}

/** The page as headings, paragraphs, lists and code. */
function markdownParts({ title, about, sections }: PageContent, { text }: MarkdownPage): readonly string[] {
  const parts = sections.map((section) => {
    const body = bodyOf(section, text);
    return section.heading === undefined ? body : `### ${plain(text(section.heading))}\n\n${body}`;
  });
  return [`## ${plain(text(title))}`, about === "" ? "" : `*${plain(text(about))}*`, ...parts];
}

function bodyOf(section: PageSection, text: (raw: string) => Safe): string {
  switch (section.form) {
    case "text":
      return section.paragraphs.map((each) => prose(text(each))).join("\n\n");
    case "terms":
      return section.terms
        .map(([term, says]) => `- **${plain(text(term))}**${says === "" ? "" : `: ${plain(text(says))}`}`)
        .join("\n");
    case "lines":
      return section.lines.map((each) => `- ${linked(text(each))}`).join("\n");
  }
}

/** Words of ours, and some of the input's: nothing in them is markup (CommonMark 0.31, 2.4). */
const plain = (text: Safe): string => text.replace(/[\\`*_[\]<>|~&#]/g, "\\$&");

/** The same, but for what stands between backticks: that is code. */
function prose(text: Safe): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : plain(part as Safe)))
    .join("");
}

/** A URL of ours is a link as it stands between angle brackets. */
const linked = (text: Safe): string => (/^https:\/\/[\w./#:-]+$/.test(text) ? `<${text}>` : plain(text));
