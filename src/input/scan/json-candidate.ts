import type { JsonRecord, Span } from "../json-record.ts";
import { isSpace } from "../json-tokens.ts";
import type { FastPath } from "./json-fast-path.ts";
import { advance, isDone, isFailed, type Scan, startScan, unfinished } from "./json-scan.ts";
import { type Line, placeInLine, positionOf, spanAt } from "./line-position.ts";
import { mayContinue, repeatedPrefix } from "./log-prefix.ts";

/** The longest JSON value that is read as one, in characters. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
/** How many lines of others may stand between two lines of one value. */
const MAX_FOREIGN = 256;

/** A line of a value: what stands before `from` is the log's own prefix, or another value. */
interface OwnLine {
  readonly line: Line;
  readonly from: number;
}

/**
 * A value that began at a bracket in a text and may go on over more lines. A top-level array is read element by
 * element, so that its size does not matter.
 */
export interface JsonCandidate {
  state: "open" | "done" | "failed";
  /** Why it failed, in words. */
  problem: string;
  readonly start: OwnLine;
  /** The lines of the value (in an array: of the current element), and where its own text begins in each. */
  lines: OwnLine[];
  /** In an array the current element's index. */
  element: number | undefined;
  /** An element before the current one spells an event. */
  heldEvent: boolean;
  expects: "value" | "first" | "element" | "comma";
  readonly guesser: FastPath;
  /** Made when it is needed. */
  scan: Scan | undefined;
  pieces: string[];
  spans: Span[];
  size: number;
  /** The text before the value, as far as its lines repeat it; undefined when they don't. */
  prefix: string | undefined;
  decided: boolean;
  foreign: number;
  /** Where in JSON's grammar the last line ended. */
  unfinished: string;
}

/** Called with each value that is complete: the whole one, or each element of an array. */
type Complete = (document: JsonRecord, endLine: Line, end: number) => void;

/** An attempt at the bracket that stands at `from`; feed it this line first. */
export function startCandidate(line: Line, from: number, guesser: FastPath): JsonCandidate {
  const isArray = line.text.charCodeAt(from) === 0x5b;
  return {
    state: "open",
    problem: "",
    start: { line, from },
    lines: [{ line, from }],
    element: isArray ? 0 : undefined,
    heldEvent: false,
    expects: isArray ? "first" : "value",
    guesser,
    scan: undefined,
    pieces: [],
    spans: [],
    size: 0,
    prefix: from > 0 && !line.csv ? line.text.slice(0, from) : undefined,
    decided: false,
    foreign: 0,
    unfinished: "",
  };
}

/** Where in its first line the value begins, or the current element. */
export const startOf = ({ lines }: JsonCandidate): number => lines[0]?.from ?? 0;

/** Where to look on after a failure: behind the bracket, or in an array at what stands where no element could begin. */
export const behindStart = (attempt: JsonCandidate): number => startOf(attempt) + (attempt.expects === "value" ? 1 : 0);

/** Where in the whole text the value begins, or the current element. */
export const startPosition = ({ lines, start }: JsonCandidate): number => {
  const { line, from } = lines[0] ?? start;
  return positionOf(line, from);
};

/**
 * Where in the line the attempt's own text begins, or undefined when the line is somebody else's: the lines of a
 * value may each repeat the log's prefix, and other sources' lines may stand between them.
 */
export function ownText(attempt: JsonCandidate, line: Line): number | undefined {
  // The last piece may have ended within its line: then the next piece goes on where it stopped.
  if (attempt.prefix === undefined || attempt.lines.at(-1)?.line.cut) return 0;
  const match = repeatedPrefix(attempt.prefix, line.text);
  if (attempt.decided) {
    if (match.prefix === attempt.prefix.length) {
      attempt.foreign = 0;
      return match.text;
    }
  } else if (mayContinue(line.text.slice(match.text))) {
    attempt.decided = true;
    attempt.prefix = match.prefix > 0 ? attempt.prefix.slice(0, match.prefix) : undefined;
    return match.text;
  }
  attempt.foreign++;
  return attempt.foreign > MAX_FOREIGN ? match.text : undefined;
}

/**
 * Reads the line from `from` on. Returns the index where it stopped: the line's end while the value is open, the
 * index behind the value when it is done, the offending character when it failed.
 */
export function feed(attempt: JsonCandidate, line: Line, from: number, complete: Complete): number {
  if (attempt.lines[0]?.line !== line) attempt.lines.push({ line, from });
  else if (attempt.expects === "first" && attempt.element === 0) return feedElements(attempt, line, from + 1, complete);
  return attempt.element === undefined
    ? feedValue(attempt, line, from, complete)
    : feedElements(attempt, line, from, complete);
}

