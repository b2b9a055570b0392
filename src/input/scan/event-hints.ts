import type { Line } from "./line-position.ts";

/** An event's word in a text. */
export interface EventHint {
  readonly position: number;
  readonly line: Line;
  readonly index: number;
}

/** The places where a text spells an event that no value has covered yet, in their order. */
export interface EventHints {
  readonly isEmpty: () => boolean;
  /** Takes the words of a line that comes behind all lines so far. */
  add(line: Line): void;
  /** Forgets the words from one position to another: a value was read there. */
  cover(from: number, to: number): void;
  /** Whether the line has a word that is not covered. */
  isIn(line: Line): boolean;
  /** What is left before the position, and is forgotten with that. */
  takeBefore(position: number): readonly EventHint[];
}

/**
 * Text that has an event's words where JSON would have them, in any quoting: of strings in strings, each of which doubles
 * the backslashes, at most seven. Without a bound, a word again and again would be looked through from each on.
 */
const eventWords =
  /(?:specversion|datacontenttype|dataschema)['"\\\w]{0,128}\s*(?::|=>|=)|type['"\\\w]{0,128}\s*(?::|=>|=)\s*[\\'"]*(?:x22)?com\.twilio\./g;

/** Where in the text an event seems to be spelled: the indexes of its words. */
function eventLooks(text: string): number[] {
  if (!text.includes("com.twilio.") && !text.includes("specversion") && !text.includes("data")) return [];
  return Array.from(text.matchAll(eventWords), (match) => match.index);
}

/** So many covered words are kept before they are dropped, and with them the lines that they stand in. */
const COMPACT_AT = 64;

export function createEventHints(): EventHints {
  let looks: EventHint[] = [];
  /** The words before this one are covered: values mostly come in order, so that nothing has to be moved. */
  let head = 0;

  /** The first word at or behind the position. */
  function firstFrom(position: number): number {
    let low = head;
    let high = looks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((looks[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    isEmpty: () => head === looks.length,
    add(line) {
      for (const index of eventLooks(line.text)) looks.push({ position: line.base + index, line, index });
    },
    cover(from, to) {
      if (head === looks.length) return;
      const first = firstFrom(from);
      const end = firstFrom(to);
      if (first === head) head = end;
      else looks.splice(first, end - first);
      if (head > COMPACT_AT && head * 2 > looks.length) {
        looks = looks.slice(head);
        head = 0;
      }
    },
    isIn: (line) => (looks[firstFrom(line.base)]?.position ?? Number.POSITIVE_INFINITY) < line.base + line.length,
    takeBefore(position) {
      const end = firstFrom(position);
      const taken = looks.slice(head, end);
      looks = looks.slice(end);
      head = 0;
      return taken;
    },
  };
}
