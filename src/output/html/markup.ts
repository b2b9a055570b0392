import { escapeIdentifier, escapeText, type Html, maskPasswords, type Raw, type Safe } from "../escape.ts";

/** What may stand in markup: markup, numbers, and nothing; text only after `text`, `name` or `words` has escaped it. */
type Part = Html | number | undefined | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup of our own, with parts in it that are markup already. */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let whole = markup[0] as string;
  for (const [index, part] of parts.entries()) {
    const own = typeof part === "object" ? part.join("") : (part ?? "");
    whole += `${own}${markup[index + 1]}`;
  }
  return whole as Html;
}

/** Pieces of markup in a row, with something between each two. */
export function joined(parts: readonly Html[], between: Html): Html {
  return parts.join(between) as Html;
}

/** No markup at all. */
export const nothing = html``;

/** Text that cannot act on a screen, as the text of an element or the value of an attribute in quotes. */
export function words(safe: Safe): Html {
  return safe.replace(/[&<>"']/g, (character) => entities[character] as string) as Html;
}

/** A word of our own: only what the compiler knows letter by letter is one, so no text from outside can be. */
export function own<Word extends string>(word: string extends Word ? never : Word): Html {
  return words(word as string as Safe);
}

/** Free text from outside: passwords masked, what acts, hides or reorders made visible, and none of it markup. */
export function text(raw: Raw): Html {
  // XML has no place for these two (XML 1.0, production 2), and no reader sees them.
  return words(escapeText(maskPasswords(raw))).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16).toUpperCase()}}`,
  ) as Html;
}

/** Lines of text as they are, tabs included, in an element of its own: there a quote needs no entity. */
export function verbatim(lines: readonly Raw[]): Html {
  const escaped = lines.map((line) => joined(line.split("\t").map(text), html`&#9;`).replaceAll("&quot;", '"'));
  return `<code>${escaped.join("\n")}</code>` as Html;
}

/** Free text in which what stands between backticks is code. */
export function prose(raw: Raw): Html {
  return text(raw).replace(/`([^`]+)`/g, "<code>$1</code>") as Html;
}

/** A name that one compares by eye (SID, type, rule): all but printable ASCII is escaped. */
export function name(raw: Raw): Html {
  return words(escapeIdentifier(maskPasswords(raw)));
}

/** A share of the whole as a percentage for an attribute: `12.5`. */
export function percent(share: number): Html {
  return String(Math.round(share * 10_000) / 100) as Html;
}
