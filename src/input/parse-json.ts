import { stringEnd } from "./json-tokens.ts";
/** The deepest nesting of brackets that is read as JSON. */
export const MAX_DEPTH = 128;
/**
 * The most values that one record may hold, as commas and opening brackets count them: each takes memory when it is parsed,
 * however short its text. Events of the least size fill a record of the largest one with fewer.
 */
export const MAX_VALUES = 800_000;

/** What is said where a limit was reached. */
export const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`;
export const TOO_MANY = "more than 800,000 values in one record: what it holds is searched piece by piece";

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

/** Whether a JSON text, without being parsed, can be told to nest too deep or to hold too many values. */
export function isBeyondLimits(text: string): boolean {
  let depth = 0;
  let values = 1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = stringEnd(text, index);
    } else if (code === 0x2c) {
      if (++values > MAX_VALUES) return true;
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH || ++values > MAX_VALUES) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return false;
}

/** Whether objects and arrays stand in each other more than `levels` deep. */
export function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true;
    return false;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    const member = object[key];
    if (typeof member === "object" && member !== null && isDeeper(member, levels - 1)) return true;
  }
  return false;
}
