import { MAX_DEPTH, MAX_VALUES, TOO_DEEP, TOO_MANY } from "../parse-json.ts";

/** What the scanner waits for next, or how it ended. The names say what is allowed at the place. */
const Value = 0;
const FirstKey = 1;
const Key = 2;
const Colon = 3;
const AfterValue = 4;
const FirstElement = 5;
const InString = 6;
const InKey = 7;
const Escape = 8;
const Hex = 9;
const Minus = 10;
const Zero = 11;
const Integer = 12;
const Point = 13;
const Fraction = 14;
const Exponent = 15;
const ExponentSign = 16;
const ExponentDigits = 17;
const Literal = 18;
const Done = 19;
const Failed = 20;

const quote = 0x22;
const backslash = 0x5c;

/**
 * A strict JSON scanner (RFC 8259) that can be fed piece by piece: it knows where a value ends and, when the text
 * is not JSON, exactly where and why. It builds nothing; JSON.parse does that.
 */
export interface Scan {
  state: number;
  depth: number;
  /** How many values it has come upon. */
  values: number;
  /** One entry a level: 1 for an object, 0 for an array. */
  readonly stack: Uint8Array;
  /** The state to return to from a string's escape. */
  back: number;
  /** Hex digits still expected of an escape, or characters matched of a literal. */
  count: number;
  literal: string;
  problem: string;
}

/** A scanner that waits for a value. */
export function startScan(): Scan {
  return {
    state: Value,
    depth: 0,
    values: 1,
    stack: new Uint8Array(MAX_DEPTH),
    back: InString,
    count: 0,
    literal: "",
    problem: "",
  };
}

/** Makes the scanner wait for a value again. */
export function restart(scan: Scan): void {
  scan.state = Value;
  scan.depth = 0;
  scan.values = 1;
}

export const isDone = (scan: Scan): boolean => scan.state === Done;
export const isFailed = (scan: Scan): boolean => scan.state === Failed;
const isInString = (scan: Scan): boolean =>
  scan.state === InString || scan.state === InKey || scan.state === Escape || scan.state === Hex;

/**
 * Ends the scan at the end of the text. A number at the top is complete only now; anything else unfinished fails as
 * cut off.
 */
export function finishScan(scan: Scan): void {
  if (scan.state === Done || scan.state === Failed) return;
  if (scan.depth === 0 && (scan.state === Zero || scan.state === Integer || scan.state === Fraction)) {
    scan.state = Done;
  } else if (scan.depth === 0 && scan.state === ExponentDigits) {
    scan.state = Done;
  } else {
    scan.problem = `the text ends ${unfinished(scan)}`;
    scan.state = Failed;
  }
}

/** Where in JSON's grammar an unfinished scan stands, in words: "inside a string", "inside an object". */
export function unfinished(scan: Scan): string {
  if (isInString(scan)) return "inside a string";
  if (scan.depth > 0) return scan.stack[scan.depth - 1] === 1 ? "inside an object" : "inside an array";
  return scan.state === Value ? "before a value" : "inside a value";
}

/**
 * Reads on from `from`. Returns the index where it stopped: the end of the text (more is needed), the index after the
 * value (`isDone`), or the index of the offending character (`isFailed`, with `problem` in words).
 */
