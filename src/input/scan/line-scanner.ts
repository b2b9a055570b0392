import type { ScanResult } from "../json-record.ts";
import { again, hopelessIn, withoutHopeless } from "./deep-brackets.ts";
import { createEventHints } from "./event-hints.ts";
import { behindStart, type JsonCandidate, ownText } from "./json-candidate.ts";
import { createFastPath } from "./json-fast-path.ts";
import { createBrokenRegions } from "./json-recovery.ts";
import { type Line, placeInLine } from "./line-position.ts";
import { createLineSearch } from "./line-search.ts";
import { logPrefix } from "./log-prefix.ts";
import { unescapeCsv } from "./unescape.ts";

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
/**
 * Cuts JSON values out of lines: those that end on their line, those that go on over more lines, and what stands inside
 * a value that broke. Emits the values in the order in which they end, forms and base64 between them, and a fault where
 * what looks like an event could not be read.
 */
export function createLineScanner(emit: (piece: ScanResult) => void): LineScanner {
  /** The lines to look at, the next one last. */
  const waiting: Line[] = [];
  const attempts: JsonCandidate[] = [];
  const guesser = createFastPath();
  const looks = createEventHints();
  const broken = createBrokenRegions(looks, emit);
  const { scanLine, feedAttempt } = createLineSearch({ emit, open, guesser, looks, broken });

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

  function open(attempt: JsonCandidate): void {
    if (attempt.prefix !== undefined) attempt.prefix = logPrefix(attempt.prefix);
    attempts.push(attempt);
    if (attempts.length > MAX_OPEN) attempts.shift();
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

/** The line without CSV's doubled quotes. */
const asCsv = (line: Line): Line => ({ ...line, text: unescapeCsv(line.text), csv: true, inexact: true });
