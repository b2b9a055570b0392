import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { eventText } from "../forms.ts";
import { readBytes, readText } from "../read.ts";

const good = eventText("VWgood");
const pretty = JSON.stringify(JSON.parse(good), null, 2);

/** Ten ways in which one line of a log breaks an event. */
const breaks: readonly (readonly [string, string])[] = [
  ["cut inside a string", good.slice(0, 200)],
  ["cut behind a colon", good.slice(0, good.indexOf('"data":') + 7)],
  ["a comma before }", good.replace("}}}}", "}},}}")],
  ["single quotes", good.replaceAll('"', "'")],
  ["console.log", "{ specversion: '1.0', type: 'com.twilio.voice.status-callback.call.ringing', id: 'VW' }"],
  ["an unquoted key", good.replace('"source"', "source")],
  ["a missing comma", good.replace(',"id"', '"id"')],
  ["a bad escape", good.replace("São", "S\\xe3o")],
  ["Python's None", good.replace('"1.0"', "None")],
  ["a control character", good.replace("São", "S\u0001o")],
];

describe("a broken record", () => {
  it.each(breaks)("%s: is named by its line, and the others are read", async (_, broken) => {
    for (const prefix of ["", "2026-11-23 INFO got "]) {
      const lines = [good, broken, good, good].map((line) => prefix + line);
      const { found, faults } = await readText(`${lines.join("\n")}\n`);
      expect(found.map(({ line }) => line)).toEqual([1, 3, 4]);
      expect(faults.map(({ rule, line }) => [rule, line])).toEqual([["json-syntax", 2]]);
    }
  });

  it("never hides the good one behind brackets that close, however often its text is looked at again", async () => {
    for (let open = 40; open <= 70; open++) {
      const { found } = await readText(`${good.slice(0, 200)}${"[".repeat(open)}\n]]]]]]]\n${good}\n`);
      expect({ open, lines: found.map(({ line }) => line) }).toEqual({ open, lines: [3] });
    }
  });

  it("never hides the good ones that became part of its parameters, as it was cut off at a comma", async () => {
    const parameters = '"CallSid":"CA5ef8732a3c49700934481addd5ce1659","CallStatus":"busy",';
    const cut = good.slice(0, good.indexOf('"CallStatus":')) + parameters;
    const { found } = await readText(`{\n"a":${cut}\n"b":${good}}\n${good}\n`);
    expect(found.map(({ line }) => line)).toEqual([3, 4]);
  });

  it("never hides the good one behind a quote too many in an array", async () => {
    const { found } = await readText(`[\n${good},\n",${good}\n]\n`);
    expect(found.map(({ line }) => line)).toEqual([2, 3]);
  });

  it("never hides the good ones: 50 of 1,000 are named, 950 read", async () => {
    const lines = Array.from({ length: 1000 }, (_, index) =>
      index % 20 === 7 ? breaks[((index / 20) % 10) | 0]?.[1] : good,
    );
    const { found, faults } = await readText(`${lines.join("\n")}\n`);
    expect(found).toHaveLength(950);
    expect(faults.map(({ line }) => line)).toEqual(Array.from({ length: 50 }, (_, index) => index * 20 + 8));
  });

  it("is named once when console.log spread it over lines", async () => {
    const object = "{\n  specversion: '1.0',\n  type: 'com.twilio.voice.x',\n  id: 'VW1',\n  data: { sid: 'CA1' }\n}";
    const { found, faults } = await readText(`INFO ${object}\n${good}\n[\n  ${object}\n]\n`);
    expect(found).toHaveLength(1);
    expect(faults).toHaveLength(2);
    for (const { problem } of faults) expect(problem).toContain("util.inspect");
  });

  it("is named once when it is pretty-printed, and what follows is read", async () => {
    const broken = pretty.replace('"1.0",', '"1.0"');
    const { found, faults } = await readText(`${pretty}\n${broken}\n${pretty}\n`);
    expect(found.map(({ line }) => line)).toEqual([1, pretty.split("\n").length * 2 + 1]);
    expect(faults.map(({ line }) => line)).toEqual([pretty.split("\n").length + 3]);
  });

  it.each([
    '{"specversion":"1.0","type":{"a":',
    '{"specversion":"1.0","data":{"a":',
    '{"specversion":"1.0",x,"data":{"a":',
    '[{"specversion":"1.0","id":[1,',
    '{["[',
  ])("cut inside an inner value, %s, takes nothing of the next one", async (broken) => {
    for (const prefix of ["", "web-1  | "]) {
      const { found } = await readText(`${prefix}${broken}\n${prefix}${good}\n`);
      expect(found.map(({ line, value }) => [line, JSON.stringify(value)])).toEqual([[2, good]]);
    }
  });

  it("costs an array or a wrapper only itself", async () => {
    const broken = breaks[2]?.[1];
    for (const text of [
      `[${good},${broken},${good}]`,
      `{"Records":[${good},${broken},${good}]}`,
      `[\n${good},\n${broken},\n${good}\n]`,
    ]) {
      const { found, faults } = await readText(text);
      expect(found).toHaveLength(2);
      expect(faults).toHaveLength(1);
    }
  });

  it("does not show its parameters as a status callback", async () => {
    const event = JSON.parse(good);
    event.data.request.parameters = { CallSid: "CA1", CallStatus: "ringing" };
    const { found, faults } = await readText(`${JSON.stringify(event).slice(0, -1)},}\n`);
    expect(found).toEqual([]);
    expect(faults).toHaveLength(1);
  });
});

