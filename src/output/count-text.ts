import { escapeText, type Safe, safe } from "./escape.ts";
import type { Summary, SummaryItem } from "./items.ts";

/** `1 event`, `12,000 events`. */
export function count(n: number, noun: Safe): Safe {
  return safe`${grouped(n)} ${noun}${n === 1 ? safe`` : safe`s`}`;
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

/** What was found, as phrases: `400 events: 395 valid, 5 invalid`, `80 calls`, `3 duplicates`. */
export function found(summary: Summary, subject: SummaryItem["subject"]): Safe[] {
  const { events, calls, duplicates, unreadable } = summary;
  const phrases = [events === 0 ? safe`no events` : safe`${subjects(events, subject)}: ${validity(summary)}`];
  if (calls > 0) phrases.push(count(calls, safe`call`));
  if (duplicates > 0) phrases.push(count(duplicates, safe`duplicate`));
  if (unreadable > 0) phrases.push(safe`${grouped(unreadable)} unreadable`);
  return phrases;
}

function subjects(n: number, subject: SummaryItem["subject"]): Safe {
  if (subject === undefined) return count(n, safe`event`);
  return n === 1 ? safe`1 body` : safe`${grouped(n)} bodies`;
}

function validity({ events, valid, invalid }: Summary): Safe {
  const all = events === 1 ? safe`` : safe`all `;
  if (invalid === 0) return safe`${all}valid`;
  if (valid === 0) return safe`${all}invalid`;
  return safe`${grouped(valid)} valid, ${grouped(invalid)} invalid`;
}
