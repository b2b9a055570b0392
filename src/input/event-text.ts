import type { FoundObject } from "./find-events.ts";
import { stringEnd } from "./json-tokens.ts";
import { textAt } from "./position.ts";

/** Whether it was found as the text of a form, which has no JSON of its own. */
export function isFormText({ path, document }: FoundObject): boolean {
  return path === undefined && document.value === undefined;
}

/**
 * The event's JSON text on one line, each key and number as it was found; a form-encoded callback stands as the object of
 * its fields.
 */
export function eventText(found: FoundObject): string {
  return isFormText(found) ? JSON.stringify(found.value) : minifyJson(textAt(found.document, found.path));
}

/** The same JSON text on one line: white space between tokens goes, everything else stays byte for byte. */
function minifyJson(text: string): string {
  if (!/[\n\r]/.test(text)) return text;
  let compact = "";
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = stringEnd(text, index);
    else if (code <= 0x20) {
      compact += text.slice(start, index);
      start = index + 1;
    }
  }
  return compact + text.slice(start);
}