it("brackets of other kinds are no records", async () => {
  const { found, counts } = await readText(`\u001b[32mINFO\u001b[0m [12:03:04] got \u001b[36m${good}\u001b[0m [1]\n`);
  expect([found.length, counts.records]).toEqual([1, 1]);
});

describe("an input that ends too early", () => {
  it("names the record that was cut, wherever it was", async () => {
    const whole = `${good}\n${good}\n`;
    for (let size = good.length + 3; size < good.length * 2; size += 37) {
      const { found, faults } = await readBytes(Buffer.from(whole).subarray(0, size));
      expect(found).toHaveLength(1);
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatchObject({ rule: "json-syntax", line: 2, problem: expect.stringContaining("cut off") });
    }
  });

  it("keeps what a cut array or wrapper holds whole", async () => {
    const text = `{"Records":[${good},${good},${good.slice(0, 300)}`;
    const { found, faults } = await readText(text);
    expect(found).toHaveLength(2);
    expect(faults).toHaveLength(1);
  });

  it("keeps what cut gzip held whole, and says so", async () => {
    const lines = Array.from({ length: 2000 }, (_, index) => eventText(`VW${index}${Math.sin(index)}`)).join("\n");
    const packed = gzipSync(lines);
    const { found, faults } = await readBytes(packed.subarray(0, packed.length >> 1));
    expect(found.length).toBeGreaterThan(100);
    expect(faults.some(({ problem }) => problem.includes("gzip"))).toBe(true);
  });
});

