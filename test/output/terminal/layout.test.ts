import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText, type Safe, safe } from "../../../src/output/escape.ts";
import { displayWidth, flow, pad, truncate, wrap } from "../../../src/output/terminal/layout.ts";
import { cpuSince } from "../../cpu.ts";

const text = fc.string({
  unit: fc.constantFrom("a", "b", " ", "/", ".", "漢", "🎉", "e\u0301", "\u001b", "word"),
  maxLength: 200,
});

test.each([
  ["", 0],
  ["plain", 5],
  ["São Paulo", 9],
  ["e\u0301", 1],
  ["北京", 4],
  ["서울", 4],
  ["서울".normalize("NFD"), 4],
  ["ＦＵＬＬ", 8],
  ["🎉", 2],
  ["🇩🇪", 2],
  ["✖ ⚠ ℹ ▸ …", 9],
])("displayWidth of %s is %i", (raw, width) => {
  expect(displayWidth(escapeText(raw))).toBe(width);
});

test("pad counts columns, and cuts nothing", () => {
  expect(pad(safe`北京`, 6)).toBe("北京  ");
  expect(pad(safe`longer`, 3)).toBe("longer");
});

describe("truncate", () => {
  const more = safe`…`;

  test("cuts between characters, never inside an escape", () => {
    expect(truncate(safe`plain`, 5, more)).toBe("plain");
    expect(truncate(safe`plain text`, 5, more)).toBe("plai…");
    expect(truncate(safe`plain text`, 6, safe`...`)).toBe("pla...");
    expect(truncate(safe`北京東京`, 6, more)).toBe("北京…");
    expect(truncate(safe`北京東`, 6, more)).toBe("北京東");
    expect(truncate(escapeText("ab\u001b[31m"), 6, more)).toBe("ab…");
  });

  test("fits the width", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 60 }), (raw, width) => {
        const cut = truncate(escapeText(raw), width, more);
        return displayWidth(cut) <= width && (cut === escapeText(raw) || displayWidth(escapeText(raw)) > width);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("wrap", () => {
  test("breaks between words", () => {
    expect(wrap(safe`the quick brown fox jumps`, 10)).toEqual(["the quick", "brown fox", "jumps"]);
    expect(wrap(safe`two  blanks stay  in a line`, 20)).toEqual(["two  blanks stay  in", "a line"]);
    expect(wrap(safe``, 10)).toEqual([""]);
    expect(wrap(safe`${" ".repeat(30) as Safe}`, 10)).toEqual([""]);
  });

  test("divides a long word at a seam, else at the width", () => {
    const type = safe`com.twilio.voice.status-callback.call.answered is gone`;
    expect(wrap(type, 30)).toEqual(["com.twilio.voice.status-", "callback.call.answered is gone"]);
    expect(wrap(safe`${"x".repeat(25) as Safe}`, 10)).toEqual(["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"]);
    expect(wrap(safe`= ${"x".repeat(25) as Safe}`, 10)).toEqual(["= xxxxxxxx", "xxxxxxxxxx", "xxxxxxx"]);
  });

  test("fits the width and loses only blanks", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 60 }), (raw, width) => {
        const lines = wrap(escapeText(raw), width);
        const letters = (parts: readonly string[]) => parts.join("").replaceAll(" ", "");
        return lines.every((line) => displayWidth(line) <= width) && letters(lines) === letters([escapeText(raw)]);
      }),
      { numRuns: 20_000 },
    );
  });

  test("takes a megabyte in well under a second", () => {
    const start = process.cpuUsage();
    wrap(safe`${"x".repeat(1_000_000) as Safe}`, 60);
    wrap(safe`${"漢 ".repeat(300_000) as Safe}`, 60);
    wrap(safe`${" ".repeat(1_000_000) as Safe}`, 60);
    expect(cpuSince(start)).toBeLessThan(6_000);
  });
});

test("flow keeps pieces whole where they fit, and colors them after measuring", () => {
  const paint = (part: Safe) => safe`<${part}>`;
  const pieces = [safe`one`, safe`two`, safe`a-piece-that-is-long`, safe`end`].map((part) => ({ text: part, paint }));
  expect(flow(pieces, 12, 2)).toEqual(["<one>  <two>", "<a-piece->", "<that-is-long>", "<end>"]);
  expect(flow([], 12, 2)).toEqual([]);
});

test("every character is as wide by itself as it is under a mark", () => {
  const differing: string[] = [];
  for (let code = 0x20; code <= 0xffff; code++) {
    const char = String.fromCharCode(code) as Safe;
    if (displayWidth(char) !== displayWidth(safe`${char}${"\u0301" as Safe}`)) differing.push(code.toString(16));
  }
  expect(differing).toEqual([]);
});
