/** What commands yield and formats render. Strings are `Raw`: whoever writes them escapes them. */

import type { Redactor } from "../redact/redactor.ts";
import type { Raw, Safe } from "./escape.ts";
import type { Reportable } from "./reportable.ts";
import type { RunInfo } from "./run-info.ts";
import type { Screen } from "./terminal/screen.ts";
import type { TerminalStyle } from "./terminal/style.ts";
import type { zoneClock } from "./time-zone.ts";
import type { Totals } from "./totals.ts";

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

/** What an item writes its part of a Markdown page with. */
export interface MarkdownPage {
  readonly screen: Screen;
  readonly text: (raw: Raw) => Safe;
  readonly clock: ReturnType<typeof zoneClock>;
  /** What comes from outside stands as code: there nothing is a link, a mention or a tag (CommonMark 0.31, 6.1). */
  code(raw: Raw | undefined): string;
  /** A block of its own; parts that are empty are left out. */
  block(parts: readonly string[]): string;
  /** A row of a table, which begins with the columns where none of it is right before. */
  row(columns: readonly string[], cells: readonly string[]): string;
  /** Adds the findings and totals of an item, and the body that it is about, if any, as one of those to choose from. */
  add(item: OutputItem, body?: (text: (raw: Raw) => Safe) => string): void;
}

/** What the lines of a sequence diagram are made with. */
export interface Diagram {
  readonly text: (raw: Raw) => Safe;
  /** The sign between the parties of a call. */
  readonly to: Safe;
  /** The host's name in the diagram, and the line that introduces it where that is to come first. */
  introduce(url: Raw): { readonly name: string; readonly lines: readonly string[] };
  /** All that could end a message or mean something in it stands as its number; so does the word that ends a block. */
  entities(text: string): string;
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
