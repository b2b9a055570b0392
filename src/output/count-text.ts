import { escapeText, type Safe, safe } from "./escape.ts";

/** `1 event`, `12,000 events`; `1 delivery`, `2 deliveries` where the plural is another. */
export function count(n: number, noun: Safe, plural: Safe | string = `${noun}s`): Safe {
  return safe`${grouped(n)} ${n === 1 ? noun : (plural as Safe)}`;
}

/** A whole number in groups of three digits: `12,000`. `toLocaleString` would load the tables of all languages. */
export function grouped(n: number): Safe {
  return escapeText(String(n).replace(/\B(?=(?:\d{3})+$)/g, ","));
}
