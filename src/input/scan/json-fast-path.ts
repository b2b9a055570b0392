import { parse } from "../parse-json.ts";
import { isMember } from "./log-prefix.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/*
 * Where JSON ends is guessed from its look, and proven by JSON.parse: a slice that it takes is the value, since an object
 * ends where its last brace is. That is many times as fast as a scanner; what is guessed wrong goes to the scanner.
 */

/** An object in a text, and the index behind it. */
interface Guess {
  readonly text: string;
  readonly value: unknown;
  readonly end: number;
}

/** How many places are tried: an array of objects inside an event looks like what is around it. */
const MAX_TRIES = 4;
/** How many guesses may be wrong in one line before no more is guessed there, so that no text makes it slow. */
const MAX_WRONG = 8;

/** Guesses where objects of one text end. */
export interface FastPath {
  /** The object that begins at the index, if it ends where it seems to: before the next object, or as the text's last. */
  guess(text: string, from: number): Guess | undefined;
  /** A new line begins. */
  reset(): void;
}

export function createFastPath(): FastPath {
  let wrong = 0;
  return {
    guess(text, from) {
      const isObject = text.charCodeAt(from) === OPEN_BRACE && text.charCodeAt(from + 1) === QUOTE;
      if (!isObject || wrong >= MAX_WRONG) return undefined;
      let end = from;
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const next = borderBehind(text, end);
        if (next === end) break;
        end = next;
        const slice = text.slice(from, end);
        const value = parse(slice);
        if (value !== undefined) return { text: slice, value, end };
      }
      wrong++;
      return undefined;
    },
    reset() {
      wrong = 0;
    },
  };
}

/** The index behind the next brace that another object follows, else behind the last brace of all. */
function borderBehind(text: string, from: number): number {
  let last = from;
  for (let brace = text.indexOf("}", from); brace !== -1; brace = text.indexOf("}", last)) {
    last = brace + 1;
    let next = skipBlanks(text, last);
    if (text.charCodeAt(next) === COMMA) next = skipBlanks(text, next + 1);
    if (text.charCodeAt(next) === OPEN_BRACE) return last;
  }
  return last;
}

function skipBlanks(text: string, from: number): number {
  let index = from;
  while (text.charCodeAt(index) === SPACE) index++;
  return index;
}

/** Whether a line that begins so is an array, or objects one after the other. */
export function beginsList(text: string): boolean {
  const start = skipBlanks(text, 0);
  if (text.charCodeAt(start) === OPEN_BRACKET) return true;
  const end = createFastPath().guess(text, start)?.end;
  return end !== undefined && end < text.length;
}

/** No form and no base64 is shorter; longer ones begin so. */
const SHORT_PREFIX = 36;
const mayHoldMore = /CallSid=|ey[AIJ]|ewo|W3s|Wwo|WyA|H4sI/;
/** A bracket that may begin JSON. */
const mayBeJson = /\[["{[\]\d\-tfn\\\s]/;
const partialLog = /\s(?:stdout|stderr)\s/;

/**
 * Where an object begins that ends its line, behind a prefix that can hold nothing else; undefined where there is none.
 */
export function behindPrefix(line: string): number | undefined {
  if (!line.endsWith("}")) return undefined;
  const start = line.indexOf("{");
  if (start <= 0 || line.charCodeAt(start + 1) !== QUOTE || isMember(line, start)) return undefined;
  const prefix = line.slice(0, start);
  if (mayBeJson.test(line.slice(0, start + 1)) || (start >= SHORT_PREFIX && mayHoldMore.test(prefix))) return undefined;
  return partialLog.test(line.slice(0, 320)) ? undefined : start;
}

/**
 * Where an object seems to end that begins with a brace alone on its line, as JSON.stringify and jq indent it: behind a
 * brace that stands alone at the start of another line. Undefined where there is none, or a line ends with CR LF.
 */
export function spreadEnd(text: string, start: number): number | undefined {
  const end = text.indexOf("\n}\n", start) + 2;
  return end < 2 ? undefined : end;
}
