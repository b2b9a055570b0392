import fc from "fast-check";
import { expect, test } from "vitest";
import type { FoundObject } from "../../src/input/find-events.ts";
import { noInputStats } from "../../src/input/line-reader.ts";
import { createPrefilter } from "../../src/input/prefilter.ts";
import { readSource } from "../../src/input/read-source.ts";

const other = `CA${"b".repeat(32)}`;
const wanted = `CA${"a".repeat(32)}`;

/** An event of the call in a line; `more` are members behind its data. */
const line = (sid: string, parameters: object = {}, more: object = {}): string =>
  JSON.stringify({
    specversion: "1.0",
    type: "com.twilio.voice.status-callback.call.ringing",
    id: "EV1",
    data: { sid, request: { parameters: { CallSid: sid, ...parameters } } },
    ...more,
  });

/** The calls of the events that are found, and how many were held back and counted. */
async function read(text: string, names: readonly string[]) {
  let heldBack = 0;
  const sids: unknown[] = [];
  const counts = noInputStats();
  const sieve = createPrefilter(new Set(names), () => {
    heldBack++;
  });
  async function* open(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  }
  const visit = (item: FoundObject | { readonly kind: "fault" }): void => {
    if (item.kind === "fault") return;
    const { data } = item.value;
    sids.push(typeof data === "object" && data !== null && "sid" in data ? data.sid : undefined);
  };
  for await (const _ of readSource({ name: "in", size: undefined, open }, counts, visit, { sieve }));
  return { sids, heldBack, counts };
}

test("events of other calls are counted without being read", async () => {
  const lines = [line(other), line(wanted), line(other), line(other), line(wanted)];
  const { sids, heldBack, counts } = await read(`${lines.join("\n")}\n`, [wanted]);
  expect(sids).toEqual([wanted, wanted]);
  expect(heldBack).toBe(3);
  expect(counts).toMatchObject({ lines: 5, events: 5, records: 5, barren: 0, faults: 0 });
});

test("a part of a SID names the call, and so does a leg's parent", async () => {
  const text = [line(other), line(wanted), line(other, { ParentCallSid: wanted }), line(other), ""].join("\n");
  for (const name of [wanted, "CAaaa", "aaaa"]) expect((await read(text, [name])).heldBack).toBe(1);
});

const wrapped = Buffer.from(line(wanted)).toString("base64");

test.each<[string, string]>([
  ["a SID with an escape", line(wanted).replaceAll("CAaa", "\\u0043Aaa")],
  ["data as a string of JSON", JSON.stringify({ ...JSON.parse(line(other)), data: line(wanted) })],
  ["a second type, which makes it a wrapper", line(other, {}, { type_: "x", body: wrapped }).replace("type_", "type")],
  ["a wrapper", JSON.stringify({ type: "x", specversion: "1.0", data: { sid: "CAx", body: wrapped } })],
  [
    "an event that goes on in the next line",
    `${line(other).slice(0, -1).replace(other, "CAx")}\n,"subject":"${wanted}"}`,
  ],
])("%s is read", async (_, text) => {
  const { counts, heldBack } = await read(`${text}\n${text}\nlast`, [wanted]);
  expect(heldBack).toBe(0);
  expect(counts.events).toBeGreaterThan(0);
});

test("no event of the call is lost, however its lines are spelled and damaged", async () => {
  const spelled = fc.constantFrom(
    line(wanted),
    line(other),
    line(other, { ParentCallSid: wanted }),
    line(wanted).replaceAll("CAaa", "\\u0043Aaa"),
    JSON.stringify({ log: `${line(wanted)}\n`, stream: "stdout" }),
    JSON.stringify({ Records: [{ data: wrapped }] }),
    JSON.stringify(JSON.parse(line(wanted)), null, 1),
    `INFO ${line(wanted)}`,
    `[${line(other)},`,
    "]",
    "{",
    "}",
    line(other).slice(0, -1),
    line(wanted).slice(20),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(spelled, { maxLength: 12 }), async (lines) => {
      const text = `${lines.join("\n")}\n`;
      const isWanted = (sid: unknown): boolean => sid === wanted;
      const all = await read(text, [""]);
      const some = await read(text, [wanted]);
      expect(all.heldBack).toBe(0);
      expect(some.sids.filter(isWanted)).toEqual(all.sids.filter(isWanted));
      expect(some.counts.lines).toBe(all.counts.lines);
    }),
    { numRuns: 300 },
  );
});
