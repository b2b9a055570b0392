import type { ParseError } from "../json-record.ts";
import type { EventHint, EventHints } from "./event-hints.ts";
import { type JsonCandidate, startPosition } from "./json-candidate.ts";
import { documentInLine, type Line, positionOf } from "./line-position.ts";

/** A region of the text where JSON began and then broke, by positions. */
interface Region {
  readonly from: number;
  readonly to: number;
  /** Reported whether or not an event was lost in it: it was cut off, reached a limit, or is an array of events. */
  readonly isCertain: boolean;
  readonly fault: () => ParseError;
}

/** Remembers where JSON broke, and reports it once it is clear that an event was lost there. */
export interface BrokenRegions {
  /** The attempt broke at the index of the line. */
  add(attempt: JsonCandidate, line: Line, index: number): void;
  /** The attempt was still open when the text ended. */
  addCutOff(attempt: JsonCandidate): void;
  /**
   * Reports the innermost broken region round each event that was not read; then the text before the position is
   * forgotten. What begins there or behind may still become part of a value.
   */
  settle(before: number): void;
  /** Whether it remembers nothing. */
  isAtRest(): boolean;
}

const inspected = /(?:^|[{,\s])(?:type|specversion|dataschema): (?:'|`|\[)/;

/** Whether the text is an event as `console.log` prints an object. */
const isInspected = (text: string): boolean => inspected.test(text);

interface Suspect {
  readonly pattern: RegExp;
  readonly says: string;
}

/** How objects look when something else than JSON.stringify printed them. Add a printer here. */
const printers: readonly Suspect[] = [
  {
    pattern: inspected,
    says: "this is console.log of an object (util.inspect), not JSON: log JSON.stringify(event) instead",
  },
  {
    pattern: /'(?:type|specversion|dataschema)':/,
    says: "this is a Python dict, not JSON: log json.dumps(event) instead",
  },
  { pattern: /"(?:type|specversion)"\s*=>/, says: "this is a Ruby hash, not JSON: log event.to_json instead" },
  {
    pattern: /map\[[\s\S]*?\b(?:type|specversion|dataschema):/,
    says: "this is a Go map, not JSON: log the output of json.Marshal instead",
  },
];

/** Beyond this many regions between two readable lines one more explains nothing. */
const MAX_REGIONS = 4096;
/** As much of a region as shows which printer wrote it. */
const EXCERPT = 4000;

export function createBrokenRegions(looks: EventHints, emit: (fault: ParseError) => void): BrokenRegions {
  let regions: Region[] = [];
  let inspectedWord: string | undefined;

  function add(attempt: JsonCandidate, line: Line, index: number, isCutOff: boolean): void {
    const startsLine = attempt.prefix === undefined && attempt.start.line.rescans === 0 && !line.inexact;
    const isCertain = startsLine && (isCutOff || reachedLimit(attempt) || attempt.heldEvent);
    if ((looks.isEmpty() && !isCertain) || regions.length >= MAX_REGIONS) return;
    regions.push({
      from: startPosition(attempt),
      to: positionOf(line, line.text.length),
      isCertain,
      fault: () => faultOf(attempt, line, index),
    });
  }

  function innermost(look: EventHint): Region | undefined {
    let found: Region | undefined;
    for (const region of regions) {
      const isInside = region.from <= look.position && look.position <= region.to;
      if (isInside && (!found || region.from >= found.from)) found = region;
    }
    return found;
  }

  /** An object that util.inspect spread over lines has its words on several: each object is reported once. */
  function reportInspected({ line, index }: EventHint): void {
    const word = wordAt(line, index);
    if (inspectedWord !== undefined && inspectedWord !== word) return;
    inspectedWord = word;
    emit(syntaxFault(line, index, describeFault(line.text, "")));
  }

  return {
    add: (attempt, line, index) => add(attempt, line, index, false),
    addCutOff(attempt) {
      const last = attempt.lines.at(-1)?.line;
      attempt.problem = `cut off: the text ends ${attempt.unfinished}`;
      if (last) add(attempt, last, last.text.length, true);
    },
    settle(before) {
      const settled = regions.filter((region) => region.to < before);
      if (settled.length === 0 && looks.isEmpty()) return;
      const lost = new Set<Region>();
      let last = { text: "", isInspected: false };
      for (const look of looks.takeBefore(before)) {
        const region = innermost(look);
        const { text } = look.line;
        if (last.text !== text) last = { text, isInspected: isInspected(text) };
        const wasInspected = last.isInspected;
        if (region) lost.add(region);
        else if (wasInspected) reportInspected(look);
        if (region && wasInspected) inspectedWord = wordAt(look.line, look.index);
      }
      for (const region of settled) if (region.isCertain) lost.add(region);
      const places = new Set<string>();
      for (const { fault, to } of lost) {
        const found = fault();
        const place = `${to}:${found.index}`;
        if (!places.has(place)) emit(found);
        places.add(place);
      }
      regions = regions.filter((region) => region.to >= before);
    },
    isAtRest: () => regions.length === 0 && inspectedWord === undefined,
  };
}

/** Whether it is too deep, too large or too much, and may be JSON all the same. */
const reachedLimit = (attempt: JsonCandidate): boolean => /^(?:nested deeper|larger|more) than/.test(attempt.problem);

const wordAt = (line: Line, index: number): string => line.text.slice(index, index + 8);

/** A value that goes wrong at the start of its second line was cut off at the end of the first. */
function faultOf(attempt: JsonCandidate, line: Line, index: number): ParseError {
  const [first, second] = attempt.lines;
  const isAtStart = attempt.problem.startsWith("expected") && line.text.slice(0, index).trim() === "";
  const problem = describeFault(excerptOf(attempt), attempt.problem);
  if (first && second?.line === line && isAtStart && problem === attempt.problem) {
    return syntaxFault(first.line, first.line.text.length, `the line ends ${attempt.unfinished}: it is cut off`);
  }
  return syntaxFault(line, index, problem);
}

function excerptOf(attempt: JsonCandidate): string {
  let text = "";
  for (const { line } of attempt.lines) {
    text += `${line.text.slice(0, EXCERPT)}\n`;
    if (text.length > EXCERPT) break;
  }
  return text;
}

function syntaxFault(line: Line, index: number, problem: string): ParseError {
  return { kind: "fault", rule: "json-syntax", problem, document: documentInLine(line), index };
}

/** Why the text is not JSON, in words: the printer that wrote it where that shows, else the scanner's own words. */
function describeFault(region: string, problem: string): string {
  return printers.find((printer) => printer.pattern.test(region))?.says ?? problem;
}
