import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginsList, behindPrefix, createFastPath } from "../../../src/input/scan/json-fast-path.ts";
import { readBytes } from "../read.ts";

const anObject = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });

describe("a guess", () => {
  test("is where the object ends, or none", () => {
    fc.assert(
      fc.property(fc.array(anObject, { minLength: 1 }), fc.constantFrom("", ",", ", ", " , "), (objects, between) => {
        const texts = objects.map((object) => JSON.stringify(object));
        const text = `${texts.join(between)}]`;
        const guesser = createFastPath();
        let from = 0;
        for (const each of texts) {
          const guess = guesser.guess(text, from);
          if (guess) expect([guess.text, guess.end, guess.value]).toEqual([each, from + each.length, JSON.parse(each)]);
          from += each.length + between.length;
        }
      }),
    );
  });

  test.each([
    ['{"a":1},{"b":2}', 7],
    ['{"a":{"b":1},"c":2} {"d":3}', 19],
    ['{"a":[{"b":1},{"c":2}]},{"d":3}', 23],
    ['{"a":1}', 7],
    ['{"a":"},{"}', 11],
    ['{"a":1', undefined],
    ['{"a":1]}', undefined],
    ["{ }", undefined],
    ["[1]", undefined],
  ])("of %s is %s", (text, end) => expect(createFastPath().guess(text, 0)?.end).toBe(end));

  test("is not made any more in a line in which so many were wrong", () => {
    const guesser = createFastPath();
    for (let wrong = 0; wrong < 8; wrong++) expect(guesser.guess('{"a"}', 0)).toBeUndefined();
    expect(guesser.guess('{"a":1}', 0)).toBeUndefined();
    guesser.reset();
    expect(guesser.guess('{"a":1}', 0)?.end).toBe(7);
  });
});

test.each([
  ['[{"a":1},', true],
  ['{"a":1}{"b"', true],
  ['{"a":{"b":1},"c":', false],
  ['{"a":1}', false],
  ["text", false],
])("%s begins a list: %s", (text, isList) => expect(beginsList(text)).toBe(isList));

test.each([
  ['2025-08-24T13:50:43.871Z INFO  [webhook] {"a":1}', 41],
  ['app-1 | {"a":1}', 8],
  ['{"a":1}', undefined],
  ['x {"a":1} y', undefined],
  ['[1] {"a":1}', undefined],
  ['"body": {"a":1}', undefined],
  ["x { }", undefined],
  ['x [{"a":1}', undefined],
  ['2025-08-24T13:50:43Z stdout F {"a":1}', undefined],
  ['a form of a callback: CallSid=CA1&CallStatus=busy {"a":1}', undefined],
])("%s holds an object behind its prefix at %s", (line, start) => expect(behindPrefix(line)).toBe(start));

/** Whole calls of two events, as they stand in a file, in ASCII. */
const events = Array.from({ length: 60 }, (_, index) => ({
  specversion: "1.0",
  type: "com.twilio.voice.status-callback.call.ringing",
  source: "/2010-04-01/Accounts/AC1",
  id: `EV${index}`,
  data: { sid: `CA${index}`, list: [{ a: 1 }, { b: [] }], request: { parameters: { To: "{", From: "}" } } },
}));

const forms: Readonly<Record<string, (event: object) => string>> = {
  lines: (event) => `${JSON.stringify(event)}\n`,
  "CR LF": (event) => `${JSON.stringify(event)}\r\n`,
  prefixed: (event) => `2025-08-24T13:50:43.871Z INFO  [webhook] ${JSON.stringify(event)}\n`,
  indented: (event) => `${JSON.stringify(event, null, 2)}\n`,
  "indented, CR LF": (event) => `${JSON.stringify(event, null, 2)}\n`.replaceAll("\n", "\r\n"),
  "indented by tabs": (event) => `${JSON.stringify(event, null, "\t")}\n`,
};

describe.each(Object.entries(forms))("%s", (_, form) => {
  const text = events.map(form).join("");

  test("stand where they are", async () => {
    const { found } = await readBytes(Buffer.from(text));
    expect(found.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    for (const { line, column, offset } of found) {
      expect(text.charAt(offset)).toBe("{");
      const before = text.slice(0, offset).split("\n");
      expect([line, column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
    }
  });

  test("and damaged ones are read alike at once and in small pieces", async () => {
    const damage = fc.record({
      at: fc.nat(text.length - 1),
      cut: fc.nat(40),
      put: fc.constantFrom("", "{", "}", '"', "\n", "\n}\n", "é"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        let damaged = text;
        for (const { at, cut, put } of damages) damaged = damaged.slice(0, at) + put + damaged.slice(at + cut);
        const bytes = Buffer.from(damaged);
        expect(await readBytes(bytes)).toEqual(await readBytes(bytes, 61));
      }),
      { numRuns: 40 },
    );
  });
});
