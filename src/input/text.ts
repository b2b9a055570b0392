import { type Attempt, feed, isMember, MAX_RECORD, ownText, startAttempt } from "./attempt.ts";
import { describeFault, eventLooks, isInspected } from "./diagnose.ts";
import type { Document, Fault, Place, Span } from "./document.ts";
import { type Line, placeInLine, positionOf } from "./place.ts";
import { isRespelled, undoCsv, undoSpellings } from "./undo.ts";

/** A JSON value that was cut out of text. */
export interface JsonPiece {
  readonly kind: "json";
  readonly document: Document;
  /** It stands inside a value that turned out broken: what it seems to be may be a part of something else. */
  readonly salvaged: boolean;
}

/** A form-encoded text: the body or query of a classic status callback. */
export interface FormPiece {
  readonly kind: "form";
  readonly document: Document;
}

export type Piece = JsonPiece | FormPiece | Fault;

export interface TextReader {
  /** Takes one line, without its newline; `cut` says that it goes on in the next call. */
  line(text: string, at: Place, encoding?: string, cut?: boolean): void;
  /** Takes a part of a line that its carrier split; the next `line` ends it. */
  part(text: string, at: Place): void;
  /** Whether a value or a split line began that has not ended. */
  isOpen(): boolean;
  /** Ends the text: what is still open is cut off. */
  end(): void;
}

/** How often text is looked at again after a value around it broke: more than any wrapper nests. */
const MAX_RESCANS = 24;
/** How many values may stand open at once, each waiting for its own lines among others'. */
const MAX_OPEN = 8;
/** How many times one text may be respelled inside another's spelling. */
const MAX_RESPELL = 4;

