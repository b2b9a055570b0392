/** A part of a text, from `start` up to `end`, and what takes its place. Edits stand in order and do not overlap. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const edit of edits) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Where an offset of the text stands once the edits are made; inside an edit that is its beginning. */
export function moveOffset(offset: number, edits: readonly Edit[]): number {
  let moved = offset;
  for (const { start, end, text } of edits) {
    if (offset <= start) break;
    if (offset < end) return moved - (offset - start);
    moved += text.length - (end - start);
  }
  return moved;
}
