import { isDigit, isSpace } from "../json-tokens.ts";
import { MAX_DEPTH, MAX_VALUES, TOO_DEEP, TOO_MANY } from "../parse-json.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What the scanner waits for next, or how it ended. The names say what is allowed at the place. */
const FirstKey = 0;
const Key = 1;
const Colon = 2;
const AfterValue = 3;
const Value = 4;
const FirstElement = 5;
const InString = 6;
const InKey = 7;
const InWord = 8;
const Minus = 9;
const Zero = 10;
const Integer = 11;
const Point = 12;
const Fraction = 13;
const Exponent = 14;
const ExponentSign = 15;
const ExponentDigits = 16;
const Done = 17;

/**
 * A strict JSON scanner (RFC 8259) that can be fed piece by piece: it knows where a value ends and, when the text
 * is not JSON, exactly where and why. It builds nothing; JSON.parse does that.
 */
export interface Scan {
  state: number;
  /** How many values it has come upon. */
  values: number;
  /** The objects and arrays that it is inside of, by their brackets. */
  readonly open: number[];
  /** The escape in a string that is not complete; empty where there is none. */
  escape: string;
  /** The characters that are expected of true, false or null. */
  word: string;
  /** Why the text is not JSON; empty while it may be. */
  problem: string;
}

/** A scanner that waits for a value. */
export function startScan(): Scan {
  return { state: Value, values: 1, open: [], escape: "", word: "", problem: "" };
}

export const isDone = (scan: Scan): boolean => scan.state === Done;
export const isFailed = (scan: Scan): boolean => scan.problem !== "";

/** Where in JSON's grammar an unfinished scan stands, in words: "inside a string", "inside an object". */
export function unfinished(scan: Scan): string {
  if (scan.state === InString || scan.state === InKey) return "inside a string";
  if (scan.open.length > 0) return isInObject(scan) ? "inside an object" : "inside an array";
  return scan.state === Value ? "before a value" : "inside a value";
}

/** The first place where the text stops being one JSON value (RFC 8259), and why; undefined when it is one. */
export function findParseError(text: string): { readonly index: number; readonly problem: string } | undefined {
  const scan = startScan();
  const index = advance(scan, text, 0);
  // A number at the top is complete only at the end of the text.
  const isWhole = isDone(scan) || (scan.open.length === 0 && isNumber(scan.state));
  const problem = isFailed(scan) || isWhole ? scan.problem : `the text ends ${unfinished(scan)}`;
  if (problem !== "") return { index, problem: text.trim() === "" ? "the file is empty" : problem };
  const more = text.slice(index).search(/[^ \t\r\n]/);
  return more === -1 ? undefined : { index: index + more, problem: "more text stands behind the JSON value" };
}

/**
 * Reads on from `from`. Returns the index where it stopped: the end of the text (more is needed), the index after the
 * value (`isDone`), or the index of the offending character (`isFailed`, with `problem` in words).
 */
export function advance(scan: Scan, text: string, from: number): number {
  let index = from;
  for (; index < text.length && scan.state !== Done; index++) {
    const { state } = scan;
    if (state === InString || state === InKey) {
      index = advanceInString(scan, text, index);
      if (isFailed(scan) || index === text.length) break;
      if (state === InKey) scan.state = Colon;
      else endValue(scan);
      continue;
    }
    const code = text.charCodeAt(index);
    if (state === InWord) {
      if (code !== scan.word.charCodeAt(0)) {
        scan.problem = "expected a value: only true, false and null are JSON words";
        break;
      }
      scan.word = scan.word.slice(1);
      if (scan.word === "") endValue(scan);
      continue;
    }
    if (state >= Minus && state <= ExponentDigits) {
      const next = numberState(state, code);
      if (next >= 0) {
        scan.state = next;
        continue;
      }
      if (!isNumber(state)) scan.problem = "expected a digit in the number";
      else if (state === Zero && isDigit(code)) scan.problem = "a number may not begin with 0";
      else endValue(scan);
      if (isFailed(scan) || isDone(scan)) break;
    }
    if (isSpace(code)) continue;
    scan.problem = scan.state < Value ? step(scan, text, index) : begin(scan, text, index);
    if (isFailed(scan)) break;
  }
  return index;
}

/** Reads on in a string, up to its last quote, the end of the text, or a character that has no place in it. */
function advanceInString(scan: Scan, text: string, from: number): number {
  let index = from;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (scan.escape !== "") {
      scan.problem = advanceEscape(scan, text.charAt(index));
      if (isFailed(scan)) break;
    } else if (code === QUOTE) break;
    else if (code === BACKSLASH) scan.escape = "\\";
    else if (code < SPACE) {
      scan.problem = controlInString(code);
      break;
    }
  }
  return index;
}

