const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Tells lines that are events, but none of those that are looked for, without parsing them. */
export interface Prefilter {
  /** Asks about the lines of a text, in their order: whether the one from `start` to `end` is held back. */
  over(text: string): (start: number, end: number) => boolean;
}

const TYPE = '"type":"com.twilio.';
const VERSION = '"specversion":"';
const CALL = '"sid":"CA';

/**
 * Holds back events that mention none of the SIDs, or parts of them, which may become more. Only a
 * line that leaves no doubt is held back: an event by its first members, of a call, with nothing in it that could be
 * spelled otherwise (an escape) or wrap something (it would be no event itself), and whole, since another object follows.
 * `onHeldBack` is told of each.
 */
export function createPrefilter(names: ReadonlySet<string>, onHeldBack: () => void): Prefilter {
  return {
    over(text) {
      const nextEscape = finder(text, "\\");
      const nextType = finder(text, 'ype"', '"t');
      /** The text holds no name up to there: of so many that were asked for. */
      let clearTo = 0;
      let asked = 0;
      return (start, end) => {
        if (nextEscape(start) < end || !isEventOfCall(text, start, end)) return false;
        // A second type would count, and the line might then be something round an event.
        if (nextType(nextType(start) + 1) < end) return false;
        if (clearTo < end || asked !== names.size) {
          clearTo = firstOf(names, text, start);
          asked = names.size;
          if (clearTo < end) return false;
        }
        onHeldBack();
        return true;
      };
    },
  };
}

/**
 * Finds the next place of the word behind its head, from ever later indexes on; the text's end when there is none. What is
 * searched for had better begin with a letter that is rare in events, which a quote is not.
 */
function finder(text: string, word: string, head = ""): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found >= from) return found;
    do {
      found = text.indexOf(word, Math.max(from, found + 1));
    } while (found !== -1 && !text.startsWith(head, found - head.length));
    if (found === -1) found = text.length;
    return found;
  };
}

function firstOf(names: Iterable<string>, text: string, from: number): number {
  let first = text.length;
  for (const name of names) {
    const found = text.indexOf(name, from);
    if (found !== -1 && found < first) first = found;
  }
  return first;
}

function isEventOfCall(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) !== OPEN_BRACE || text.charCodeAt(end - 1) !== CLOSE_BRACE) return false;
  if (text.charCodeAt(end + 1) !== OPEN_BRACE) return false;
  const data = text.indexOf("{", start + 1);
  if (data === -1 || data > end || !text.startsWith(CALL, data + 1)) return false;
  const head = text.slice(start, data);
  return head.endsWith('"data":') && head.includes(VERSION) && head.includes(TYPE) && !head.includes("[");
}
