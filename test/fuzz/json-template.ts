// JSON texts whose values can be replaced without parsing again.
import type { Random } from "../support/random.ts";

/** A JSON value in a text, and its key. */
interface ValueSpan {
  readonly from: number;
  readonly to: number;
  /** The start of the member, which is the start of the key. */
  readonly member: number | undefined;
  readonly key: string | undefined;
}

export interface JsonTemplate {
  readonly text: string;
  readonly places: readonly ValueSpan[];
}

/** Makes texts that replace a value. */
export interface Replacements {
  /** A JSON text. */
  value(random: Random): string;
  /** Any text. */
  raw(random: Random): string;
  /** A response body in base64. */
  body(random: Random): string;
}

/** Finds the JSON values in a text: of the text if it is JSON, or else of each line, with or without a prefix. */
export function toTemplate(text: string): JsonTemplate {
  const places: ValueSpan[] = [];
  const whole = jsonSpan(text, 0, text.length);
  if (whole !== undefined) collect(text, ...whole, places);
  else {
    for (let from = 0; from < text.length && places.length < 2000; ) {
      const end = text.indexOf("\n", from);
      const to = end < 0 ? text.length : end;
      const span = jsonSpan(text, from, to);
      if (span !== undefined) collect(text, ...span, places);
      from = to + 1;
    }
  }
  return { text, places };
}

/** The JSON in a part of the text, from the first bracket to the last. */
function jsonSpan(text: string, from: number, to: number): readonly [number, number] | undefined {
  const part = text.slice(from, to);
  const start = part.search(/[{[]/);
  const end = Math.max(part.lastIndexOf("}"), part.lastIndexOf("]")) + 1;
  if (start < 0 || end <= start) return undefined;
  try {
    JSON.parse(part.slice(start, end));
    return [from + start, from + end];
  } catch {
    return undefined;
  }
}

/** Adds each value between `from` and `to`. */
function collect(text: string, from: number, to: number, places: ValueSpan[]): void {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  token.lastIndex = from;
  const open: { readonly from: number; readonly key: Key | undefined; readonly isObject: boolean }[] = [];
  let key: Key | undefined;
  for (let found = token.exec(text); found !== null && found.index < to; found = token.exec(text)) {
    const [word] = found;
    const end = found.index + word.length;
    const isKey = open.at(-1)?.isObject && key === undefined;
    if (word === "{" || word === "[") {
      open.push({ from: found.index, key, isObject: word === "{" });
      key = undefined;
    } else if (word === "}" || word === "]") {
      const parent = open.pop();
      if (parent === undefined) return;
      places.push({ from: parent.from, to: end, member: parent.key?.from, key: parent.key?.name });
      key = undefined;
    } else if (word === "," || word === ":") {
      if (word === ",") key = undefined;
    } else if (isKey) {
      key = { from: found.index, name: word.slice(1, -1) };
    } else {
      places.push({ from: found.index, to: end, member: key?.from, key: key?.name });
      key = undefined;
    }
  }
}

interface Key {
  readonly from: number;
  readonly name: string;
}

/** Returns the template's text with one to four values changed. */
export function edit({ text, places }: JsonTemplate, random: Random, replacements: Replacements): string {
  const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(places));
  chosen.sort((one, other) => other.from - one.from);
  let result = text;
  let until = text.length;
  for (const place of chosen) {
    if (place.to > until) continue;
    const [from, to, other] = change(result, place, random, replacements);
    result = result.slice(0, from) + other + result.slice(to);
    until = from;
  }
  return result;
}

/** Returns the start and the end of the text to replace, and the replacement. */
function change(
  text: string,
  { from, to, member, key }: ValueSpan,
  random: Random,
  { value, raw, body }: Replacements,
): readonly [number, number, string] {
  const old = text.slice(from, to);
  if (key === "responseBody" && random.chance(0.7)) return [from, to, JSON.stringify(body(random))];
  const isString = old.startsWith('"');
  const start = member ?? from;
  switch (random.below(12)) {
    case 0:
      return [start, text.charAt(to) === "," ? to + 1 : to, ""];
    case 1:
      return [start, to, `${text.slice(start, to)},${text.slice(start, to)}`];
    case 2:
      return member === undefined ? [from, to, `[${old}]`] : [start, from, `${JSON.stringify(raw(random))}:`];
    case 3:
      return [from, to, random.chance(0.5) ? `[${old},${value(random)}]` : `{"a":${old},"Records":[${old}]}`];
    case 4:
    case 5: {
      const at = isString ? from + 1 + random.below(old.length - 1) : from + random.below(old.length + 1);
      return [at, at, isString ? JSON.stringify(raw(random)).slice(1, -1) : raw(random)];
    }
    case 6: {
      const at = from + random.below(old.length + 1);
      return [at, at + random.below(3), raw(random)];
    }
    case 7:
      return [from, to, JSON.stringify(raw(random))];
    default:
      return [from, to, value(random)];
  }
}