function feedElements(attempt: JsonCandidate, line: Line, from: number, complete: Complete): number {
  const { text } = line;
  let index = from;
  for (;;) {
    if (attempt.expects !== "value") {
      while (index < text.length && isSpace(text.charCodeAt(index))) index++;
      attempt.lines = [{ line, from: index }];
      if (index >= text.length) {
        attempt.unfinished = "inside an array";
        return index;
      }
      const code = text.charCodeAt(index);
      if (code === 0x5d && attempt.expects !== "element") {
        attempt.state = "done";
        return index + 1;
      }
      if (attempt.expects === "comma") {
        if (code !== 0x2c) {
          attempt.lines = [{ line, from: keyStart(text, index) }];
          return fail(attempt, index, `expected ',' or ']', found '${text.charAt(index)}'`);
        }
        attempt.expects = "element";
        index++;
        continue;
      }
      startElement(attempt);
    }
    index = feedValue(attempt, line, index, complete);
    if (attempt.state !== "done") return index;
    attempt.state = "open";
    attempt.expects = "comma";
    attempt.element = (attempt.element ?? 0) + 1;
    attempt.heldEvent ||= attempt.pieces.some(mayBeEvent);
  }
}

/**
 * Behind a quote too many strings and what is between them change places, and an element that seems to end before the index
 * may hold the bracket of an object whose first key stands there: `",{"id"`. The index of that bracket, else of the key.
 */
function keyStart(text: string, index: number): number {
  if (text.charCodeAt(index - 1) !== 0x22) return index;
  let at = index - 2;
  while (isSpace(text.charCodeAt(at))) at--;
  return text.charCodeAt(at) === 0x7b ? at : index;
}

const mayBeEvent = (text: string): boolean => text.includes("com.twilio.") || text.includes("specversion");

function startElement(attempt: JsonCandidate): void {
  attempt.expects = "value";
  attempt.pieces = [];
  attempt.spans = [];
  attempt.size = 0;
  attempt.scan = undefined;
}

function feedValue(attempt: JsonCandidate, line: Line, from: number, complete: Complete): number {
  const guess = attempt.size === 0 ? attempt.guesser.guess(line.text, from) : undefined;
  if (guess !== undefined) {
    addPiece(attempt, line, from, guess.end);
    attempt.state = "done";
    complete(documentOf(attempt, line, guess.value), line, guess.end);
    return guess.end;
  }
  attempt.scan ??= startScan();
  const { scan } = attempt;
  const end = advance(scan, line.text, from);
  if (isFailed(scan)) return fail(attempt, end, scan.problem);
  addPiece(attempt, line, from, end);
  if (attempt.size > MAX_RECORD_BYTES) {
    return fail(attempt, end, "larger than 16 MiB: what it holds is searched piece by piece");
  }
  if (!isDone(scan)) {
    attempt.unfinished = unfinished(scan);
    if (line.cut) return end;
    advance(scan, "\n", 0);
    if (isFailed(scan)) return fail(attempt, end, scan.problem);
    if (!isDone(scan)) {
      attempt.pieces.push("\n");
      attempt.size++;
      return end;
    }
  }
  attempt.state = "done";
  // A number or a word among an array's elements holds no event, and may be no JSON at all, as in ESC [32m.
  if (/^[{["]/.test(attempt.pieces[0] ?? "")) complete(documentOf(attempt, line), line, end);
  return end;
}

function addPiece(attempt: JsonCandidate, line: Line, from: number, end: number): void {
  const { joins, encoding } = line;
  const first = joins ? spanAt(joins, from)?.encoding : encoding;
  attempt.spans.push({ start: attempt.size, at: placeInLine(line, from), encoding: first });
  for (const join of joins ?? []) {
    if (join.start > from && join.start < end) attempt.spans.push({ ...join, start: attempt.size + join.start - from });
  }
  attempt.pieces.push(line.text.slice(from, end));
  attempt.size += end - from;
}

function documentOf(attempt: JsonCandidate, line: Line, value?: unknown): JsonRecord {
  const first = attempt.lines[0]?.line ?? line;
  const text = attempt.pieces.join("");
  return {
    text,
    value: value ?? JSON.parse(text),
    at: attempt.spans[0]?.at ?? first.at,
    spans: attempt.spans,
    inexact: first.inexact,
    element: attempt.element,
    encoding: attempt.lines.find((each) => each.line.encoding !== undefined)?.line.encoding,
  };
}

function fail(attempt: JsonCandidate, index: number, problem: string): number {
  attempt.state = "failed";
  attempt.problem = problem;
  return index;
}
