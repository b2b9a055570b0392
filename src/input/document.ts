/** A place in an input: line and column from 1 (columns in UTF-16 units), offset in bytes from 0. */
export interface SourcePlace {
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
export interface InsidePlace {
  readonly outer: Document;
  readonly path: PathNode | undefined;
}

export type Place = SourcePlace | InsidePlace;

/** From this index of a document's text on, the text stands at `at`. */
export interface Span {
  readonly start: number;
  readonly at: Place;
}

/** A JSON (or form) text and where it stands. */
export interface Document {
  readonly text: string;
  /** The JSON value of the whole text; undefined where the text is not JSON. */
  readonly value: unknown;
  readonly at: Place;
  /** Where the text's later pieces stand, when it was put together from several lines. */
  readonly spans: readonly Span[] | undefined;
  /** The text was undone from another spelling (nginx, CSV): only its start has a place. */
  readonly inexact: boolean;
  /** The document is this element of a top-level array that was read element by element. */
  readonly element: number | undefined;
  /** How the text's bytes were decoded, when they were not UTF-8. */
  readonly encoding: string | undefined;
}

/** A document of one piece, none of it transformed. */
export function plainDocument(text: string, value: unknown, at: Place): Document {
  return { text, value, at, spans: undefined, inexact: false, element: undefined, encoding: undefined };
}

/** Trouble with the text itself; `rule` names what to report. */
export interface Fault {
  readonly kind: "fault";
  readonly rule: "json-syntax" | "json-encoding";
  readonly problem: string;
  readonly document: Document;
  /** The index in the document's text. */
  readonly index: number;
}
