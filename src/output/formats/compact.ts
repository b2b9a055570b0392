import { escapeIdentifier, escapeJson, maskPasswords } from "../escape.ts";
import type { CallItem, Format, LocatedFinding, OutputItem, Source } from "../items.ts";
import { placesFor } from "../reportable.ts";
import { textFor } from "../terminal/screen.ts";

/** One finding a line, `file:line:column  severity  rule  message`: what editors jump to and `grep` keeps whole. */
export const compact: Format = (screen) => {
  const text = textFor(screen);
  const placesOf = placesFor(screen);

  function line(finding: LocatedFinding, source: Source): string {
    const { rule, severity, message, line, column } = finding;
    const fields = [`${text(source.input)}:${line}:${column}`, severity, escapeIdentifier(rule), text(message)];
    return `${[...fields, ...placesOf({ finding, source })].join("  ")}\n`;
  }

  function callLine({ source, ...finding }: CallItem["findings"][number], sid: string): string {
    const { line: row, column } = source;
    return line({ ...finding, line: row, column }, source).replace(
      /\n$/,
      `  call ${escapeIdentifier(maskPasswords(sid))}\n`,
    );
  }

  function render(item: OutputItem): string {
    switch (item.kind) {
      case "page":
        return `${text(item.about)}  ${text(item.title)}\n`;
      case "change": {
        const { input, line, column } = item.source;
        return `${text(input)}:${line}:${column}  ${text(item.before)}  ${text(item.after)}\n`;
      }
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
      case "report":
      case "signatures":
      case "summary":
        return "";
    }
  }

  return { showsClean: false, isStateless: true, render, end: () => "" };
};