const form = /(?:[\w.%+-]+=[^\s"'`<>{}()&]*&)*CallSid=CA[^\s"'`<>{}()]*/g;
/** The starts are base64 of `{"`, `{ `, `{` and newline, `[{`, `[` and blank, and of gzip's magic. */
const base64Token = /(?:ey[AIJ]|ewo|W3s|Wwo|WyA|H4sI)[\w+/-]{32,}={0,2}/g;
/** Kubernetes' CRI log line: time, stream, and whether the line is a part (P) or its end (F). */
const criLine = /^(.{0,200}?\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr)) ([PF]) /;

/** A region of the text where JSON began and then broke, by positions. */
interface Broken {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
  /** Reported whether or not an event is spelled in it: a line's own value was cut off, or reached a limit. */
  readonly isCertain: boolean;
}

/**
 * Finds JSON in lines of text: behind prefixes and before suffixes, over several lines with or without a prefix on
 * each, in the spellings of nginx, CSV and quoted strings; and form-encoded callbacks. What looks like an event and
 * cannot be read is emitted as a fault.
 */
export function createTextReader(take: (piece: Piece) => void): TextReader {
  const queue: Line[] = [];
  let position = 0;
  const attempts: Attempt[] = [];
  let broken: Broken[] = [];
  /** Positions of an event's words that no value has covered yet, with their lines. */
  let looks: { readonly position: number; readonly line: Line; readonly index: number }[] = [];
  let inspectedWord: string | undefined;
  const streams = new Map<string, TextReader>();
  let emitted = 0;
  let parts: { text: string; at: Place; joins: Span[] } | undefined;

  function emit(piece: Piece): void {
    if (piece.kind !== "fault") emitted++;
    take(piece);
  }

  function accept(
    text: string,
    at: Place,
    encoding: string | undefined,
    cut: boolean,
    joins: Span[] | undefined,
  ): void {
    const line: Line = {
      text,
      at,
      joins,
      cut,
      inexact: false,
      csv: false,
      encoding,
      rescans: 0,
      base: position,
      length: text.length,
    };
    position += text.length + 1;
    for (const index of eventLooks(text)) looks.push({ position: line.base + index, line, index });
    queue.push(line);
    for (let next = queue.shift(); next; next = queue.shift()) offer(next);
    if (attempts.length === 0) settle();
  }

  /** Gives a line to the open value that it belongs to, else looks for new values in it. */
  function offer(line: Line): void {
    for (let index = attempts.length - 1; index >= 0; index--) {
      const attempt = attempts[index];
      if (!attempt) continue;
      const own = attempt.csv && !line.csv ? { ...line, text: undoCsv(line.text), csv: true, inexact: true } : line;
      const from = ownText(attempt, own);
      if (from === undefined) continue;
      if (isCutOffBefore(attempt, own, from)) {
        attempts.splice(index, 1);
        attempt.problem = `the line ends ${attempt.unfinished}: it is cut off`;
        retry(attempt, attempt.lines[0] ?? line, attempt.lines[0]?.text.length ?? 0);
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
  function isCutOffBefore(attempt: Attempt, line: Line, from: number): boolean {
    const [first, second] = attempt.lines;
    if (!first || second || looks.length < 2 || !/^\s*\{/.test(line.text.slice(from, from + 100))) return false;
    return looks.some((look) => look.line.base === first.base) && looks.some((look) => look.line.base === line.base);
  }

  function feedAttempt(attempt: Attempt, line: Line, from: number): number {
    return feed(attempt, line, from, (document, endLine, end) => {
      cover(positionOf(attempt.lines[0] ?? endLine, attempt.from), positionOf(endLine, end));
      emit({ kind: "json", document, salvaged: attempt.isMember || attempt.rescans > 0 });
    });
  }

  /** Event words between two positions are explained by a value that was read there. */
  function cover(from: number, to: number): void {
    if (looks.length > 0) looks = looks.filter((look) => look.position < from || look.position >= to);
  }

  /** What broke is remembered, and its lines are looked at again behind the bracket where it began. */
  function retry(attempt: Attempt, line: Line, index: number): void {
    const [first = line, ...rest] = attempt.lines;
    const { line: start, index: begin } = attempt.start;
    if (!attempt.csv && start !== line && start.text.charAt(begin - 1) === '"' && line.text.includes('""')) {
      const head = { ...start, text: start.text.slice(begin), at: placeInLine(start, begin) };
      const tail = first === start ? rest : attempt.lines;
      queue.unshift(
        ...[head, ...tail].map((each) => ({ ...each, text: undoCsv(each.text), csv: true, inexact: true })),
      );
      return;
    }
    remember(attempt, line, index);
    queue.unshift(...rest.map((each) => ({ ...each, rescans: each.rescans + 1 })));
    if (first.rescans < MAX_RESCANS) scanLine({ ...first, rescans: first.rescans + 1 }, attempt.from + 1, true);
  }

  function remember(attempt: Attempt, line: Line, index: number, isCutOff = false): void {
    const isCertain = (isCutOff || reachedLimit(attempt)) && attempt.prefix === undefined && attempt.rescans === 0;
    if (looks.length === 0 && !isCertain) return;
    const [first = line, second] = attempt.lines;
    const endsFirst =
      second === line && attempt.problem.startsWith("expected") && line.text.slice(0, index).trim() === "";
    const [place, at, problem] = endsFirst
      ? [first, first.text.length, `the line ends ${attempt.unfinished}: it is cut off`]
      : [line, index, attempt.problem];
    broken.push({
      fault: {
        kind: "fault",
        rule: "json-syntax",
        problem: describeFault(attempt.lines.map((each) => each.text).join("\n"), problem),
        document: documentOf(place),
        index: at,
      },
      from: positionOf(first, attempt.from),
      to: positionOf(line, line.text.length),
      isCertain,
    });
  }

  /** Reports the innermost broken region round each event that was not read; then the text before is forgotten. */
  function settle(): void {
    const reported = new Set<Broken>();
    for (const look of looks) {
      let innermost: Broken | undefined;
      for (const region of broken) {
        const isInside = region.from <= look.position && look.position <= region.to;
        if (isInside && (!innermost || region.from >= innermost.from)) innermost = region;
      }
      if (innermost) {
        reported.add(innermost);
        if (isInspected(look.line.text)) inspectedWord = wordAt(look.line, look.index);
      } else if (isInspected(look.line.text)) reportInspected(look.line, look.index);
    }
    for (const region of broken) {
      if (region.isCertain) reported.add(region);
    }
    const places = new Set<string>();
    for (const { fault, to } of reported) {
      const place = `${to}:${fault.index}`;
      if (!places.has(place)) emit(fault);
      places.add(place);
    }
    broken = [];
    looks = [];
  }

  /** An object that util.inspect spread over lines has its words on several: each object is reported once. */
  function reportInspected(line: Line, index: number): void {
    const word = wordAt(line, index);
    if (inspectedWord !== undefined && inspectedWord !== word) return;
    inspectedWord = word;
    const problem = describeFault(line.text, "");
    emit({ kind: "fault", rule: "json-syntax", problem, document: documentOf(line), index });
  }

  /** Looks for values in the line from `start` on; `mayOpen` says that they may go on in later lines. */
  function scanLine(line: Line, start: number, mayOpen: boolean, respelled = 0): void {
    const { text } = line;
    let gap = start;
    let index = start;
    let guess = true;
    for (index = nextBracket(text, index); index >= 0; index = nextBracket(text, index)) {
      if (guess && text.length <= MAX_RECORD && mayBeWhole(text, index)) {
        guess = false;
        const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1;
        const value = parse(text.slice(index, end));
        if (value !== undefined) {
          scanGap(line, gap, index);
          cover(positionOf(line, index), positionOf(line, end));
          emit({
            kind: "json",
            document: documentOf(line, index, end, value),
            salvaged: line.rescans > 0 || isMember(text, index),
          });
          index = end;
          gap = end;
          continue;
        }
      }
      const attempt = startAttempt(line, index);
      const end = feedAttempt(attempt, line, index);
      if (attempt.state === "failed") {
        if (respelled < MAX_RESPELL && isRespelled(text, index) && respell(line, respelled)) return;
        remember(attempt, line, end);
        index = attempt.problem.startsWith("nested") ? end : attempt.from + 1;
      } else {
        scanGap(line, gap, index);
        if (attempt.state === "open") {
          if (mayOpen) open(attempt);
          return;
        }
        index = end;
        gap = end;
      }
    }
    const isRead = gap > start || line.rescans > 0;
    if (!isRead || looks.some((look) => look.line.base === line.base)) {
      if (respelled < MAX_RESPELL && respell(line, respelled)) return;
    }
    scanGap(line, gap, text.length);
  }

  function open(attempt: Attempt): void {
    attempts.push(attempt);
    if (attempts.length > MAX_OPEN) attempts.shift();
  }

  /** Tries the spellings in which logs write JSON; returns whether any was read. What is read covers the whole line. */
  function respell(line: Line, depth: number): boolean {
    for (const { start, text } of undoSpellings(line.text)) {
      const before = emitted;
      const undone: Line = { ...line, text, at: placeInLine(line, start), joins: undefined, inexact: true };
      scanLine(undone, 0, false, depth + 1);
      if (emitted > before) return true;
    }
    return false;
  }

  /** Text between values may hold form-encoded callbacks and base64. */
  function scanGap(line: Line, from: number, to: number): void {
    if (to - from < 36 || line.rescans > 0) return;
    const text = line.text.slice(from, to);
    if (text.includes("CallSid=")) {
      for (const match of text.matchAll(form)) {
        if (!/[&?]?(?:CallStatus|CallbackSource)=/.test(match[0])) continue;
        emit({ kind: "form", document: documentOf(line, from + match.index, from + match.index + match[0].length) });
      }
    }
    for (const match of text.matchAll(base64Token)) {
      const document = documentOf(line, from + match.index, from + match.index + match[0].length, match[0]);
      emit({ kind: "json", document, salvaged: false });
    }
  }

  /** Kubernetes' log lines go to a reader of their own for each stream, which joins their parts. */
  function takeCri(text: string, at: Place, encoding: string | undefined): boolean {
    const head = /^\D{0,80}\d{4}-/.test(text) && criLine.exec(text.slice(0, 320));
    if (!head) return false;
    const [whole, key = "", tag] = head;
    const name = key.replace(/\S+ (?=\S+$)/, "");
    let stream = streams.get(name);
    if (!stream) {
      stream = createTextReader(emit);
      streams.set(name, stream);
    }
    const inner = placeInLine({ text, at, joins: undefined, inexact: false, encoding } as Line, whole.length);
    if (tag === "P") stream.part(text.slice(whole.length), inner);
    else stream.line(text.slice(whole.length), inner, encoding);
    return true;
  }

  function flushParts(): void {
    if (!parts) return;
    const { text, at, joins } = parts;
    parts = undefined;
    accept(text, at, undefined, false, joins);
  }

  return {
    line(text, at, encoding, cut = false) {
      if (parts) {
        this.part(text, at);
        flushParts();
      } else if (!takeCri(text, at, encoding)) {
        accept(text, at, encoding, cut, undefined);
      }
    },
    part(text, at) {
      if (!parts) parts = { text, at, joins: [{ start: 0, at }] };
      else {
        parts.joins.push({ start: parts.text.length, at });
        parts.text += text;
      }
    },
    isOpen: () => attempts.length > 0 || parts !== undefined || [...streams.values()].some((stream) => stream.isOpen()),
    end() {
      flushParts();
      for (let attempt = attempts.shift(); attempt; attempt = attempts.shift()) {
        const last = attempt.lines.at(-1);
        if (!last) continue;
        attempt.problem = `cut off: the text ends ${attempt.unfinished}`;
        const [first = last, ...rest] = attempt.lines;
        remember(attempt, last, last.text.length, true);
        queue.push(...rest.map((each) => ({ ...each, rescans: each.rescans + 1 })));
        if (first.rescans < MAX_RESCANS) scanLine({ ...first, rescans: first.rescans + 1 }, attempt.from + 1, true);
        for (let next = queue.shift(); next; next = queue.shift()) offer(next);
      }
      settle();
      for (const stream of streams.values()) stream.end();
    },
  };
}

/** Whether it is too deep or too large, and may be JSON all the same. */
const reachedLimit = (attempt: Attempt): boolean => /^(?:nested deeper|larger) than/.test(attempt.problem);

function documentOf(line: Line, from = 0, to = line.text.length, value?: unknown): Document {
  return {
    text: line.text.slice(from, to),
    value,
    at: placeInLine(line, from),
    spans: line.joins && [
      { start: 0, at: placeInLine(line, from) },
      ...line.joins.filter((join) => join.start > from).map((join) => ({ start: join.start - from, at: join.at })),
    ],
    inexact: line.inexact,
    element: undefined,
    encoding: line.encoding,
  };
}

const wordAt = (line: Line, index: number): string => line.text.slice(index, index + 8);

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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
