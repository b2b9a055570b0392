interface Mark {
  readonly kind: "open" | "close" | "void" | "doctype" | "other";
  readonly start: number;
  readonly end: number;
  /** How many attribute values it holds, by their quotes. */
  readonly attributes: number;
}

/**
 * The pieces of markup, quickly and without judging: what is read before the parser may. Ends at the first piece that
 * is not finished.
 */
export function* marks(text: string): Generator<Mark> {
  for (let start = text.indexOf("<"); start >= 0; ) {
    const mark = markAt(text, start);
    if (mark === undefined) return;
    yield mark;
    start = text.indexOf("<", mark.end);
  }
}

const closings = [
  ["<!--", "-->", "other"],
  ["<![CDATA[", "]]>", "other"],
  ["<?", "?>", "other"],
  ["<!", ">", "other"],
  ["</", ">", "close"],
] as const;

/** The piece of markup that starts there; undefined when it is not finished. */
export function markAt(text: string, start: number): Mark | undefined {
  return /[!?/]/.test(text.charAt(start + 1)) ? closedMark(text, start) : tagAt(text, start);
}

/** A piece that ends with a mark of its own, whatever stands in it. */
function closedMark(text: string, start: number): Mark | undefined {
  if (/^<!doctype/i.test(text.slice(start, start + 9)))
    return { kind: "doctype", start, end: start + 9, attributes: 0 };
  for (const [opening, closing, kind] of closings) {
    if (!text.startsWith(opening, start)) continue;
    const end = text.indexOf(closing, start + opening.length);
    return end < 0 ? undefined : { kind, start, end: end + closing.length, attributes: 0 };
  }
  return undefined;
}

function tagAt(text: string, start: number): Mark | undefined {
  let attributes = 0;
  const telling = /[<>"']/g;
  telling.lastIndex = start + 1;
  for (let found = telling.exec(text); found !== null; found = telling.exec(text)) {
    const [character] = found;
    if (character === "<") return undefined;
    if (character === ">") {
      const kind = text.charCodeAt(found.index - 1) === 0x2f ? "void" : "open";
      return { kind, start, end: found.index + 1, attributes };
    }
    attributes++;
    const close = text.indexOf(character, found.index + 1);
    if (close < 0) return undefined;
    telling.lastIndex = close + 1;
  }
  return undefined;
}

/** The elements that are open at the offset, the innermost last. */
export function openElements(
  text: string,
  offset: number,
): readonly { readonly name: string; readonly start: number }[] {
  const open: { readonly name: string; readonly start: number }[] = [];
  for (const { kind, start } of marks(text.slice(0, offset))) {
    if (kind === "open") open.push({ start, name: text.slice(start + 1, start + 200).replace(/[\s/>][\s\S]*$/, "") });
    if (kind === "close") open.pop();
  }
  return open;
}

/** The attributes of the tag that starts there, as far as they are well-formed: name, its offset, the end of the value. */
export function attributesAt(
  text: string,
  tag: number,
): readonly { readonly name: string; readonly offset: number; readonly end: number }[] {
  const attributes: { readonly name: string; readonly offset: number; readonly end: number }[] = [];
  const attribute = /(\s+)([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
  attribute.lastIndex = tag + 1 + (/[^\s/>]*/y.exec(text.slice(tag + 1, tag + 1024))?.[0].length ?? 0);
  for (let found = attribute.exec(text); found !== null; found = attribute.exec(text)) {
    const [, blank = "", name = ""] = found;
    attributes.push({ name, offset: found.index + blank.length, end: attribute.lastIndex });
  }
  return attributes;
}
