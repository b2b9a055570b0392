import type { Safe } from "../escape.ts";
import type { Colors } from "./style.ts";

/** A comment, CDATA or instruction as far as it goes on its line; a tag; a name or value inside a tag. */
const token =
  /<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)|<\?.*?(?:\?>|$)|<\/?[^\s<>/"'=]+|\/?>|(?<![^\s<>/"'=])[^\s<>/"'=]+(?==)|"[^"]*"|'[^']*'/g;

/**
 * Colours for the lines of an XML text, given in order: tags, attributes, values, comments. A line is painted as it looks
 * by itself, but that a tag may go on from the line before.
 */
export function paintXml(colors: Colors): (line: Safe) => Safe {
  let isInTag = false;
  return (line) =>
    line.replace(token, (match) => {
      const text = match as Safe;
      if (match.startsWith("<!") || match.startsWith("<?")) return colors.dim(text);
      if (match.startsWith("<")) {
        isInTag = true;
        return colors.name(text);
      }
      if (!isInTag) return match;
      if (match.endsWith(">")) {
        isInTag = false;
        return colors.name(text);
      }
      return /^["']/.test(match) ? colors.valid(text) : colors.info(text);
    }) as Safe;
}
