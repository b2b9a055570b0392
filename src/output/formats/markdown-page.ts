import type { Safe } from "../escape.ts";
import type { PageItem, PageSection } from "../items.ts";

/** Something explained, as headings, paragraphs, lists and code. */
export function page({ title, about, sections }: PageItem, text: (raw: string) => Safe): string {
  const kind = about === "" ? "" : `*${plain(text(about))}*`;
  const parts = sections.map((section) => {
    const body = bodyOf(section, text);
    return section.heading === undefined ? body : `### ${plain(text(section.heading))}\n\n${body}`;
  });
  return [`## ${plain(text(title))}`, kind, ...parts].filter((part) => part !== "").join("\n\n");
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
