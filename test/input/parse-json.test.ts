import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isBeyondLimits,
  isDeeper,
  MAX_DEPTH,
  MAX_VALUES,
  parse,
  TOO_DEEP,
  TOO_MANY,
} from "../../src/input/parse-json.ts";
import { readText } from "./read.ts";

const start = '{"specversion":"1.0","type":"com.twilio.voice.x","id":"VW1","source":"a","data":';
const good = `${start}1}`;
const nested = (levels: number, open = "[", close = "]"): string => `${open.repeat(levels)}1${close.repeat(levels)}`;

describe("an event that nests", () => {
  test(`${MAX_DEPTH} levels is read`, async () => {
    const { found, faults } = await readText(`${start}${nested(MAX_DEPTH - 1)}}\n${good}\n`);
    expect([found.length, faults]).toEqual([2, []]);
  });

  test.each<readonly [string, string, number, string, string]>([
    ["one level more", "", MAX_DEPTH, "[", "]"],
    ["so deep that nothing recursive can follow", "", 50_000, "[", "]"],
    ["behind a prefix", "web-1  | ", 9000, "[", "]"],
    ["in objects", "", 9000, '{"a":', "}"],
    ["with more behind each level", "", 9000, "[", ",1]"],
  ])("%s is named, and the next one is read", async (_, prefix, levels, open, close) => {
    const { found, faults } = await readText(`${prefix}${start}${nested(levels, open, close)}}\n${good}\n`);
    expect(found.map(({ line }) => line)).toEqual([2]);
    expect(faults).toMatchObject([{ rule: "json-syntax", problem: TOO_DEEP, line: 1 }]);
  });

  test("in a string, in an array or over lines is named", async () => {
    const deep = `${start}${nested(5000)}}`;
    for (const text of [JSON.stringify({ body: deep }), `[${deep},${good}]`, `{\n"a":${nested(5000)}\n}`]) {
      const { faults } = await readText(`${text}\n${good}\n`);
      expect(faults.map(({ problem }) => problem)).toContain(TOO_DEEP);
    }
  });
});

describe("a record of values", () => {
  /** So many values: the object, the array, and what is in it. */
  const ones = (count: number): string => `{"a":[1${",1".repeat(count - 3)}]}`;

  test("as many as may be is read", async () => {
    expect(await readText(`${ones(MAX_VALUES)}\n${good}\n`)).toMatchObject({ faults: [], found: [{ line: 2 }] });
  });

  test("one more is named, and what it holds is searched", async () => {
    const { found, faults } = await readText(`{"a":${ones(MAX_VALUES)},"b":${good}}\n${good}\n`);
    expect(faults).toMatchObject([{ problem: TOO_MANY, line: 1 }]);
    expect(found.map(({ line }) => line)).toEqual([1, 2]);
  });

  test("in an array of all, each element counts for itself", async () => {
    const half = ones(MAX_VALUES * 0.6);
    expect(await readText(`[${half},${half},${good}]`)).toMatchObject({ faults: [], found: [{ line: 1 }] });
  });
});

test("a text is beyond the limits as its value is", () => {
  const value = fc.jsonValue({ maxDepth: 8, stringUnit: fc.constantFrom('"', "\\", "[", "{", "]", ",", "a") });
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 140 }), fc.boolean(), (inner, levels, isObject) => {
      const [open, close] = isObject ? ['{"\\"[":', "}"] : ["[", "]"];
      const text = `${open.repeat(levels)}${JSON.stringify(inner)}${close.repeat(levels)}`;
      const isDeep = isDeeper(JSON.parse(`[${text}]`), MAX_DEPTH + 1);
      expect(isBeyondLimits(text)).toBe(isDeep);
      expect(parse(text) === undefined).toBe(isDeep);
    }),
  );
});

test("a string that does not end is within the limits", () =>
  expect(isBeyondLimits(`["${"[".repeat(200)}`)).toBe(false));
