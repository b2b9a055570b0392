import { describe, expect, test } from "vitest";
import { cpuSince } from "../../cpu.ts";
import { readText } from "../read.ts";

const event = (id: string): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","source":"a","data":{"x":""}}`;

/** How logs spell JSON in a field of a line. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  "a string": (text) => `body=${JSON.stringify(text)}`,
  "a string in a string": (text) => `body=${JSON.stringify(JSON.stringify(text))}`,
  "escaped quotes without quotes around": (text) => JSON.stringify(text).slice(1, -1),
  "a field of CSV": (text) => `"${text.replaceAll('"', '""')}"`,
  "nginx's escapes": (text) => `"${text.replaceAll("\\", "\\x5C").replaceAll('"', "\\x22")}"`,
  "percent escapes": (text) => `/?e=${encodeURIComponent(text)}`,
  "Python's bytes": (text) => `b'${text.replaceAll("a", "\\x61")}'`,
};
const all = Object.entries(spellings);

describe.each(all)("%s", (_, spell) => {
  test.each(all)("beside %s: each event is read, and behind a broken one too", async (_name, other) => {
    const texts = [spell(event("1")), other(event("2")), event("3"), spell(event("4"))];
    for (const between of [" ", ", "]) {
      const { found } = await readText(`at ${texts.join(between)}\n`);
      expect(found.map(({ id }) => id).sort()).toEqual(["1", "2", "3", "4"]);
    }
    const broken = spell(event("0").replace('"source"', '"source'));
    const { found } = await readText(`${[broken, ...texts, broken].join(" ")}\n`);
    expect(found.map(({ id }) => id).sort()).toEqual(["1", "2", "3", "4"]);
  });

  test("stands where it begins", async () => {
    const start = `at ${event("1")} `;
    const text = `${start}${spell(event("2"))} ${event("3")}\n`;
    const { found } = await readText(text);
    const columns = Object.fromEntries(found.map(({ id, column }) => [id, column]));
    expect(columns[1]).toBe(4);
    expect(columns[2]).toBe(start.length + spell(event("2")).search(/[{[]|%7B/) + 1);
    expect(columns[3]).toBe(text.lastIndexOf(event("3")) + 1);
  });

  test("many times in a line, and broken as often, takes little time", async () => {
    const broken = spell(event("0").replace('"source"', '"source'));
    const start = process.cpuUsage();
    const { found } = await readText(`${`${spell(event("1"))} ${broken} `.repeat(1500)}\n`);
    expect(found).toHaveLength(1500);
    expect(cpuSince(start)).toBeLessThan(1500);
  });
});

describe("a form whose value is JSON", () => {
  const callSid = `CA${"0".repeat(32)}`;
  const form = `CallSid=${callSid}&CallStatus=busy&AddOns=${encodeURIComponent('{"status":"successful"}')}&To=%2B1`;

  test.each([form, `POST / "${form}" 200`, `{"a":1} ${form}`, `x=%7B%22a%22:1%7D ${form} y=%7B%22a%22:1%7D`])(
    "is a callback: %s",
    async (line) => {
      const { found } = await readText(`${line}\n`);
      const value = { CallSid: callSid, CallStatus: "busy", AddOns: '{"status":"successful"}', To: "+1" };
      expect(found).toMatchObject([{ kind: "callback", value, column: line.indexOf("CallSid") + 1 }]);
    },
  );

  test("is read beside respelled events", async () => {
    const line = Object.values(spellings).map((spell, at) => spell(event(String(at))));
    const { found } = await readText(`${line.join(` ${form} `)}\n`);
    expect(found.filter(({ kind }) => kind === "event")).toHaveLength(line.length);
    expect(found.filter(({ kind }) => kind === "callback")).toHaveLength(line.length - 1);
  });
});
