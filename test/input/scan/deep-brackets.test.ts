import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TOO_DEEP } from "../../../src/input/parse-json.ts";
import { cpuSince } from "../../cpu.ts";
import { readText } from "../read.ts";

const eventOf = (id: number | string): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","source":"a{[","data":[{"a":"]}\\""}]}`;
const deep = `${"[".repeat(200)}${"]".repeat(200)}`;
const levels = (count: number, text: string): string => `${'{"a":'.repeat(count)}${text}${"}".repeat(count)}`;

describe("an event beside what nests too deep is read", () => {
  test.each<readonly [string, string]>([
    ["before it", `{"a":EVENT,"b":${deep}}`],
    ["behind it", `{"a":${deep},"b":EVENT}`],
    ["in an array", `[EVENT,${deep}]`],
    ["in an array of an object", `{"a":[1,EVENT,{"b":${deep}}]}`],
    ["over lines", `{"a":\nEVENT,\n"b":${deep}}`],
    ["in lines with prefixes", `web-1  | {"a":\nweb-1  |   EVENT,\nweb-1  |   "b":${deep}}`],
    ["over lines behind a level", `{"a":[\n{"b":1},\n[EVENT],\n${deep}]}`],
    ["within many levels", `${levels(100, `EVENT,"b":${deep}`)}`],
    ["in a string", JSON.stringify({ body: `{"a":EVENT,"b":${deep}}` }).replace(JSON.stringify("EVENT"), "EVENT")],
  ])("%s", async (_, form) => {
    const isString = form.includes("\\");
    const event = isString ? JSON.stringify(eventOf("VW1")).slice(1, -1) : eventOf("VW1");
    const { found, faults } = await readText(`${form.replace("EVENT", () => event)}\n${eventOf("VW2")}\n`);
    expect(found.map(({ id }) => id)).toEqual(["VW1", "VW2"]);
    // Behind a prefix what breaks may be anything; without one it is JSON, of which something is lost.
    if (!form.startsWith("web")) expect(faults.map(({ problem }) => problem)).toContain(TOO_DEEP);
  });
});

/** A JSON text of so many levels with events at any of them, which breaks in the innermost one; and the events' texts. */
function nest(shape: readonly Level[], heart: string): { readonly text: string; readonly events: readonly string[] } {
  let id = 0;
  const events: string[] = [];
  const event = (): string => {
    const text = eventOf(id++);
    events.push(text);
    return text;
  };
  let before = "";
  let behind = "";
  for (const { isObject, isSpread, hasBefore, hasBehind } of shape) {
    const end = isSpread ? "\n" : "";
    const key = (name: string): string => (isObject ? `"${name}":` : "");
    before += `${isObject ? "{" : "["}${end}`;
    if (hasBefore) before += `${key("before")}${event()},${end}`;
    before += key("in");
    behind = `${hasBehind ? `,${key("behind")}BEHIND` : ""}${end}${isObject ? "}" : "]"}${behind}`;
  }
  return { text: before + heart + behind.replaceAll("BEHIND", event), events };
}

interface Level {
  readonly isObject: boolean;
  readonly isSpread: boolean;
  readonly hasBefore: boolean;
  readonly hasBehind: boolean;
}

const seldom = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
const level: fc.Arbitrary<Level> = fc.record({
  isObject: fc.boolean(),
  isSpread: seldom,
  hasBefore: seldom,
  hasBehind: seldom,
});

test("however deep and wherever JSON breaks, each event is read, once, where it stands", async () => {
  const shape = fc.array(level, { minLength: 1, maxLength: 300, size: "max" });
  const heart = fc.constantFrom("1", "!", "{]", '"', deep, `{"a":${deep}`, "tru");
  await fc.assert(
    fc.asyncProperty(shape, heart, fc.constantFrom("", "web-1  | "), async (levelsOf, innermost, prefix) => {
      const { text, events } = nest(levelsOf, innermost);
      const log = `${`${text}\n${eventOf("last")}`.replaceAll(/^/gm, prefix)}\n`;
      const { found } = await readText(log);
      const seen = found.map(({ offset }) => log.slice(offset, offset + eventOf(0).length));
      const expected = [...events, eventOf("last")];
      expect(seen.map((each) => each.slice(0, 60)).sort()).toEqual(expected.map((each) => each.slice(0, 60)).sort());
    }),
    { numRuns: 300 },
  );
}, 120_000);

test.each<readonly [string, string]>([
  ["objects", '{"a":\n'],
  ["arrays", "[\n"],
  ["objects that break", `${'{"a":\n'.repeat(100)}!\n`],
  ["arrays that break", `${"[\n".repeat(100)}!\n`],
])("%s in one another over many lines take little time", async (_, text) => {
  const start = process.cpuUsage();
  await readText(`${text.repeat(40_000 / (text.split("\n").length - 1))}\n${eventOf("VW1")}\n`);
  expect(cpuSince(start)).toBeLessThan(1000);
});
