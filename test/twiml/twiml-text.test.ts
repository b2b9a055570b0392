import { expect, test } from "vitest";
import { lintTwiml } from "../../src/twiml/lint/lint-twiml.ts";
import { unifyLineEnds } from "../../src/twiml/twiml-text.ts";
import { cpuSince } from "../cpu.ts";

test.each([
  ["", ""],
  ["a\nb", "a\nb"],
  ["a\r\nb\rc\r\r\n\r\n", "a\nb\nc\n\n\n"],
  ["\r", "\n"],
])("%j is read as %j, and each character's place is known", (text, unified) => {
  const { text: read, offsetOf } = unifyLineEnds(text);
  expect(read).toBe(unified);
  for (let at = 0; at < read.length; at++) {
    const [found = ""] = /^(?:\r\n|[\s\S])/.exec(text.slice(offsetOf(at))) ?? [];
    expect(found.replace(/\r\n?/, "\n")).toBe(read.charAt(at));
  }
  expect(offsetOf(read.length)).toBe(text.length);
});

test.each(["\r\n", "\r"])("findings stand at their lines behind %j", (end) => {
  const text = ["<Response>", "  <Say>São 🎉</Say>", "  <Foo/>", "</Response>"].join(end);
  expect(lintTwiml(text, { executed: true })).toMatchObject([{ rule: "twiml-element", at: { line: 3, column: 3 } }]);
  const broken = text.replace("</Response>", "<Say></Response>");
  expect(lintTwiml(broken, { executed: true })).toMatchObject([{ rule: "twiml-syntax", at: { line: 4 } }]);
});

test("a megabyte of line ends takes no time", () => {
  const start = process.cpuUsage();
  expect(lintTwiml(`<Response><Say>${"\r".repeat(1_000_000)}</Say></Response>`, { executed: true })).toBeDefined();
  expect(cpuSince(start)).toBeLessThan(3000);
});
