import { escapeText, type Safe, safe } from "./escape.ts";

/** `1 event`, `12,000 events`; `1 delivery`, `2 deliveries` where the plural is another. */
export function count(n: number, noun: Safe, plural: Safe | string = `${noun}s`): Safe {
  return safe`${grouped(n)} ${n === 1 ? noun : (plural as Safe)}`;
}

/** A whole number in groups of three digits: `12,000`. `toLocaleString` would load the tables of all languages. */
export function grouped(n: number): Safe {
  return escapeText(String(n).replace(/\B(?=(?:\d{3})+$)/g, ","));
}

/** `999 B`, `8.1 kB`, `73 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const names = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let name = 0;
  while (value >= 999.5 && name < names.length - 1) {
    value /= 1000;
    name++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${names[name]}`;
}
