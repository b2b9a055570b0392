import { escapeJson, type Raw } from "./escape.ts";
import type { OutputItem } from "./items.ts";
import { tableLines } from "./terminal/table.ts";
import { JsonText } from "./to-json.ts";

/** Rows with a header: the catalogue of types, the differences of two schemas. */
export interface TableContent {
  readonly columns: readonly Raw[];
  /** One string a column. */
  readonly rows: readonly (readonly Raw[])[];
  /** What machine formats print instead of the rows. */
  readonly value: unknown;
}

/** A table of the program's own data, in which nobody is named. */
export function tableItem({ columns, rows, value }: TableContent): OutputItem {
  const item: OutputItem = {
    text: (style) => style.block(tableLines(columns, rows, style)),
    redacted: () => item,
    isWholeJson: true,
    json: () => value,
    compact: (text) => rows.map((row) => `${row.map(text).join("\t")}\n`).join(""),
  };
  return item;
}

/** A JSON text that is the result as it stands: an extracted event, a schema. It has no newline at its end. */
export function documentItem(json: Raw): OutputItem {
  return {
    text: (style) => style.line([escapeJson(json, style.screen.ascii)]),
    redacted: (redactor) => documentItem(redactor.json(json)),
    isWholeJson: true,
    json: () => new JsonText(json),
    compact: (_, { ascii }) => `${escapeJson(json, ascii)}\n`,
  };
}
