import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Change, createRewriting, type Left } from "../../../src/features/migrate/rewrite-types.ts";

const old = "com.twilio.voice.webhook.status-callback.call.";
const fresh = "com.twilio.voice.status-callback.call.";
const steps = ["initiated", "ringing", "answered", "completed"];
const replacements = new Map(steps.map((step) => [old + step, fresh + step]));

interface Outcome {
  readonly bytes: Buffer;
  readonly text: string;
  readonly places: readonly (Change | Left)[];
}

/** Rewrites the bytes, in pieces that end at the cuts. */
function rewrite(input: string | Buffer, cuts: readonly number[] = []): Outcome {
  const bytes = Buffer.from(input);
  const places: (Change | Left)[] = [];
  const rewriting = createRewriting(replacements, (place) => places.push(place));
  const ends = [...cuts.filter((cut) => cut < bytes.length).sort((one, other) => one - other), bytes.length];
  const out = ends.map((end, index) => rewriting.push(bytes.subarray(ends[index - 1] ?? 0, end)));
  const whole = Buffer.concat([...out, rewriting.end()]);
  return { bytes: whole, text: whole.toString("utf8"), places };
}

const kinds = ({ places }: Outcome): readonly string[] =>
  places.map((place) => (place.kind === "left" ? place.why : "change"));

describe("what is rewritten", () => {
  test.each([
    ["JSON", `{"type":"${old}ringing"}`],
    ["JSON in a string", `{"body":"{\\"type\\":\\"${old}ringing\\"}"}`],
    ["JSON in a string in a string", `"\\"{\\\\\\"type\\\\\\":\\\\\\"${old}ringing\\\\\\"}\\""`],
    ["a console.log", `{ type: '${old}ringing' }`],
    ["a list in YAML", `types:\n  - ${old}ringing\n`],
    ["behind a line break in a string", `"types:\\n${old}ringing\\n"`],
    ["a form", `Type=%22${old}ringing%22&a=b`],
    ["nginx", `"{\\x22type\\x22:\\x22${old}ringing\\x22}"`],
    ["an escape of four digits", `"\\u0022${old}ringing\\u0022"`],
    ["the end of a sentence", `It was ${old}ringing.`],
    ["a URL", `https://events.twilio.com/v1/Types/${old}ringing`],
    ["a long path", `/${"folder/".repeat(20)}${old}ringing`],
    ["the whole text", `${old}ringing`],
  ])("%s", (_, text) => {
    const outcome = rewrite(text);
    expect(outcome.text).toBe(text.replaceAll(old, fresh));
    expect(kinds(outcome)).toEqual(["change"]);
  });

  test("each of them, all in one text", () => {
    const text = steps.map((step) => `${old}${step}`).join(" ");
    expect(rewrite(text).text).toBe(text.replaceAll(old, fresh));
  });
});

