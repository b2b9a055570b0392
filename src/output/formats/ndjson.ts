import type { Format } from "../items.ts";
import { toJson } from "../to-json.ts";

/** One JSON object a line, each whole in itself: for `jq`, and for engines that spread lines over machines. */
export const ndjson: Format = () => ({
  showsClean: true,
  isStateless: true,
  render(item) {
    if (!item.json) return "";
    const value = item.json();
    return item.isWholeJson ? wholeLines(value) : `${toJson(value)}\n`;
  },
  end: () => "",
});

/** A line break in JSON stands only between tokens, so the indent can go and the text stays as it was. */
function wholeLines(value: unknown): string {
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  return rows.map((row) => `${toJson(row).replace(/[\r\n]+[ \t]*/g, "")}\n`).join("");
}
