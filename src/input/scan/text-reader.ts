import type { Encoding, RecordPosition, ScanResult, Span } from "../json-record.ts";
import { placeBehind } from "./line-position.ts";
import { createLineScanner } from "./line-scanner.ts";

export interface TextReader {
  /** Takes one line, without its newline; `cut` says that it goes on in the next call. */
  line(text: string, at: RecordPosition, encoding?: Encoding, cut?: boolean): void;
  /** Takes a part of a line that its carrier split; the next `line` ends it. */
  part(text: string, at: RecordPosition, encoding?: Encoding): void;
  /** Whether a value or a split line began that has not ended. */
  isOpen(): boolean;
  /** Whether nothing that it has read makes a difference to what comes: another reader could go on. */
  isAtRest(): boolean;
  /** Ends the text: what is still open is cut off. */
  end(): void;
}

/** Kubernetes' CRI log line: time, stream, and whether the line is a part (P) or its end (F). */
const criLine = /^(.{0,200}?\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr)) ([PF]) /;

/**
 * Finds JSON in lines of text: behind prefixes and before suffixes, over several lines with or without a prefix on
 * each, in the spellings of nginx, CSV and quoted strings; and form-encoded callbacks. Lines that their carrier split
 * are joined first. What looks like an event and cannot be read is emitted as a fault.
 */
export function createTextReader(emit: (piece: ScanResult) => void): TextReader {
  const scanner = createLineScanner(emit);
  const streams = new Map<string, TextReader>();
  let parts:
    | { text: string; encoding: Encoding | undefined; readonly at: RecordPosition; readonly joins: Span[] }
    | undefined;
  let position = 0;

  function take(text: string, at: RecordPosition, encoding?: Encoding, cut = false, joins?: readonly Span[]): void {
    const base = position;
    position += text.length + 1;
    scanner.take({ text, at, joins, cut, inexact: false, csv: false, encoding, rescans: 0, base, length: text.length });
  }

  /** Kubernetes' log lines go to a reader of their own for each stream, which joins their parts. */
  function takeCri(text: string, at: RecordPosition, encoding: Encoding | undefined): boolean {
    const isIndented = text.charCodeAt(0) === 0x20;
    const head = !isIndented && /^\D{0,80}\d{4}-/.test(text) && criLine.exec(text.slice(0, 320));
    if (!head) return false;
    const [whole, key = "", tag] = head;
    const name = key.replace(/\S+ (?=\S+$)/, "");
    const stream = streams.get(name) ?? createTextReader(emit);
    streams.set(name, stream);
    const inner = placeBehind(at, text, 0, whole.length, encoding);
    if (tag === "P") stream.part(text.slice(whole.length), inner, encoding);
    else stream.line(text.slice(whole.length), inner, encoding);
    return true;
  }

  function addPart(text: string, at: RecordPosition, encoding?: Encoding): void {
    parts ??= { text: "", encoding, at, joins: [] };
    parts.joins.push({ start: parts.text.length, at, encoding });
    parts.text += text;
    parts.encoding ??= encoding;
  }

  function takeParts(): void {
    if (!parts) return;
    const { text, at, encoding, joins } = parts;
    parts = undefined;
    take(text, at, encoding, false, joins);
  }

  return {
    line(text, at, encoding, cut) {
      if (parts) {
        addPart(text, at, encoding);
        takeParts();
      } else if (!takeCri(text, at, encoding)) {
        take(text, at, encoding, cut);
      }
    },
    part: addPart,
    isOpen: () =>
      parts !== undefined ||
      scanner.isOpen() ||
      (streams.size > 0 && [...streams.values()].some((stream) => stream.isOpen())),
    isAtRest: () =>
      parts === undefined && scanner.isAtRest() && [...streams.values()].every((stream) => stream.isAtRest()),
    end() {
      takeParts();
      scanner.end();
      for (const stream of streams.values()) stream.end();
    },
  };
}