/** Takes a character of an escape. Returns why it has no place there; empty where it has. */
function advanceEscape(scan: Scan, character: string): string {
  const token = scan.escape + character;
  if (!/^\\(?:["\\/bfnrt]|u[\dA-Fa-f]{0,4})$/.test(token)) {
    return token.length === 2 ? `${token} is no JSON escape` : "\\u needs four hexadecimal digits";
  }
  const isEnd = token.length === (token.startsWith("\\u") ? 6 : 2);
  scan.escape = isEnd ? "" : token;
  return "";
}

/** Takes a character that stands between values. Returns why it has no place there; empty where it has. */
function step(scan: Scan, text: string, index: number): string {
  const code = text.charCodeAt(index);
  if (scan.state === Colon) {
    if (code !== COLON) return expected("':' after the key", text, index);
    scan.state = Value;
  } else if (scan.state === AfterValue) {
    const inObject = isInObject(scan);
    if (code === COMMA) {
      scan.state = inObject ? Key : Value;
      return countValue(scan);
    }
    if (code !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
      return expected(inObject ? "',' or '}'" : "',' or ']'", text, index);
    }
    close(scan);
  } else if (code === QUOTE) scan.state = InKey;
  else if (code !== CLOSE_BRACE) return expected("a key in double quotes", text, index);
  else if (scan.state === Key) return "a comma stands before '}'";
  else close(scan);
  return "";
}

/** Takes the first character of a value, or the bracket that ends an empty array. */
function begin(scan: Scan, text: string, index: number): string {
  const code = text.charCodeAt(index);
  if (code === OPEN_BRACE || code === OPEN_BRACKET) {
    if (scan.open.length === MAX_DEPTH) return TOO_DEEP;
    const problem = countValue(scan);
    if (problem !== "") return problem;
    scan.open.push(code);
    scan.state = code === OPEN_BRACE ? FirstKey : FirstElement;
  } else if (code === QUOTE) scan.state = InString;
  else if (code === 0x2d) scan.state = Minus;
  else if (isDigit(code)) scan.state = code === 0x30 ? Zero : Integer;
  else if (code === CLOSE_BRACKET && scan.state === FirstElement) close(scan);
  else if (code === 0x74 || code === 0x66 || code === 0x6e) {
    scan.word = code === 0x74 ? "rue" : code === 0x66 ? "alse" : "ull";
    scan.state = InWord;
  } else {
    const afterComma = code === CLOSE_BRACKET && scan.open.at(-1) === OPEN_BRACKET;
    return afterComma ? "a comma stands before ']'" : expected("a value", text, index);
  }
  return "";
}

function endValue(scan: Scan): void {
  scan.state = scan.open.length === 0 ? Done : AfterValue;
}

function close(scan: Scan): void {
  scan.open.pop();
  endValue(scan);
}

function countValue(scan: Scan): string {
  scan.values++;
  return scan.values > MAX_VALUES ? TOO_MANY : "";
}

const isInObject = ({ open }: Scan): boolean => open.at(-1) === OPEN_BRACE;

const isNumber = (state: number): boolean =>
  state === Zero || state === Integer || state === Fraction || state === ExponentDigits;

/** The state after one more character of a number, or -1 when the character is not part of it. */
function numberState(state: number, code: number): number {
  const digit = isDigit(code);
  switch (state) {
    case Minus:
      return code === 0x30 ? Zero : digit ? Integer : -1;
    case Point:
    case Fraction:
      return digit ? Fraction : state === Fraction && isExponent(code) ? Exponent : -1;
    case Exponent:
      return code === 0x2b || code === 0x2d ? ExponentSign : digit ? ExponentDigits : -1;
    case ExponentSign:
    case ExponentDigits:
      return digit ? ExponentDigits : -1;
    default:
      if (state === Integer && digit) return Integer;
      return code === 0x2e ? Point : isExponent(code) ? Exponent : -1;
  }
}

const isExponent = (code: number): boolean => code === 0x65 || code === 0x45;

function expected(what: string, text: string, index: number): string {
  const found = String.fromCodePoint(text.codePointAt(index) ?? 0);
  return `expected ${what}, found ${found === "'" ? '"\'"' : `'${found}'`}`;
}

function controlInString(code: number): string {
  if (code === 0x0a || code === 0x0d) return "the line ends inside a string: it is cut off";
  return `a raw control character (U+${code.toString(16).toUpperCase().padStart(4, "0")}) inside a string`;
}
