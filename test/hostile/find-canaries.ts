// Finds canaries in the output of the program.
import { NUMBER, WORD } from "./canaries.ts";

/** The text in base64 at each alignment, without the characters that depend on the bytes around. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const from = Math.ceil((before * 8) / 6);
    return bytes.toString("base64").slice(from, Math.floor((bytes.length * 8) / 6));
  });
}

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);

const reversed = (text: string): string => [...text].reverse().join("");

/** The starts of canaries: plain, in base64, and backwards. */
const plain = [WORD, reversed(WORD), reversed(NUMBER.slice(0, 7)), ...inBase64(WORD), ...inBase64(NUMBER)].map((text) =>
  text.toLowerCase(),
);

/** Digits with separators, and the escapes of XML and JSON. */
const spelled = new RegExp(
  [
    [...NUMBER.slice(2)].join("[\\s().%+-]{0,3}"),
    [...WORD].map((character) => `&#(?:${character.codePointAt(0)}|x${hex(character)});`).join(""),
    [...WORD].map((character) => `\\\\u00${hex(character)}`).join(""),
  ].join("|"),
  "gi",
);

/** Returns the canaries in the text, with the text around them. Decodes base64. */
export function findCanaries(text: string, depth = 0): readonly string[] {
  const places = Array.from(text.matchAll(spelled), ({ index }) => index);
  const lower = text.toLowerCase();
  for (const needle of plain) {
    for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, at + 1)) places.push(at);
  }
  const found = places.map((at) => text.slice(Math.max(0, at - 120), at + 60));
  if (depth === 3) return found;
  for (const [run] of text.matchAll(/[\w+/-]{24,}={0,2}/g)) {
    const inner = Buffer.from(run, "base64");
    if (inner.toString("base64").replace(/=+$/, "") !== run.replace(/=+$/, "")) continue;
    found.push(...findCanaries(inner.toString("utf8"), depth + 1).map((leak) => `in base64: ${leak}`));
  }
  return found;
}
