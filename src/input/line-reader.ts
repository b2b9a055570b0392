import { isAscii, isUtf8 } from "node:buffer";
import { type ByteOrder, decodeBroken, firstNotUtf8, UTF_16, wideLine } from "./charset.ts";
import { type Encoding, multilineRecord, type Position, plainRecord, type ScanResult } from "./json-record.ts";
import { parse } from "./parse-json.ts";
import type { Prefilter } from "./prefilter.ts";
import { MAX_RECORD_BYTES } from "./scan/json-candidate.ts";
import { beginsList, behindPrefix, spreadEnd } from "./scan/json-fast-path.ts";
import { createTextReader } from "./scan/text-reader.ts";

const newline = 0x0a;
/** How much is decoded at once: text of this size, and what is made of it, stays in the processor's cache. */
const REGION = 64 * 1024;
/** A line is long beyond this size, and is then read in parts of that size. */
const LONG = 1024 * 1024;
const PART = 128 * 1024;

/** The start of a line of an input. */
export interface InputPlace {
  readonly line: number;
  readonly offset: number;
}

/** Where all inputs begin. */
const inputStart: InputPlace = { line: 1, offset: 0 };

export interface RecordReader {
  /** Whether it stands at the start of a line with nothing before it that could change what comes. */
  isAtRest(): boolean;
  /** Where the input was read to. */
  place(): Position;
  /** Takes the next bytes of the input. */
  push(chunk: Buffer): void;
  end(): void;
}

/**
 * Cuts an input's bytes into JSON texts and emits them in order. Lines end at byte 0x0A alone (a string may hold U+2028
 * or a lone CR); a line that parses is a record, all else goes through the text reader. Lines that the sieve holds back
 * are counted, not parsed. An input that is read from some line on begins at `start`.
 */
