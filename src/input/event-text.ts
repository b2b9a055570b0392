import type { FoundObject } from "./find-events.ts";
import { minifyJson } from "./minify-json.ts";
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
