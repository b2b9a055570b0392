import { escapeIdentifier, maskPasswords } from "../escape.ts";
import type { Format } from "../items.ts";
import { placesFor, type Reportable, type ReportableFinding } from "../reportable.ts";
import { textFor } from "../terminal/screen.ts";

/** One finding a line, `file:line:column  severity  rule  message`: what editors jump to and `grep` keeps whole. */
export const compact: Format = (screen) => {
  const text = textFor(screen);
  const placesOf = placesFor(screen);

  function line(placed: ReportableFinding, { subject, names }: Reportable): string {
    const { rule, severity, message, line, column } = placed.finding;
    const fields = [`${text(placed.source.input)}:${line}:${column}`, severity, escapeIdentifier(rule), text(message)];
    const call = subject === "call" ? names.map((sid) => `call ${escapeIdentifier(maskPasswords(sid))}`) : [];
    return `${[...fields, ...placesOf(placed), ...call].join("  ")}\n`;
  }

  return {
    showsClean: false,
    isStateless: true,
    render(item) {
      if (item.compact) return item.compact(text, screen);
      const judged = item.reportable?.();
      return judged?.findings.map((placed) => line(placed, judged)).join("") ?? "";
    },
    end: () => "",
  };
};
