import { bytesOf, TOO_LARGE, textOf } from "./base64.ts";
import { binaryEvent, isByteList, kindOf, streamOf } from "./event-shape.ts";
import {
  type InnerPosition,
  type JsonRecord,
  type ParseError,
  type PathNode,
  plainRecord,
  type ScanResult,
} from "./json-record.ts";
import { parse } from "./parse-json.ts";
import { pathText } from "./position.ts";
import { createTextReader, type TextReader } from "./scan/text-reader.ts";

/** A CloudEvent, an item of the Call Events REST resource, or the parameters of a classic status callback. */
export type FoundKind = "event" | "call-event" | "callback";

/** An object that looks like an event, and where it stands. */
export interface FoundObject {
  readonly kind: FoundKind;
  readonly value: Record<string, unknown>;
  readonly document: JsonRecord;
  readonly path: PathNode | undefined;
}

export interface EventFinder {
  /** Searches a piece of text for events. */
  take(piece: ScanResult): void;
  /** Whether no log stream inside the pieces is open. */
  isAtRest(): boolean;
  /** Ends the log streams that were found inside the pieces. */
  end(): void;
}

/** How many wrappers of text (a string of JSON, base64, gzip) are opened inside each other. */
const MAX_LAYERS = 16;
/** How much one record may unpack to, in bytes. */
const MAX_UNPACKED = 64 * 1024 * 1024;
/** A shorter string holds no event. */
const MIN_TEXT = 20;
/** How a text begins that may be JSON as a whole. */
const beginsJson = /^\s*[{["]/;
/** A text without any of these holds neither JSON nor a form nor a base64 token. */
const mayHoldEvent = /[{[]|%7B|CallSid=|[\w+/-]{64}/i;

/**
 * Searches values for events, however they are wrapped: in objects and arrays, in strings that hold JSON or log lines,
 * in base64 and gzip. Log lines that a wrapper splits or carries one by one (docker's json-file, CloudWatch) are read
 * as one text. Emits what it finds in order, and a fault where a limit was reached.
 */
export function createEventFinder(emit: (item: FoundObject | ParseError) => void): EventFinder {
  const streams = new Map<string, TextReader>();
  let reported = 0;
  let unpacked = 0;
  let layers = 0;
  /** Inside something broken, or inside what may be an event: only whole events count there. */
  let salvaged = false;
  /** Which of several log streams the records around belong to, where they tell. */
  let stream: string | undefined;

  /** What a document holds was parsed within the limits on depth, so that it may be followed to its end. */
  function search(value: unknown, document: JsonRecord, path: PathNode | undefined): void {
    if (typeof value === "string") openString(value, document, path);
    else if (typeof value !== "object" || value === null) return;
    else if (!Array.isArray(value)) searchObject(value as Record<string, unknown>, document, path);
    else if (isByteList(value)) openBytes(Buffer.from(value), document, path);
    else for (const [key, item] of value.entries()) search(item, document, { parent: path, key });
  }

  function searchObject(value: Record<string, unknown>, document: JsonRecord, path: PathNode | undefined): void {
    const kind = kindOf(value);
    if (kind === "certain") return report("event", value, document, path);
    if (!salvaged && (kind === "call-event" || kind === "callback")) return report(kind, value, document, path);
    const carried = binaryEvent(value);
    if (carried !== undefined) return search(carried, synthetic(carried, document, path), undefined);
    const before = reported;
    const outer = { salvaged, stream };
    const open = kind === "possible" ? new Set(streams.keys()) : undefined;
    if (open) salvaged = true;
    stream = streamOf(value) ?? stream;
    const isLogLine =
      typeof value.log === "string" && (typeof value.stream === "string" || typeof value.time === "string");
    for (const key of Object.keys(value)) {
      const inner = { parent: path, key };
      if (isLogLine && key === "log") openLogLine(value, document, inner);
      else search(value[key], document, inner);
    }
    if (open) endStreams(open);
    ({ salvaged, stream } = outer);
    if (open && reported === before) report("event", value, document, path);
  }

  /** Ends the log streams, but for those that are kept: what their texts left open does not go on. */
  function endStreams(kept?: ReadonlySet<string>): void {
    for (const [key, reader] of streams) {
      if (kept?.has(key)) continue;
      streams.delete(key);
      reader.end();
    }
  }

  function report(
    kind: FoundKind,
    value: Record<string, unknown>,
    document: JsonRecord,
    path: PathNode | undefined,
  ): void {
    reported++;
    emit({ kind, value, document, path });
  }

  /** Says what could not be opened at the path. */
  function refuse(outer: JsonRecord, path: PathNode | undefined, problem: string): void {
    emit({
      kind: "fault",
      rule: "json-syntax",
      problem,
      document: plainRecord("", undefined, { outer, path }),
      index: 0,
    });
  }

  /** Docker's json-file driver splits lines at 16 kB: a part has no newline at its end. */
  function openLogLine(value: Record<string, unknown>, document: JsonRecord, path: PathNode): void {
    const text = String(value.log);
    if (!text.endsWith("\n"))
      return readInto(keyOf(document, path), (reader, at) => reader.part(text, at), document, path);
    const line = text.slice(0, -1);
    const key = openKey(document, path);
    if (key === undefined) openText(line, document, path);
    else readInto(key, (reader, at) => reader.line(line, at), document, path);
  }

  /**
   * The strings at one place of a log's records are one text: its path without indexes names it, with its stream, and how
   * often what stands there was decoded.
   */
  function keyOf(document: JsonRecord, path: PathNode | undefined, decoded = 0): string {
    return `${pathText(document, path).replace(/\[\d+\]/g, "[]")} ${stream} ${decoded}`;
  }

  /** The key of the place if a text that began there is still open. */
  function openKey(document: JsonRecord, path: PathNode | undefined, decoded = 0): string | undefined {
    if (streams.size === 0) return undefined;
    const key = keyOf(document, path, decoded);
    return streams.has(key) ? key : undefined;
  }

  function openString(text: string, document: JsonRecord, path: PathNode | undefined): void {
    const key = openKey(document, path);
    if (key !== undefined) readLines(text, document, path, key);
    else if (text.length >= MIN_TEXT || /[{[]\s*$/.test(text)) openText(text, document, path);
  }

  /** A string that is JSON is searched as such, base64 is decoded, and text is read for JSON in it. */
  function openText(text: string, document: JsonRecord, path: PathNode | undefined, decoded = 0): void {
    if (beginsJson.test(text)) {
      const value = parse(text);
      if (value !== undefined) return openValue(value, text, document, path);
    } else {
      const bytes = bytesOf(text);
      if (bytes !== undefined) return openBytes(bytes, document, path, decoded + 1);
      if (!mayHoldEvent.test(text)) return;
    }
    readLines(text, document, path, keyOf(document, path, decoded));
  }

  function openValue(value: unknown, text: string, document: JsonRecord, path: PathNode | undefined): void {
    if (!fits(text, document, path)) return;
    layers++;
    search(value, plainRecord(text, value, { outer: document, path }), undefined);
    layers--;
  }

  function openBytes(bytes: Buffer, document: JsonRecord, path: PathNode | undefined, decoded = 1): void {
    const opened = textOf(bytes, MAX_UNPACKED - unpacked);
    if (opened.text === undefined) return refuse(document, path, opened.problem);
    if (!fits(opened.text, document, path)) return;
    const key = openKey(document, path, decoded);
    layers++;
    if (key === undefined) openText(opened.text, document, path, decoded);
    else readLines(opened.text, document, path, key);
    layers--;
  }

  function fits(text: string, document: JsonRecord, path: PathNode | undefined): boolean {
    unpacked += text.length;
    if (layers >= MAX_LAYERS) refuse(document, path, `wrapped in more than ${MAX_LAYERS} layers`);
    else if (unpacked > MAX_UNPACKED) refuse(document, path, TOO_LARGE);
    else return true;
    return false;
  }

  /** Reads a string as lines of a log. */
  function readLines(text: string, document: JsonRecord, path: PathNode | undefined, key: string): void {
    if (!fits(text, document, path)) return;
    readInto(
      key,
      (reader, at) => {
        for (const line of text.replace(/\r?\n$/, "").split(/\r?\n/)) reader.line(line, at);
      },
      document,
      path,
    );
  }

  /** A value that a string leaves open goes on in the next string of the same place, so its reader is kept till then. */
  function readInto(
    key: string,
    read: (reader: TextReader, at: InnerPosition) => void,
    document: JsonRecord,
    path: PathNode | undefined,
  ): void {
    // What it finds may come when the values around are long closed.
    const isInside = salvaged;
    const reader = streams.get(key) ?? createTextReader((piece) => takePiece(piece, isInside));
    // What stands in a line of it is no other line of it.
    streams.delete(key);
    layers++;
    read(reader, { outer: document, path });
    layers--;
    streams.get(key)?.end();
    if (reader.isOpen()) streams.set(key, reader);
    else streams.delete(key);
  }

  function takePiece(piece: ScanResult, isInside: boolean): void {
    if (piece.kind === "fault") emit(piece);
    else if (piece.kind === "json") {
      const outer = salvaged;
      salvaged = isInside || piece.salvaged;
      search(piece.document.value, piece.document, undefined);
      salvaged = outer;
    } else if (!isInside) report("callback", parseForm(piece.document.text), piece.document, undefined);
  }

  return {
    take(piece) {
      unpacked = 0;
      takePiece(piece, false);
    },
    isAtRest: () => streams.size === 0,
    end() {
      endStreams();
    },
  };
}

/** A value that stands in several parts of the object at the path. */
function synthetic(value: Record<string, unknown>, outer: JsonRecord, path: PathNode | undefined): JsonRecord {
  return plainRecord(JSON.stringify(value), value, { outer, path });
}

function parseForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
