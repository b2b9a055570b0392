import type { JsonRecord, ScanResult } from "../json-record.ts";
import { parse } from "../parse-json.ts";
import { again, hopelessIn, passHopeless, withoutHopeless } from "./deep-brackets.ts";
import { createEventHints } from "./event-hints.ts";
import { isInForm, piecesInGap } from "./form-scanner.ts";
import {
  feed,
  type JsonCandidate,
  MAX_RECORD_BYTES,
  ownText,
  startCandidate,
  startOf,
  startPosition,
} from "./json-candidate.ts";
import { createFastPath } from "./json-fast-path.ts";
import { createBrokenRegions } from "./json-recovery.ts";
import { documentInLine, type Line, placeInLine, positionOf } from "./line-position.ts";
import { isMember, logPrefix } from "./log-prefix.ts";
import { createUnescaper, isEscaped, type Unescaped, type Unescaper, unescapeCsv } from "./unescape.ts";

/** Looks for values in the lines of one text. */
export interface LineScanner {
  take(line: Line): void;
  /** Whether a value began that has not ended. */
  isOpen(): boolean;
  /** Whether nothing that it has read makes a difference to what comes. */
  isAtRest(): boolean;
  /** Ends the text: what is still open is cut off. */
  end(): void;
}

/** How often text is looked at again after a value around it broke: more than any wrapper nests. */
const MAX_RESCANS = 24;
/** How many values may stand open at once, each waiting for its own lines among others'. */
const MAX_OPEN = 8;
/** How many times one text may be respelled inside another's spelling. */
const MAX_RESPELL = 4;

/**
 * Cuts JSON values out of lines: those that end on their line, those that go on over more lines, and what stands inside
 * a value that broke. Emits the values in the order in which they end, forms and base64 between them, and a fault where
 * what looks like an event could not be read.
 */
