/** A place in an input: line and column from 1 (columns in UTF-16 units), offset in bytes from 0. */
export interface Position {
  readonly input: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The way from a document's root to a value in it, innermost key first. */
export interface PathNode {
  readonly parent: PathNode | undefined;
  readonly key: string | number;
}

/** A string value inside another document: what was opened there stands, for the reader, at that string. */
export interface InnerPosition {
  readonly outer: JsonRecord;
  readonly path: PathNode | undefined;
}

export type RecordPosition = Position | InnerPosition;

/** How bytes were read that are not UTF-8. */
export interface Encoding {
  readonly name: string;
  /** How many bytes each UTF-16 unit of the text took; undefined where they are counted as in UTF-8. */
  readonly unit: number | undefined;
  /** The first byte that is not UTF-8, and its offset in the input; undefined where the text never was to be UTF-8. */
  readonly wrong: { readonly byte: number; readonly offset: number } | undefined;
}

/** From this index of a document's text on, the text stands at `at`, in bytes of that encoding. */
export interface Span {
  readonly start: number;
  readonly at: RecordPosition;
  readonly encoding: Encoding | undefined;
}

/** A JSON (or form) text and where it stands. */
export interface JsonRecord {
  readonly text: string;
  /** The JSON value of the whole text; undefined where the text is not JSON. */
  readonly value: unknown;
  readonly at: RecordPosition;
  /** Where the text's later pieces stand, when it was put together from several lines. */
  readonly spans: readonly Span[] | undefined;
  /** The text was undone from another spelling (nginx, CSV): only its start has a place. */
  readonly inexact: boolean;
  /** The document is this element of a top-level array that was read element by element. */
  readonly element: number | undefined;
  /** How the text's bytes were read, where some of them were not UTF-8. */
  readonly encoding: Encoding | undefined;
}

/** A document of one piece, none of it transformed. */
export function plainRecord(text: string, value: unknown, at: RecordPosition): JsonRecord {
  return { text, value, at, spans: undefined, inexact: false, element: undefined, encoding: undefined };
}

/** An object that is spread over lines; where each of them stands is worked out when it is asked for. */
export function multilineRecord(text: string, value: unknown, at: Position): JsonRecord {
  let known: Span[] | undefined;
  return {
    ...plainRecord(text, value, at),
    get spans() {
      if (known) return known;
      const spans: Span[] = [{ start: 0, at, encoding: undefined }];
      for (let start = text.indexOf("\n") + 1; start > 0; start = text.indexOf("\n", start) + 1) {
        const place = { ...at, line: at.line + spans.length, offset: at.offset + start };
        spans.push({ start, at: place, encoding: undefined });
      }
      known = spans;
      return known;
    },
  };
}

/** Trouble with the text itself; `rule` names what to report. */
export interface ParseError {
  readonly kind: "fault";
  readonly rule: "json-syntax" | "json-encoding";
  readonly problem: string;
  readonly document: JsonRecord;
  /** The index in the document's text. */
  readonly index: number;
}

/** A JSON value that was cut out of text. */
interface JsonResult {
  readonly kind: "json";
  readonly document: JsonRecord;
  /** It stands inside a value that turned out broken: what it seems to be may be a part of something else. */
  readonly salvaged: boolean;
}

/** A form-encoded text: the body or query of a classic status callback. */
interface FormResult {
  readonly kind: "form";
  readonly document: JsonRecord;
}

export type ScanResult = JsonResult | FormResult | ParseError;
