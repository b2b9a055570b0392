/** What commands yield and formats render. Strings in it are `Raw`: formats escape them. */

import type { Raw } from "./escape.ts";

export interface Source {
  readonly input: Raw;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly path: Raw;
}

export interface ItemFinding {
  readonly rule: Raw;
  readonly severity: "error" | "warning" | "info";
  readonly message: Raw;
  readonly pointer?: Raw;
  readonly value?: Raw;
  /** Line and column in the source. */
  readonly line: number;
  readonly column: number;
  /** Line and column in the decoded response body, where the finding is about that. */
  readonly at?: BodyPlace;
}

export interface BodyPlace {
  readonly line: number;
  readonly column: number;
}

/** How the event names itself; what is absent there is absent here. */
export interface EventLabel {
  readonly id?: Raw;
  readonly type?: Raw;
  readonly callSid?: Raw;
  readonly schema?: Raw;
}

export interface EventItem {
  readonly kind: "event";
  readonly event: EventLabel;
  readonly source: Source;
  readonly valid: boolean;
  readonly findings: readonly ItemFinding[];
}

/** A finding about text that is no event: broken JSON, a wrong encoding. */
export interface FindingItem {
  readonly kind: "finding";
  readonly finding: ItemFinding;
  readonly source: Source;
}

/** What the customer's server answered, decoded. */
export interface BodyItem {
  readonly kind: "body";
  readonly event: EventLabel;
  readonly source: Source;
  /** Status code and duration of the answer, where they are known. */
  readonly code?: number;
  readonly durationMs?: number;
  readonly contentType?: Raw;
  readonly charset: Raw;
  /** The size in bytes, decoded. */
  readonly bytes: number;
  readonly body: "twiml" | "xml" | "json" | "html" | "text" | "binary" | "empty";
  /** The characters as they were sent. */
  readonly text: Raw;
  /** The text as a person reads it: indented, or a dump of bytes. */
  readonly shown: Raw;
  /** What the body is where its text does not say it. */
  readonly note?: Raw;
  readonly findings: readonly BodyFinding[];
}

export interface BodyFinding extends ItemFinding {
  /** Where `at` stands in the shown text. */
  readonly shownAt?: BodyPlace;
}

/** A JSON text that is the result as it stands: an extracted event, a schema. `text` has no newline at its end. */
interface DocumentItem {
  readonly kind: "document";
  readonly text: Raw;
}

/** Rows with a header: the catalogue of types, the differences of two schemas. `rows` hold one string a column. */
export interface TableItem {
  readonly kind: "table";
  readonly columns: readonly Raw[];
  readonly rows: readonly (readonly Raw[])[];
  /** What machine formats print instead of the rows. */
  readonly value: unknown;
}

export interface Summary {
  readonly inputs: number;
  readonly bytes: number;
  readonly events: number;
  readonly valid: number;
  readonly invalid: number;
  readonly calls: number;
  readonly duplicates: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly unreadable: number;
}

export interface SummaryItem {
  readonly kind: "summary";
  readonly summary: Summary;
  /** What `events` of the summary are; events unless told. */
  readonly subject?: "bodies";
  /** One sentence: what was read, what of it held events, what did not and why. */
  readonly coverage: Raw;
}

export type Item = EventItem | FindingItem | BodyItem | DocumentItem | TableItem | SummaryItem;

/** How the reader's screen is. */
export interface Screen {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
  readonly terminal: boolean;
}

/** Renders items one by one; `end` returns what closes the output. Each returned string ends with a newline or is empty. */
export interface Renderer {
  /** Whether events without a finding are to be rendered too; the rest need not be made into items. */
  readonly showsClean: boolean;
  render(item: Item): string;
  end(): string;
}

export type Format = (screen: Screen) => Renderer;
