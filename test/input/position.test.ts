import { describe, expect, test } from "vitest";
import { multilineRecord, type PathNode, plainRecord } from "../../src/input/json-record.ts";
import { placeOf, textAt } from "../../src/input/position.ts";
import { cpuSince } from "../cpu.ts";

const at = { input: "in", line: 1, column: 1, offset: 0 };

const pathOf = (...keys: readonly (string | number)[]): PathNode | undefined =>
  keys.reduce<PathNode | undefined>((parent, key) => ({ parent, key }), undefined);

const events = '[{"id":1,"data":{"a/b":{"c~d":["é",{"x":true}]}}} ,{"id":2,"id":3}, -1.5e3, null, "\\""]';

/** The same record, short, and so long that it is read through first. */
const records: readonly (readonly [string, string])[] = [
  ["short", `{"Records":${events}}`],
  ["long", `{"Records":${events},"rest":[${'{"a":[1,2]},'.repeat(3000)}0]}`],
];

describe.each(records)("in a %s record", (_, text) => {
  const document = plainRecord(text, JSON.parse(text), at);
  const offset = (part: string): number => Buffer.byteLength(text.slice(0, text.indexOf(part)));

  test("values stand where their path leads", () => {
    expect(placeOf(document, undefined).offset).toBe(0);
    expect(placeOf(document, pathOf("Records", 0)).offset).toBe(offset('{"id":1'));
    expect(placeOf(document, pathOf("Records", 1, "id")).offset).toBe(offset("3}"));
    expect(placeOf(document, pathOf("Records", 2)).offset).toBe(offset("-1.5"));
    expect(placeOf(document, pathOf("nothing")).offset).toBe(0);
  });

  test("a pointer leads to its value, or to the nearest one above it", () => {
    const first = pathOf("Records", 0);
    const offsetOf = (pointer: string): number => placeOf(document, first, pointer).offset;
    expect(offsetOf("")).toBe(offset('{"id":1'));
    expect(offsetOf("/data/a~1b/c~0d")).toBe(offset('["é"'));
    expect(offsetOf("/data/a~1b/c~0d/1/x")).toBe(offset("true"));
    expect(offsetOf("/data/a~1b/c~0d/2")).toBe(offset('["é"'));
    expect(offsetOf("/data/missing/x")).toBe(offset('{"a/b"'));
    expect(offsetOf("/id/x")).toBe(offset("1,"));
    expect(placeOf(document, undefined, "/Records/1/id").offset).toBe(offset("3}"));
  });

  test("a value's text is what stands there", () => {
    expect(textAt(document, undefined)).toBe(text);
    for (const [index, value] of (JSON.parse(events) as unknown[]).entries()) {
      const found = textAt(document, pathOf("Records", index));
      expect(JSON.parse(found)).toEqual(value);
      expect(text).toContain(found);
    }
    expect(textAt(document, pathOf("Records", 9))).toBe("");
  });
});

test("the text of a form has one place", () => {
  const document = plainRecord("CallSid=CA1&CallStatus=busy", undefined, at);
  expect(placeOf(document, undefined, "/CallStatus")).toEqual(at);
});

describe("thousands of values in one record are placed without reading it for each", () => {
  const event = { id: "VW1", data: { note: "a".repeat(1000) } };
  const value = { Records: Array.from({ length: 6000 }, () => event) };

  test.each([
    ["on one line", (text: string) => plainRecord(text, value, at), undefined],
    ["over lines", (text: string) => multilineRecord(text, value, at), 2],
  ] as const)("%s", (_, documentOf, indent) => {
    const document = documentOf(JSON.stringify(value, undefined, indent));
    const start = process.cpuUsage();
    for (let index = 0; index < 6000; index++) placeOf(document, pathOf("Records", index), "/data/note");
    expect(cpuSince(start)).toBeLessThan(5000);
    const { line, offset } = placeOf(document, pathOf("Records", 5999));
    expect(line).toBe(indent === undefined ? 1 : 3 + 5999 * 6);
    expect(document.text.slice(offset, offset + 1)).toBe("{");
  });
});