describe("what stays", () => {
  test.each([
    ["a longer name", `${old}ringing.v2`, ["part"]],
    ["a name that goes on", `${old}ringings`, ["part"]],
    ["a name with another before it", `x.${old}ringing`, []],
    ["the beginning of the names", `startsWith("com.twilio.voice.webhook.status-callback.")`, ["part"]],
    ["a pattern", `${old}*`, ["part"]],
    ["another name", "com.twilio.voice.webhooks.status-callback", []],
    ["the current name", `${fresh}ringing`, []],
    ["another case", `${old}ringing`.toUpperCase(), []],
  ])("%s", (_, text, expected) => {
    const outcome = rewrite(text);
    expect(outcome.text).toBe(text);
    expect(kinds(outcome)).toEqual(expected);
  });

  test.each([
    ["base64", (text: string) => Buffer.from(text).toString("base64")],
    ["base64 for URLs", (text: string) => Buffer.from(text).toString("base64url")],
    ["base64 of gzip", (text: string) => gzipSync(text).toString("base64")],
    ["base64 of base64", (text: string) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64")],
  ])("%s, which is told", (_, encode) => {
    const inner = JSON.stringify({ specversion: "1.0", type: `${old}ringing`, data: { sid: "CA1" } });
    const text = `{"Data":"${encode(inner)}","other":"${encode(inner.replace("webhook.", ""))}"}`;
    const outcome = rewrite(text, [10, 40, 70, 100]);
    expect(outcome.text).toBe(text);
    expect(kinds(outcome)).toEqual(["base64"]);
    expect(outcome.places[0]).toMatchObject({ line: 1, column: 10, offset: 9 });
  });
});

test("places count lines, UTF-16 columns and bytes", () => {
  const { places } = rewrite(`São 🎉\r\n"ä🎉", ${old}ringing; ${old}busy\n`);
  expect(places).toMatchObject([
    { kind: "change", line: 2, column: 8, offset: 21, type: `${old}ringing`, replacement: `${fresh}ringing` },
    { kind: "left", why: "part", line: 2, column: 8 + `${old}ringing; `.length, text: `${old}busy` },
  ]);
  expect(places[0]).toMatchObject({ before: `"ä🎉", ${old}ringing; ${old}busy` });
});

test("of a long line only the surroundings are shown", () => {
  const { places } = rewrite(`${"é".repeat(100)}"${old}ringing"${"é".repeat(100)}`, [90, 130, 200, 210]);
  const around = (type: string): string => `…${"é".repeat(29)}"${type}"${"é".repeat(29)}…`;
  expect(places).toMatchObject([{ before: around(`${old}ringing`), after: around(`${fresh}ringing`) }]);
});

const type = fc.constantFrom(...replacements.keys());
/** Texts in which names stand among what may be around them, with bytes of any kind between. */
const part = fc.oneof(
  type.map((name) => Buffer.from(name)),
  type.map((name) => Buffer.from(`"type":"${name}"`)),
  type.map((name) => Buffer.from(name.slice(0, -3))),
  fc
    .constantFrom('"', " ", "\n", ".", "-", "\\n", "%22", "é", "x", "com.twilio.voice.webhook", "A".repeat(70))
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);
const texts = fc.array(part, { maxLength: 12 }).map((parts) => Buffer.concat(parts));

describe("for any bytes", () => {
  test("twice changes no more than once", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { bytes } = rewrite(text);
        const again = rewrite(bytes);
        expect(again.bytes.equals(bytes)).toBe(true);
        expect(again.places.filter(({ kind }) => kind === "change")).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("nothing but the names differs, each at its place", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { bytes, places } = rewrite(text);
        let back = "";
        let done = 0;
        for (const place of places) {
          if (place.kind !== "change") continue;
          back += text.toString("latin1", done, place.offset) + place.replacement;
          expect(text.toString("latin1", place.offset, place.offset + place.type.length)).toBe(place.type);
          done = place.offset + place.type.length;
        }
        expect(bytes.equals(Buffer.from(back + text.toString("latin1", done), "latin1"))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("it is the same however the bytes come", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(600), { maxLength: 20 }), (text, cuts) => {
        const whole = rewrite(text);
        const pieces = rewrite(text, cuts);
        expect(pieces.bytes.equals(whole.bytes)).toBe(true);
        const bare = (outcome: Outcome) =>
          outcome.places.map(({ kind, line, column, offset }) => ({ kind, line, column, offset }));
        expect(bare(pieces)).toEqual(bare(whole));
      }),
      { numRuns: 1000 },
    );
  });
});

test("what is held back does not grow with the text", () => {
  const places: unknown[] = [];
  const rewriting = createRewriting(replacements, (place) => places.push(place));
  const line = Buffer.from(`${`{"type":"${old}ringing"} `.repeat(1000)}\n`);
  let written = 0;
  for (let count = 1; count <= 50; count++) {
    written += rewriting.push(line).length;
    expect(count * line.length - written - places.length * "webhook.".length).toBeLessThan(200);
  }
  rewriting.end();
  expect(places).toHaveLength(50_000);
});