export function advance(scan: Scan, text: string, from: number): number {
  const { stack } = scan;
  const end = text.length;
  let { state, depth } = scan;
  let index = from;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (state === InString || state === InKey) {
      if (code === quote) {
        state = state === InKey ? Colon : depth === 0 ? Done : AfterValue;
        if (state === Done) {
          index++;
          break;
        }
      } else if (code === backslash) {
        scan.back = state;
        state = Escape;
      } else if (code < 0x20) {
        return fail(scan, depth, index, controlInString(code));
      }
      index++;
      continue;
    }
    if (state === Escape) {
      if (code === 0x75) {
        state = Hex;
        scan.count = 4;
      } else if (isSimpleEscape(code)) {
        state = scan.back;
      } else {
        return fail(scan, depth, index, `\\${text.charAt(index)} is no JSON escape`);
      }
      index++;
      continue;
    }
    if (state === Hex) {
      if (!isHexDigit(code)) return fail(scan, depth, index, "\\u needs four hexadecimal digits");
      scan.count--;
      if (scan.count === 0) state = scan.back;
      index++;
      continue;
    }
    if (state === Literal) {
      if (code !== scan.literal.charCodeAt(scan.count)) {
        return fail(scan, depth, index, "expected a value: only true, false and null are JSON words");
      }
      scan.count++;
      index++;
      if (scan.count === scan.literal.length) {
        state = depth === 0 ? Done : AfterValue;
        if (state === Done) break;
      }
      continue;
    }
    if (state >= Minus && state <= ExponentDigits) {
      const next = numberState(state, code);
      if (next >= 0) {
        state = next;
        index++;
        continue;
      }
      if (state === Minus || state === Point || state === Exponent || state === ExponentSign) {
        return fail(scan, depth, index, "expected a digit in the number");
      }
      if (state === Zero && isDigit(code)) return fail(scan, depth, index, "a number may not begin with 0");
      if (depth === 0) {
        state = Done;
        break;
      }
      state = AfterValue;
    }
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      index++;
      continue;
    }
    switch (state) {
      case FirstKey:
      case Key:
        if (code === quote) state = InKey;
        else if (code === 0x7d && state === FirstKey) {
          depth--;
          state = depth === 0 ? Done : AfterValue;
        } else
          return fail(scan, depth, index, state === Key && code === 0x7d ? commaBefore("}") : keyExpected(text, index));
        break;
      case Colon:
        if (code !== 0x3a) return fail(scan, depth, index, expected("':' after the key", text, index));
        state = Value;
        break;
      case AfterValue:
        if (code === 0x2c) {
          scan.values++;
          if (scan.values > MAX_VALUES) return fail(scan, depth, index, TOO_MANY);
          state = stack[depth - 1] === 1 ? Key : Value;
        } else if (code === (stack[depth - 1] === 1 ? 0x7d : 0x5d)) {
          depth--;
          state = depth === 0 ? Done : AfterValue;
        } else {
          return fail(scan, depth, index, expected(stack[depth - 1] === 1 ? "',' or '}'" : "',' or ']'", text, index));
        }
        break;
      default:
        if (code === 0x7b || code === 0x5b) {
          if (depth === MAX_DEPTH) return fail(scan, depth, index, TOO_DEEP);
          scan.values++;
          if (scan.values > MAX_VALUES) return fail(scan, depth, index, TOO_MANY);
          stack[depth] = code === 0x7b ? 1 : 0;
          depth++;
          state = code === 0x7b ? FirstKey : FirstElement;
        } else if (code === quote) state = InString;
        else if (code === 0x2d) state = Minus;
        else if (code === 0x30) state = Zero;
        else if (code > 0x30 && code <= 0x39) state = Integer;
        else if (code === 0x5d && state === FirstElement) {
          depth--;
          state = depth === 0 ? Done : AfterValue;
        } else if (code === 0x74 || code === 0x66 || code === 0x6e) {
          scan.literal = code === 0x74 ? "true" : code === 0x66 ? "false" : "null";
          scan.count = 1;
          state = Literal;
        } else {
          const afterComma = code === 0x5d && depth > 0 && stack[depth - 1] === 0;
          return fail(scan, depth, index, afterComma ? commaBefore("]") : expected("a value", text, index));
        }
    }
    index++;
    if (state === Done) break;
  }
  scan.state = state;
  scan.depth = depth;
  return index;
}

function fail(scan: Scan, depth: number, index: number, problem: string): number {
  scan.state = Failed;
  scan.depth = depth;
  scan.problem = problem;
  return index;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

const isSimpleEscape = (code: number): boolean => '"\\/bfnrt'.includes(String.fromCharCode(code));

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

const commaBefore = (bracket: string): string => `a comma stands before '${bracket}'`;

function expected(what: string, text: string, index: number): string {
  const found = String.fromCodePoint(text.codePointAt(index) ?? 0);
  return `expected ${what}, found ${found === "'" ? '"\'"' : `'${found}'`}`;
}

function keyExpected(text: string, index: number): string {
  return expected("a key in double quotes", text, index);
}

function controlInString(code: number): string {
  if (code === 0x0a || code === 0x0d) return "the line ends inside a string: it is cut off";
  return `a raw control character (U+${code.toString(16).toUpperCase().padStart(4, "0")}) inside a string`;
}

/** The first place where the text stops being one JSON value (RFC 8259), and why; undefined when it is one. */
export function findParseError(text: string): { readonly index: number; readonly problem: string } | undefined {
  const scan = startScan();
  let index = advance(scan, text, 0);
  if (!isDone(scan)) finishScan(scan);
  if (isFailed(scan)) {
    const isEmpty = text.trim() === "";
    return { index, problem: isEmpty ? "the file is empty" : scan.problem };
  }
  while (index < text.length && /[ \t\r\n]/.test(text.charAt(index))) index++;
  if (index === text.length) return undefined;
  return { index, problem: "more text stands behind the JSON value" };
}