export function createRecordReader(
  input: string,
  emit: (piece: ScanResult) => void,
  counts: InputStats,
  sieve?: Prefilter,
  start: InputPlace = inputStart,
): RecordReader {
  const reader = createTextReader(emit);
  let pending: Buffer[] = [];
  let pendingSize = 0;
  let { line, offset } = start;
  /** Whether the line that is pending holds many values; undefined as long as nobody asks. */
  let isList: boolean | undefined;
  /** The line's first pieces were handed on already: it is too long to be kept. */
  let column = 1;
  /** The byte order of the last line, if it was UTF-16. */
  let wideOrder: ByteOrder | undefined;

  /** The place of a line that begins `skipped` bytes behind the last one's end; what comes next stands `size` behind it. */
  function nextPlace(size: number, skipped: number): Position {
    const at = { input, line, column, offset: offset + skipped };
    counts.lines++;
    line++;
    column = 1;
    offset += size;
    wideOrder = undefined;
    return at;
  }

  /** Takes a line that is a record, if it is one: a slice of a longer text will do for it. */
  function takeRecord(text: string, size: number, skipped = 0): boolean {
    if (column !== 1 || text.length > MAX_RECORD_BYTES || !mayBeRecord(text) || reader.isOpen()) return false;
    const value = parse(text);
    if (value === undefined) return false;
    emit({ kind: "json", document: plainRecord(text, value, nextPlace(size, skipped)), salvaged: false });
    return true;
  }

  /** Takes an object behind a log's prefix, if the line is that and no more. */
  function takePrefixed(text: string, size: number): boolean {
    const start = column === 1 && !reader.isOpen() ? behindPrefix(text) : undefined;
    if (start === undefined) return false;
    const record = text.slice(start);
    const value = parse(record);
    if (value === undefined) return false;
    const at = nextPlace(size, start);
    emit({ kind: "json", document: plainRecord(record, value, { ...at, column: start + 1 }), salvaged: false });
    return true;
  }

  /** Takes an object that begins at the start of a line and ends at that of another one: returns how many characters. */
  function takeSpread(text: string, start: number): number {
    const end = column === 1 && !reader.isOpen() ? spreadEnd(text, start) : undefined;
    if (end === undefined) return 0;
    const record = text.slice(start, end);
    const value = parse(record);
    if (value === undefined) return 0;
    const at = nextPlace(end + 1 - start, 0);
    emit({ kind: "json", document: multilineRecord(record, value, at), salvaged: false });
    for (let next = record.indexOf("\n"); next !== -1; next = record.indexOf("\n", next + 1)) {
      line++;
      counts.lines++;
    }
    return end + 1 - start;
  }

  /** Takes a line of any bytes; `isTried` says that it is no record. */
  function takeLine(bytes: Buffer, from: number, to: number, size: number, isTried: boolean): void {
    let start = from;
    let end = to;
    if (end > start && bytes[end - 1] === 0x0d) end--;
    if (start < end && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    if (start === end) {
      const at = nextPlace(size, start - from);
      if (reader.isOpen()) reader.line("", at);
      return;
    }
    const wide = wideLine(bytes, start, end, wideOrder);
    if (wide !== undefined) {
      reader.line(wide.text, nextPlace(size, wide.start - from), UTF_16);
      wideOrder = wide.order;
      return;
    }
    const padding = wideOrder === "little" ? start + 1 : start;
    while (start < end && bytes[start] === 0) start++;
    counts.nulBytes += Math.max(0, start - padding);
    if (start === end) {
      nextPlace(size, start - from);
      return;
    }
    if (!isUtf8(bytes.subarray(start, end))) {
      const { text, encoding } = decodeLine(bytes.subarray(start, end), offset + start - from);
      reader.line(text, nextPlace(size, start - from), encoding);
      return;
    }
    const text = bytes.toString("utf8", start, end);
    if (isTried || !takeRecord(text, size, start - from)) reader.line(text, nextPlace(size, start - from));
  }

  /** Takes whole lines: `bytes` from `from` up to the newline at `to - 1`. */
  function takeLines(bytes: Buffer, from: number, to: number): void {
    for (let start = from; start < to; ) {
      const longest = start + REGION < to ? bytes.lastIndexOf(newline, start + REGION) : to - 1;
      const end = longest < start ? bytes.indexOf(newline, start) + 1 : longest + 1;
      start += takeRegion(bytes.subarray(start, end), end === to);
    }
  }

  /**
   * Takes a few whole lines; in ASCII they are decoded in one go, which costs less than one by one. Returns how many bytes
   * it took: unless the region is the last one it leaves an object that may end in the next one.
   */
  function takeRegion(region: Buffer, isLast: boolean): number {
    if (!isAscii(region)) {
      for (let start = 0; start < region.length; ) {
        const end = region.indexOf(newline, start);
        takeLine(region, start, end, end + 1 - start, false);
        start = end + 1;
      }
      return region.length;
    }
    const text = region.toString("latin1");
    const isHeldBack = sieve?.over(text);
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf("\n", start);
      const size = end + 1 - start;
      if (column === 1 && isHeldBack?.(start, end) && !reader.isOpen()) {
        nextPlace(size, 0);
        counts.records++;
        counts.events++;
        start = end + 1;
        continue;
      }
      const line = text.slice(start, text.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
      // The text reader may keep a line, and with a slice all of the region: it gets a text of its own.
      const spread = line === "{" ? takeSpread(text, start) : 0;
      if (line === "{" && spread === 0 && start > 0 && !isLast && spreadEnd(text, start) === undefined) return start;
      const isPadded = line.charCodeAt(0) === 0;
      if (spread === 0 && !takeRecord(line, size) && (isPadded || !takePrefixed(line, size))) {
        takeLine(region, start, end, size, !isPadded);
      }
      start += spread || size;
    }
    return text.length;
  }

  /** A long line that holds many values is read one by one early; any other is kept whole up to a record's size. */
  function isTooLong(): boolean {
    if (column > 1) return pendingSize > PART;
    if (pendingSize <= LONG) return false;
    isList ??= pending[0] !== undefined && beginsList(pending[0].toString("latin1"));
    return isList || pendingSize > MAX_RECORD_BYTES;
  }

  /** Hands on the start of a line that is too long to keep, up to a border between characters. */
  function takePart(): void {
    const bytes = Buffer.concat(pending);
    let end = bytes.length;
    while (end > 0 && (bytes.readUInt8(end - 1) & 0xc0) === 0x80) end--;
    if (end > 0 && bytes.readUInt8(end - 1) >= 0xc0) end--;
    if (end === 0) end = bytes.length;
    const part = bytes.subarray(0, end);
    const { text, encoding } = isUtf8(part)
      ? { text: part.toString(isAscii(part) ? "latin1" : "utf8"), encoding: undefined }
      : decodeLine(part, offset);
    reader.line(text, { input, line, column, offset }, encoding, true);
    column += text.length;
    offset += end;
    pending = end < bytes.length ? [bytes.subarray(end)] : [];
    pendingSize = bytes.length - end;
  }

  return {
    isAtRest: () => pendingSize === 0 && column === 1 && reader.isAtRest(),
    place: () => ({ input, line, column: column + pendingSize, offset: offset + pendingSize }),
    push(chunk) {
      counts.bytes += chunk.length;
      let from = 0;
      if (pendingSize > 0) {
        const first = chunk.indexOf(newline);
        if (first >= 0) {
          pending.push(chunk.subarray(0, first + 1));
          const bytes = Buffer.concat(pending);
          pending = [];
          pendingSize = 0;
          isList = undefined;
          takeLines(bytes, 0, bytes.length);
          from = first + 1;
        }
      }
      const last = chunk.lastIndexOf(newline);
      if (last >= from) {
        takeLines(chunk, from, last + 1);
        from = last + 1;
      }
      if (from < chunk.length) {
        pending.push(from === 0 ? chunk : chunk.subarray(from));
        pendingSize += chunk.length - from;
        if (isTooLong()) takePart();
      }
    },
    end() {
      if (pendingSize > 0) {
        const bytes = Buffer.concat(pending);
        pending = [];
        takeLine(bytes, 0, bytes.length, bytes.length, false);
      }
      reader.end();
    },
  };
}

/** Bytes that are not UTF-8, which begin at that offset of the input. */
function decodeLine(bytes: Buffer, offset: number): { readonly text: string; readonly encoding: Encoding } {
  const { text, name, unit } = decodeBroken(bytes);
  const at = firstNotUtf8(bytes);
  return { text, encoding: { name, unit, wrong: { byte: bytes.readUInt8(at), offset: offset + at } } };
}

/** Whether the line may be JSON as it stands; what nests absurdly goes to the scanner, which knows its limits. */
function mayBeRecord(text: string): boolean {
  let index = 0;
  while (text.charCodeAt(index) === 0x20 || text.charCodeAt(index) === 0x09) index++;
  const code = text.charCodeAt(index);
  return code === 0x7b || code === 0x22 || (code === 0x5b && !text.startsWith("[[[[[[[[", index));
}

/** How much was read, and as what. */
export interface InputStats {
  bytes: number;
  lines: number;
  /** JSON values and forms that were looked into. */
  records: number;
  /** Of these, those that hold no event. */
  barren: number;
  events: number;
  faults: number;
  /** NUL bytes that pad the input, as after a power loss. */
  nulBytes: number;
}

/** Nothing read yet. */
export const noInputStats = (): InputStats => ({
  bytes: 0,
  lines: 0,
  records: 0,
  barren: 0,
  events: 0,
  faults: 0,
  nulBytes: 0,
});
