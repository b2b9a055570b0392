import { excerpt, type FindingPlace, quote } from "../findings/finding.ts";

/** Names what stands there, for the "found" of a message. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === "") return "an empty string";
  if (typeof value === "string") return `the string ${quote(value)}`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return value === null ? "null" : `the ${typeof value} ${value}`;
}

/** The place of a value; an object or array is no value to show. */
export function placeOf(pointer: string, value: unknown): FindingPlace {
  if (value === undefined || (typeof value === "object" && value !== null)) return { pointer };
  return { pointer, value: excerpt(String(value)) };
}
