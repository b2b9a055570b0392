import type { JsonRecord, ScanResult } from "../json-record.ts";
import { parse } from "../parse-json.ts";
import { hopelessIn, passHopeless } from "./deep-brackets.ts";
import type { EventHints } from "./event-hints.ts";
import { isInForm, piecesInGap } from "./form-scanner.ts";
import {
  behindStart,
  feed,
  type JsonCandidate,
  MAX_RECORD_BYTES,
  startCandidate,
  startOf,
  startPosition,
} from "./json-candidate.ts";
import type { FastPath } from "./json-fast-path.ts";
import type { BrokenRegions } from "./json-recovery.ts";
import { documentInLine, type Line, placeInLine, positionOf } from "./line-position.ts";
import { isMember } from "./log-prefix.ts";
import { createUnescaper, isEscaped, type Unescaped, type Unescaper } from "./unescape.ts";

/** How many times one text may be respelled inside another's spelling. */
const MAX_RESPELL = 4;

/** Looks for values in single lines. */
export interface LineSearch {
  /** Looks for values in the line from `start` on; `mayOpen` says that they may go on in later lines. */
  scanLine(line: Line, start: number, mayOpen: boolean): void;
  /** Gives the line, from an index on, to an attempt. Returns the index where it stopped. */
  feedAttempt(attempt: JsonCandidate, line: Line, from: number): number;
}

interface SearchContext {
  readonly emit: (result: ScanResult) => void;
  /** Called with each value that goes on in the next line. */
  readonly open: (attempt: JsonCandidate) => void;
  readonly guesser: FastPath;
  readonly looks: EventHints;
  readonly broken: BrokenRegions;
}

export function createLineSearch({ emit: emitNext, open, guesser, looks, broken }: SearchContext): LineSearch {
  let emitted = 0;
  let gapsTo = 0;

  function emit(piece: ScanResult): void {
    emitted++;
    emitNext(piece);
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

  function feedAttempt(attempt: JsonCandidate, line: Line, from: number): number {
    return feed(attempt, line, from, (document, endLine, end) => {
      const { start } = attempt;
      looks.cover(startPosition(attempt), positionOf(endLine, end));
      emitRecord(document, start.line, start.from);
    });
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

  return { scanLine, feedAttempt };
}

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
