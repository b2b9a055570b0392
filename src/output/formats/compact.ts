import { escapeIdentifier, escapeJson, maskPasswords } from "../escape.ts";
import type { CallItem, Format, Item, ItemFinding, Source } from "../item.ts";
import { pathFor, textFor } from "../screen.ts";

/** One finding a line, `file:line:column  severity  rule  message`: what editors jump to and `grep` keeps whole. */
export const compact: Format = (screen) => {
  const text = textFor(screen);
  const pathOf = pathFor(screen);

  function line({ rule, severity, message, pointer, line, column, at }: ItemFinding, source: Source): string {
    const fields = [`${text(source.input)}:${line}:${column}`, severity, escapeIdentifier(rule), text(message)];
    if (at) fields.push(`at ${at.line}:${at.column} of the body`);
    if (pointer) fields.push(`at ${text(pointer)}`);
    if (source.path) fields.push(`in ${pathOf(source)}`);
    return `${fields.join("  ")}\n`;
  }

  function callLine({ source, ...finding }: CallItem["findings"][number], sid: string): string {
    const { line: row, column } = source;
    return line({ ...finding, line: row, column }, source).replace(
      /\n$/,
      `  call ${escapeIdentifier(maskPasswords(sid))}\n`,
    );
  }

  function render(item: Item): string {
    switch (item.kind) {
      case "arrival":
      case "event":
      case "body":
      case "signature":
        return item.findings.map((finding) => line(finding, item.source)).join("");
      case "finding":
        return line(item.finding, item.source);
      case "document":
        return `${escapeJson(item.text, screen.ascii)}\n`;
      case "table":
        return item.rows.map((row) => `${row.map(text).join("\t")}\n`).join("");
      case "call":
        return item.findings.map((finding) => callLine(finding, item.call.sid)).join("");
      case "forwarded":
      case "delivery":
      case "replay":
      case "calls":
      case "signatures":
      case "summary":
        return "";
    }
  }

  return { showsClean: false, isStateless: true, render, end: () => "" };
};