export function createLineScanner(take: (piece: ScanResult) => void): LineScanner {
  /** The lines to look at, the next one last. */
  const waiting: Line[] = [];
  const attempts: JsonCandidate[] = [];
  const guesser = createFastPath();
  const looks = createEventHints();
  const broken = createBrokenRegions(looks, take);
  let emitted = 0;
  let gapsTo = 0;

  function emit(piece: ScanResult): void {
    emitted++;
    take(piece);
  }

  /** Emits a value that was found at the bracket. */
  function emitRecord(document: JsonRecord, line: Line, bracket: number): void {
    emit({ kind: "json", document, salvaged: line.rescans > 0 || isMember(line.text, bracket) });
  }

  /** Text between values is looked through once, however often its lines are. */
  function scanGap(line: Line, from: number, to: number): void {
    const start = Math.max(from, gapsTo - line.base);
    for (const piece of piecesInGap(line, start, to)) emit(piece);
    gapsTo = Math.max(gapsTo, line.base + to);
  }

  function drain(): void {
    for (let next = waiting.pop(); next; next = waiting.pop()) offer(next);
  }

  /** Gives a line to the open value that it belongs to, else looks for new values in it. */
  function offer(line: Line): void {
    for (let index = attempts.length - 1; index >= 0; index--) {
      const attempt = attempts[index];
      if (!attempt) continue;
      const own = attempt.start.line.csv && !line.csv ? asCsv(line) : line;
      const from = ownText(attempt, own);
      if (from === undefined) continue;
      if (isCutOffBefore(attempt, own, from)) {
        attempts.splice(index, 1);
        const first = attempt.lines[0]?.line ?? line;
        attempt.problem = `the line ends ${attempt.unfinished}: it is cut off`;
        retry(attempt, first, first.text.length);
        return offer(line);
      }
      const end = feedAttempt(attempt, own, from);
      if (attempt.state === "open") return;
      attempts.splice(index, 1);
      if (attempt.state === "done") scanLine(own, end, true);
      else retry(attempt, own, end);
      return;
    }
    scanLine(line, 0, true);
  }

  /** An event on one line does not go on with another event: the first was cut off by the end of its line. */
  function isCutOffBefore(attempt: JsonCandidate, line: Line, from: number): boolean {
    const [first, second] = attempt.lines;
    if (!first || second || first.line.cut || looks.isEmpty()) return false;
    return /^\s*\{/.test(line.text.slice(from, from + 100)) && looks.isIn(first.line) && looks.isIn(line);
  }

  function feedAttempt(attempt: JsonCandidate, line: Line, from: number): number {
    return feed(attempt, line, from, (document, endLine, end) => {
      const { start } = attempt;
      looks.cover(startPosition(attempt), positionOf(endLine, end));
      emitRecord(document, start.line, start.from);
    });
  }

  /** What broke at the index of the line is remembered, and its lines are looked at again. */
  function retry(attempt: JsonCandidate, line: Line, index: number): void {
    const { line: start, from } = attempt.start;
    if (!start.csv && start !== line && start.text.charAt(from - 1) === '"' && line.text.includes('""')) {
      const head = { ...start, text: start.text.slice(from), at: placeInLine(start, from) };
      const tail = attempt.lines.flatMap((own) => (own.line === start ? [] : [own.line]));
      queueFirst([head, ...tail].map(asCsv));
      return;
    }
    broken.add(attempt, line, index);
    rescan(attempt, index);
  }

  /**
   * Looks again at an attempt's lines, behind the bracket where it began: so often at the line of the bracket, always at
   * others; or without its outer brackets where it nests deep.
   */
  function rescan(attempt: JsonCandidate, index: number): void {
    const isDeep = hopelessIn(attempt) > 0;
    const lines = isDeep ? withoutHopeless(attempt, index) : attempt.lines.map(({ line }) => again(line));
    const [first, ...rest] = lines;
    queueFirst(rest);
    const isStart = attempt.lines[0]?.line === attempt.start.line;
    if (first && (isDeep || !isStart || first.rescans <= MAX_RESCANS)) {
      scanLine(first, isDeep ? 0 : behindStart(attempt), true);
    }
  }

  /** These lines come next, before the others that wait. */
  function queueFirst(lines: readonly Line[]): void {
    for (const line of lines.toReversed()) waiting.push(line);
  }

  /** Looks for values in the line from `start` on; `mayOpen` says that they may go on in later lines. */
  function scanLine(line: Line, start: number, mayOpen: boolean, respelled = 0): void {
    const { text } = line;
    let gap = start;
    let index = start;
    let guess = true;
    const mayRespell = respelled < MAX_RESPELL;
    let respellings: Unescaper | undefined;
    /** The parts that were read, a start and an end each. */
    const read: number[] = [];
    for (index = nextBracket(text, index); index >= 0; index = nextBracket(text, index)) {
      if (guess && text.length <= MAX_RECORD_BYTES && mayBeWhole(text, index)) {
        guess = false;
        const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1;
        const value = parse(text.slice(index, end));
        if (value !== undefined) {
          scanGap(line, gap, index);
          looks.cover(positionOf(line, index), positionOf(line, end));
          emitRecord(documentInLine(line, index, end, value), line, index);
          read.push(index, end);
          index = end;
          gap = end;
          continue;
        }
      }
      if (looks.isEmpty() && !mayBegin(text, index)) {
        index++;
        continue;
      }
      const attempt = startCandidate(line, index, guesser);
      const end = feedAttempt(attempt, line, index);
      if (attempt.state === "failed") {
        if (mayRespell && isEscaped(text, index, attempt.problem)) {
          respellings ??= createUnescaper(text, read);
          const behind = respell(line, respellings.at(index), respelled);
          if (behind !== undefined) {
            scanGap(line, gap, index);
            index = behind;
            gap = behind;
            continue;
          }
        }
        broken.add(attempt, line, end);
        // The elements of an array are read before it breaks.
        const from = startOf(attempt);
        if (from > index + 1) read.push(index, from);
        if (hopelessIn(attempt) > 0) {
          scanGap(line, gap, from);
          const { passed, next } = passHopeless(attempt, line, end);
          scanLine(passed, 0, false, MAX_RESPELL);
          read.push(from, next);
          index = next;
          gap = next;
        } else index = behindStart(attempt);
      } else {
        scanGap(line, gap, index);
        if (attempt.state === "open") {
          if (mayOpen) open(attempt);
          return;
        }
        read.push(index, end);
        index = end;
        gap = end;
      }
    }
    const isRead = gap > start || line.rescans > 0;
    if (mayRespell && (!isRead || looks.isIn(line) || text.includes("%22"))) {
      respellings ??= createUnescaper(text, read);
      gap = respellRest(line, start, gap, respellings, respelled);
    }
    scanGap(line, gap, text.length);
  }

  function open(attempt: JsonCandidate): void {
    if (attempt.prefix !== undefined) attempt.prefix = logPrefix(attempt.prefix);
    attempts.push(attempt);
    if (attempts.length > MAX_OPEN) attempts.shift();
  }

  /** Reads a respelled text in each spelling until one holds anything; returns the index behind that. */
  function respell(line: Line, texts: readonly Unescaped[], depth: number): number | undefined {
    for (const { start, end, text } of texts) {
      const before = emitted;
      // Gaps of the undone text are others than those of the line.
      const lookedTo = gapsTo;
      gapsTo = 0;
      const { base, length } = line.inexact ? line : { base: line.base + start, length: end - start };
      const at = placeInLine(line, start);
      scanLine({ ...line, text, at, joins: undefined, inexact: true, base, length }, 0, false, depth + 1);
      gapsTo = lookedTo;
      if (emitted > before) return end;
    }
    return undefined;
  }

  /**
   * Reads all texts that are respelled in the line from an index on, and what stands before them from `gap` on; returns the
   * index behind the last one that held something.
   */
  function respellRest(line: Line, start: number, gap: number, respellings: Unescaper, depth: number): number {
    let to = gap;
    for (let next = respellings.next(start); next; ) {
      const isValue = line.text.charCodeAt(next.start) === 0x25 && isInForm(line.text, next.start);
      const behind = isValue ? undefined : respell(line, next.texts, depth);
      if (behind !== undefined) {
        scanGap(line, to, next.start);
        to = Math.max(to, behind);
      }
      next = respellings.next(behind ?? next.end);
    }
    return to;
  }

  return {
    take(line) {
      guesser.reset();
      looks.add(line);
      waiting.push(line);
      drain();
      broken.settle(Math.min(...attempts.map(({ start }) => start.line.base)));
    },
    isOpen: () => attempts.length > 0,
    isAtRest: () => attempts.length === 0 && looks.isEmpty() && broken.isAtRest(),
    end() {
      for (let attempt = attempts.shift(); attempt; attempt = attempts.shift()) {
        broken.addCutOff(attempt);
        rescan(attempt, attempt.lines.at(-1)?.line.text.length ?? 0);
        drain();
      }
      broken.settle(Number.POSITIVE_INFINITY);
    },
  };
}

/** Where to look on after a failure: behind the bracket, or in an array at what stands where no element could begin. */
const behindStart = (attempt: JsonCandidate): number => startOf(attempt) + (attempt.expects === "value" ? 1 : 0);

/** The line without CSV's doubled quotes. */
const asCsv = (line: Line): Line => ({ ...line, text: unescapeCsv(line.text), csv: true, inexact: true });

/** Whether JSON may begin at the bracket, by the character behind it; that spares a log's own brackets the scanner. */
function mayBegin(text: string, index: number): boolean {
  const next = text.charAt(index + 1);
  return (
    next === "" || (text.charCodeAt(index) === 0x7b ? '"}\\ \t\r\n' : '"{[]-0123456789tfn\\ \t\r\n').includes(next)
  );
}

function nextBracket(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x7b || code === 0x5b) return index;
  }
  return -1;
}

/** Whether the bracket looks like the start of a value that ends on its line, so that parsing it is worth a try. */
function mayBeWhole(text: string, index: number): boolean {
  const next = text.charCodeAt(index + 1);
  return next === 0x22 || next === 0x7b || next === 0x20 || (next === 0x5b && !text.startsWith("[[[[[[[[", index));
}
