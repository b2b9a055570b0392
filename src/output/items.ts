/** What commands yield and formats render. Strings are `Raw`: whoever writes them escapes them. */

import type { Redactor } from "../redact/redactor.ts";
import type { Raw, Safe } from "./escape.ts";
import type { MarkdownPage } from "./formats/markdown.ts";
import type { Diagram } from "./formats/mermaid.ts";
import type { Reportable } from "./reportable.ts";
import type { RunInfo } from "./run-info.ts";
import type { TerminalStyle } from "./terminal/style.ts";
import type { Totals } from "./totals.ts";

export interface Source {
  readonly input: Raw;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly path: Raw;
}

export interface LocatedFinding {
  readonly rule: Raw;
  readonly severity: "error" | "warning" | "info";
  readonly message: Raw;
  /** What the message was made of; no format prints it. */
  readonly data?: unknown;
  readonly pointer?: Raw;
  readonly value?: Raw;
  /** Line and column in the source. */
  readonly line: number;
  readonly column: number;
  /** Line and column in the decoded response body, where the finding is about that. */
  readonly at?: BodyPosition;
}

export interface BodyPosition {
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

/** A unit of output, which can render itself. A view that an item doesn't have is empty in the format that needs it. */
export interface OutputItem {
  /** For a terminal: lines or a block of the style, or nothing. */
  text(style: TerminalStyle): string;
  /** The same item without personal data. */
  redacted(redactor: Redactor): OutputItem;
  /** The object of the item, which NDJSON has on a line. */
  json?(): unknown;
  /** Whether `json` or `summary` is the whole output: an extracted event, a schema, a table. */
  readonly isWholeJson?: boolean;
  /** The array of the JSON document that the item is in. */
  readonly section?: string;
  /** The elements of that array where they aren't the object. */
  elements?(): readonly unknown[];
  /** The numbers at the end of the JSON document. */
  summary?(): unknown;
  /** Lines of the compact format, except findings, which are taken from `reportable`. */
  compact?(text: (raw: Raw) => Safe, screen: Screen): string;
  /** For Markdown; items without it are added to the report of findings. */
  markdown?(page: MarkdownPage): string;
  /** What was judged, for formats that tell findings and nothing else. */
  reportable?(): Reportable;
  /** What a run came to, for formats that other tools read. */
  totals?(text: (raw: Raw) => Safe): Totals;
  /** The lines of a sequence diagram. */
  mermaid?(diagram: Diagram): readonly string[];
  /** A part of an HTML page. */
  html?(page: PageState): string;
  /** Whether the item is one of many calls, of which a short output may leave some out. */
  readonly isCall?: true;
}

/** What an item needs to remember for the items after it; made when it is first asked for, and ended with the output. */
export interface PageState {
  readonly screen: Screen;
  of<State extends { end(): string }>(make: (screen: Screen) => State): State;
}

/** How the reader's screen is. */
export interface Screen {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
  readonly terminal: boolean;
  /** The zone that times are shown in, as Intl names it; UTC when there is none. */
  readonly timeZone?: string;
}

/** Renders items one by one; `end` returns what closes the output. Each returned string ends with a newline or is empty. */
export interface Renderer {
  /** Whether events without a finding are to be rendered too; the rest need not be made into items. */
  readonly showsClean: boolean;
  /** Whether the text of an item depends on no other item, so that texts made elsewhere can be put together. */
  readonly isStateless?: boolean;
  /** Counts findings, by their rules, that are not shown since so many of the rule were. */
  holdBack?(findings: ReadonlyMap<Raw, number>): void;
  render(item: OutputItem): string;
  end(): string;
}

export type Format = (screen: Screen, about?: RunInfo) => Renderer;
