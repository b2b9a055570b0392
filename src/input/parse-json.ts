import { isBeyondLimits, isDeeper, MAX_DEPTH } from "./json-limits.ts";

/** What a shorter text holds takes little memory, whatever it is. */
const LARGE = 256 * 1024;
/** A shorter text has not enough brackets to nest too deep. */
const SHALLOW = 2 * MAX_DEPTH;

/** The value of a JSON text; undefined where the text is not JSON, which no JSON text means, or beyond the limits. */
export function parse(text: string): unknown {
  if (text.length > LARGE && isBeyondLimits(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const mayBeDeep = text.length > SHALLOW && typeof value === "object" && value !== null;
    return mayBeDeep && isDeeper(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}