describe("bytes that are not UTF-8", () => {
  it("are read as windows-1252 where that is what they are", async () => {
    const { found } = await readBytes(Buffer.from(`${good}\n${good}\n`, "latin1"));
    expect(found).toHaveLength(2);
    for (const { value } of found) expect(JSON.stringify(value)).toContain("São Paulo");
  });

  it("are read with the characters that windows-1252 has and ISO 8859-1 has not", async () => {
    const bytes = Buffer.from(`${good.replace("Paulo", "P\u0080ulo")}\n`, "latin1");
    const { found } = await readBytes(bytes);
    expect(JSON.stringify(found[0]?.value)).toContain("São P€ulo");
  });

  it("become U+FFFD among others that are UTF-8", async () => {
    const bytes = Buffer.from(`${good.replace("Paulo", "P\u0001ulo")}\n`);
    bytes[bytes.indexOf(1)] = 0xff;
    const { found } = await readBytes(bytes);
    expect(JSON.stringify(found[0]?.value)).toContain("São P\ufffdulo");
  });

  /** The event with one byte of its own after `São P`. */
  function withByte(text: string, byte: number): Buffer {
    const bytes = Buffer.from(text.replace("Paulo", "P\u0001ulo"));
    bytes[bytes.indexOf(1)] = byte;
    return bytes;
  }

  it.each<readonly [string, (line: string) => string]>([
    ["on its line", (line) => line],
    ["behind a prefix", (line) => `web-1  | ${line}`],
    ["behind a BOM", (line) => `\ufeff${line}`],
    ["in a list of a line", (line) => `[{},${line}]`],
    ["in a list that is too long for a line to keep", (line) => `[{},${" ".repeat(1024 * 1024)}${line},{}]`],
    ["of an object over lines", (line) => JSON.stringify(JSON.parse(line), undefined, 2)],
    [
      "of a part of a split line",
      (line) => `2026-01-01T00:00:00Z stdout P ${line.slice(0, 99)}\n2026-01-01T00:00:00Z stdout F ${line.slice(99)}`,
    ],
  ])("the first one is told, and its offset: %s", async (_, write) => {
    const bytes = Buffer.concat([Buffer.from(`${good}\n`), withByte(write(good), 0xff), Buffer.from(`\n${good}\n`)]);
    const { found, faults } = await readBytes(bytes, 512 * 1024);
    expect(faults).toEqual([]);
    expect(found.map(({ encoding }) => encoding?.wrong)).toEqual([
      undefined,
      { byte: 0xff, offset: bytes.indexOf(0xff) },
      undefined,
    ]);
  });

  it("in one line over which an object is spread leave the places in its other lines as they are", async () => {
    const [head, tail] = ['{"a":"é\u00e9",\n', `"b":${good}}\n`];
    const bytes = Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(tail)]);
    const { found } = await readBytes(bytes);
    expect(found).toMatchObject([{ line: 2, column: 5, offset: head.length + 4, encoding: { name: "windows-1252" } }]);
    const behind = Buffer.concat([Buffer.from('{"a":"é",\n'), Buffer.from(`"é":1,"b":${good}}\n`, "latin1")]);
    expect((await readBytes(behind)).found).toMatchObject([{ line: 2, column: 11, offset: 11 + 10 }]);
  });

  it("NULs at the end are counted and passed over", async () => {
    const { found, faults, counts } = await readBytes(Buffer.concat([Buffer.from(`${good}\n`), Buffer.alloc(4096)]));
    expect([found.length, faults.length, counts.nulBytes]).toEqual([1, 0, 4096]);
  });
});

it("a long line that is read in pieces goes on wherever a piece ends", async () => {
  const data = good.indexOf('"data":') + '"data":'.length;
  const first = `[${" ".repeat(1024 * 1024)}${good.slice(0, data)}`;
  const { found, faults } = await readBytes(
    Buffer.from(`${first}${good.slice(data)},${good}]\n`),
    Buffer.byteLength(first),
  );
  expect([found.length, faults]).toEqual([2, []]);
});

describe("limits", () => {
  it("refuse nesting beyond 128 levels, and go on behind it", async () => {
    const { found, faults } = await readText(`${"[".repeat(200_000)}\n${good}\n`, "deep.ndjson");
    expect(found).toHaveLength(1);
    expect(faults.map(({ problem, line }) => [problem, line])).toContainEqual(["nested deeper than 128 levels", 1]);
  });

  it("refuse a record beyond 16 MiB, but read the array inside it", async () => {
    const events = Array.from({ length: 30_000 }, () => eventText("VW".padEnd(300, "x")));
    const { found, faults } = await readText(`{"Records":[${events.join(",")}]}\n${good}\n`);
    expect(found).toHaveLength(30_001);
    expect(faults.map(({ problem }) => problem)).toEqual([expect.stringContaining("16 MiB")]);
  });

  it("refuse to unpack more than 64 MiB", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, " ")).toString("base64");
    const { found, faults } = await readText(`${JSON.stringify({ data: bomb })}\n${good}\n`);
    expect(found).toHaveLength(1);
    expect(faults.map(({ problem, line }) => [problem, line])).toEqual([[expect.stringContaining("64 MiB"), 1]]);
  });

  it("refuse more than 16 layers", async () => {
    let text = good;
    for (let layer = 0; layer < 20; layer++) text = JSON.stringify({ a: Buffer.from(text).toString("base64") });
    const { found, faults } = await readText(text);
    expect(found).toEqual([]);
    expect(faults[0]?.problem).toContain("16 layers");
  });
});
