import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { noInputStats } from "../../src/input/line-reader.ts";
import { createReader } from "../../src/input/read-source.ts";
import { readText } from "./read.ts";

const event = (id: string): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"sid":"CA1"}}`;
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString("base64");
/** Base64 as in mail. */
const inLines = (text: string): string => base64(text).replace(/.{76}/g, "$&\r\n");
const callSid = `CA${"0".repeat(32)}`;
const form = `CallSid=${callSid}&CallStatus=ringing&To=%2B1+555`;

/** What is found in a text: its kind, its name, and the way to it. */
async function found(text: string): Promise<readonly (readonly [string, unknown, string])[]> {
  const { found, faults } = await readText(text);
  expect(faults).toEqual([]);
  return found.map(({ kind, id, path }) => [kind, id, path]);
}

describe("callbacks", () => {
  test("as a form", async () => {
    const { found } = await readText(`${form}\n`);
    expect(found).toMatchObject([
      { kind: "callback", value: { CallSid: callSid, CallStatus: "ringing", To: "+1 555" } },
    ]);
  });

  test("as a form in a string, and as an object", async () => {
    expect(await found(`{"body":"${form}","x":{"CallSid":"${callSid}","CallStatus":"busy"}}`)).toEqual([
      ["callback", callSid, "body"],
      ["callback", callSid, "x"],
    ]);
  });

  test("inside what may be an event are parts of it behind other objects too", async () => {
    const inner = `{"CallSid":"${callSid}","CallStatus":"busy"}`;
    expect(await found(`{"specversion":"1.0","id":"VW1","w":{},"x":${inner}}`)).toEqual([["event", "VW1", ""]]);
  });

  test("in base64, and in gzip in base64", async () => {
    const text = JSON.stringify([base64(form), base64(gzipSync(form))]);
    expect(await found(`{"a":${text}}`)).toEqual([
      ["callback", callSid, "a[0]"],
      ["callback", callSid, "a[1]"],
    ]);
  });

  test("inside what broke are parts of something else", async () => {
    const text = `{"type":"com.twilio.voice.x","data":{"CallSid":"${callSid}","CallStatus":"busy"},"request":{"request":{},"response":{"response_code":200}},oops`;
    const { found, faults } = await readText(`${text}\n`);
    expect([found, faults.length]).toEqual([[], 1]);
  });

  test("inside what may be an event are parts of it", async () => {
    const inner = `{"CallSid":"${callSid}","CallStatus":"busy"}`;
    expect(await found(`{"specversion":"1.0","id":"VW1","x":${inner}}\n${inner}`)).toEqual([
      ["event", "VW1", ""],
      ["callback", callSid, ""],
    ]);
    expect(await found(`{"specversion":"1.0","id":"VW1","x":${event("VW2")}}`)).toEqual([["event", "VW2", "x"]]);
  });

  test.each<readonly [string, object]>([
    ["a string of JSON", { x: `{"CallSid":"${callSid}","CallStatus":"busy"}` }],
    ["a log line", { x: `got {"CallSid":"${callSid}","CallStatus":"busy"}` }],
    ["a log line in base64", { x: base64(`got {"CallSid":"${callSid}","CallStatus":"busy"}`) }],
    ["a form", { x: form }],
    ["a part of docker's log", { x: { log: `{"CallSid":"${callSid}","CallStatus":"busy"}`, stream: "stdout" } }],
    ["a form in docker's log", { x: { log: form, stream: "stdout" } }],
  ])("inside what may be an event are parts of it: %s", async (_, inner) => {
    const possible = JSON.stringify({ specversion: "1.0", id: "VW1", ...inner });
    expect(await found(`${possible}\n`)).toEqual([["event", "VW1", ""]]);
  });

  test("what may be an event is none where the end of a log's text in it is one", async () => {
    const open = JSON.stringify({ log: "a part of a line, and no more", stream: "stdout" });
    const possible = { specversion: "1.0", id: "VW1", x: { log: event("VW2"), stream: "stdout" } };
    expect((await found(JSON.stringify(possible))).map(([, id]) => id)).toEqual(["VW2"]);
    expect((await found(`{"x":[${open}]}\n${JSON.stringify(possible)}\n{"x":[${open}]}`)).map(([, id]) => id)).toEqual([
      "VW2",
    ]);
  });
});

test("items of the Call Events resource are found, but for those inside what broke", async () => {
  const item = '{"request":{"url":"a"},"response":{"response_code":200}}';
  expect(await found(`{"events":[${item}]}`)).toEqual([["call-event", "", "events[0]"]]);
});

test("every event of a list is found, also those of possible events around others", async () => {
  const possible = `{"specversion":"1.0","id":"VW1","x":[${event("VW2")},${event("VW3")}]}`;
  expect((await found(`[${possible},{"specversion":"1.0","id":"VW4"}]`)).map(([, id]) => id)).toEqual([
    "VW2",
    "VW3",
    "VW4",
  ]);
});

describe("an event of binary mode", () => {
  const headers = '{"ce-specversion":"1.0","ce-type":"com.twilio.voice.x","ce-id":"VW1","ce-source":"a"}';

  test("is found in its request, and only there", async () => {
    const request = `{"headers":${headers},"body":"{\\"sid\\":\\"CA1\\"}"}`;
    expect(await found(`{"requests":[${request}]}`)).toEqual([["event", "VW1", "requests[0]"]]);
    expect(await found(`{"headers":{"a":"b"},"body":${JSON.stringify(event("VW2"))}}`)).toEqual([
      ["event", "VW2", "body"],
    ]);
  });
});

describe("strings", () => {
  test.each<readonly [string, string, string]>([
    ["of JSON", event("VW1"), "x"],
    ["of JSON behind blanks", ` \t\r\n ${event("VW1")}`, "x"],
    ["of an array", `[${event("VW1")}]`, "x ▸ [0]"],
    ["of a string of JSON", JSON.stringify(event("VW1")), "x"],
    ["of base64", base64(event("VW1")), "x"],
    ["of gzip in base64", base64(gzipSync(event("VW1"))), "x"],
    ["of base64 among others", `x ${base64(event("VW1"))} y`, "x"],
    ["of a URL", `GET /?e=${encodeURIComponent(event("VW1"))}`, "x"],
    ["of log lines", `GET /\r\nweb-1  | ${event("VW1")}\r\nGET /\n`, "x"],
    ["of lines over which an event is spread", `got ${JSON.stringify(JSON.parse(event("VW1")), undefined, 2)}\n`, "x"],
  ])("%s hold events", async (_, text, path) => {
    expect(await found(JSON.stringify({ x: text }))).toEqual([["event", "VW1", path]]);
  });

  test("at one place go on with what the one before leaves open", async () => {
    const text = JSON.stringify(JSON.parse(event("VW1")), undefined, 2).replaceAll('"', "\\u0022");
    const lines = text.split("\n").map((line) => `{"pod":"a","message":"${line}"}`);
    expect(await found(`${lines.join("\n")}\n`)).toEqual([["event", "VW1", "message"]]);
  });

  test("that hold lines with a prefix on each hold an event over them", async () => {
    const lines = JSON.stringify(JSON.parse(event("VW1")), undefined, 2).split("\n");
    for (const end of ["\n", "\r\n"]) {
      const text = lines.map((line) => `web-1  | ${line}${end}`).join("");
      expect(await found(JSON.stringify({ x: text }))).toEqual([["event", "VW1", "x"]]);
    }
  });

  test("of base64 over lines hold events, also while a text is open at another place", async () => {
    expect(await found(JSON.stringify({ a: "web-1 {", x: inLines(event("VW1")) }))).toEqual([["event", "VW1", "x"]]);
  });

  test("of several streams at one place are kept apart", async () => {
    const lines = (pod: string): readonly string[] =>
      JSON.stringify(JSON.parse(event(`VW${pod}`)), undefined, 2)
        .split("\n")
        .map((message) => JSON.stringify({ pod, labels: {}, message }));
    const [a, b] = [lines("a"), lines("b")];
    const mixed = a.flatMap((line, index) => [line, b[index] ?? ""]);
    expect((await found(mixed.join("\n"))).map(([, id]) => id)).toEqual(["VWa", "VWb"]);
  });

  test("of a list's items go on as one text, with blanks at their ends", async () => {
    const lines = JSON.stringify(
      { ...JSON.parse(event("VW1")), list: Array.from({ length: 12 }, String) },
      undefined,
      2,
    );
    const items = lines.split("\n").map((line) => ({ message: `${line} \r\n` }));
    expect(await found(JSON.stringify({ logEvents: items }))).toEqual([["event", "VW1", "logEvents[0].message"]]);
  });

  test("of lines with a prefix on each hold an event over lines, however they end", async () => {
    for (const end of ["\n", "\r\n"]) {
      const lines = JSON.stringify(JSON.parse(event("VW1")), undefined, 2).split("\n");
      const items = lines.map((line) => ({ message: `web-1  | ${line}${end}` }));
      expect(await found(JSON.stringify({ logEvents: items }))).toEqual([["event", "VW1", "logEvents[0].message"]]);
    }
  });

  test("that are short and end with a bracket may begin a value", async () => {
    const rest = event("VW1").slice(1);
    expect(await found(`{"m":"got { "}\n{"m":${JSON.stringify(rest)}}\n`)).toEqual([["event", "VW1", "m"]]);
  });

  test("that are left open at the end are cut off", async () => {
    const { faults } = await readText(`{"message":"got {\\"specversion\\":\\"1.0\\",\\"type\\":"}\n`);
    expect(faults).toMatchObject([{ problem: expect.stringContaining("cut off"), path: "message" }]);
  });
});

test("a form among log lines is found", async () => {
  expect(await found(JSON.stringify({ x: `web-1  | ${form}` }))).toEqual([["callback", callSid, "x"]]);
});

describe("a record that is cut off in base64", () => {
  const cut = event("VW0").slice(0, 60);
  const recordsOf = (encode: (text: string) => string) =>
    JSON.stringify({
      Records: [event("VW1"), cut, event("VW2"), event("VW3")].map((each) => ({ data: encode(each) })),
    });

  test.each<readonly [string, (text: string) => string]>([
    ["base64", base64],
    ["gzip in base64", (text) => base64(gzipSync(text))],
    ["base64 in base64", (text) => base64(base64(text))],
    ["text", (text) => text],
  ])("%s: the next ones are read, and it is named", async (_, encode) => {
    const { found, faults } = await readText(`${recordsOf(encode)}\n`);
    expect(found.map(({ id, path }) => [id, path])).toEqual([
      ["VW1", "Records[0].data"],
      ["VW2", "Records[2].data"],
      ["VW3", "Records[3].data"],
    ]);
    expect(faults).toMatchObject([{ problem: expect.stringContaining("cut off"), path: "Records[1].data" }]);
  });

  test("and goes on in the next one is read", async () => {
    const whole = event("VW1").replace(',"id"', ',\n"id"');
    const data = whole.split(/(?<=\n)/).map((part) => ({ data: base64(part) }));
    expect(data).toHaveLength(2);
    expect(await found(JSON.stringify({ Records: data }))).toEqual([["event", "VW1", "Records[0].data"]]);
  });
});

test("what a line of an open text holds in base64 is no other line of it", async () => {
  const line = (text: string): string => JSON.stringify({ log: `${text}\n`, stream: "stdout" });
  const inner = `x ${base64(`{\n x ${base64(`{ \n${event("VW1")}\n{`)}`)}`;
  const lines = ["{", inner, `x ${base64(event("VW2"))}`, event("VW3")].map(line);
  const { found } = await readText(lines.join("\n"));
  expect(found.map(({ id }) => id)).toEqual(["VW1", "VW2", "VW3"]);
});

describe("docker's log lines", () => {
  const line = (log: string, more = '"stream":"stdout"'): string => `{"log":${JSON.stringify(log)},${more}}\n`;

  test.each(['"stream":"stdout"', '"time":"2026-01-01T00:00:00Z"'])("with %s hold events", async (more) => {
    expect(await found(line(`${event("VW1")}\n`, more))).toEqual([["event", "VW1", "log"]]);
  });

  test.each(['"stream":"stdout"', '"time":"2026-01-01T00:00:00Z"'])(
    "with %s that were split are joined",
    async (more) => {
      const [one, two, three] = [event("VW1").slice(0, 30), event("VW1").slice(30, 60), `${event("VW1").slice(60)}\n`];
      const lines = [one, two, three].map((each) => line(each, more)).join("");
      expect(await found(`${lines}${line(`${event("VW2")}\n`, more)}`)).toEqual([
        ["event", "VW1", "log"],
        ["event", "VW2", "log"],
      ]);
    },
  );

  test("of one stream come between the parts of another's", async () => {
    const [one, two] = [event("VW1").slice(0, 30), `${event("VW1").slice(30)}\n`];
    const other = line(`${event("VW2")}\n`, '"stream":"stderr"');
    expect(await found(`${line(one)}${other}${line(two)}`)).toEqual([
      ["event", "VW2", "log"],
      ["event", "VW1", "log"],
    ]);
  });

  test("are read without their newline, one by one and behind others' parts", () => {
    const texts: string[] = [];
    const reader = createReader("in", noInputStats(), ({ document }) => texts.push(document.text));
    const own = line(`${event("VW1")}\n`, '"stream":"stderr"');
    reader.push(Buffer.from(`${own}${line("a part")}${own}`));
    expect(texts).toEqual([event("VW1"), event("VW1")]);
  });

  test("of base64 over lines hold events, also behind others' parts", async () => {
    const text = `${inLines(event("VW1"))}\n`;
    expect(await found(`${line("a part")}${line(text, '"stream":"stderr"')}`)).toEqual([["event", "VW1", "log"]]);
  });

  test("are searched as all else if they are no text", async () => {
    expect(await found(`{"log":${event("VW1")},"stream":"stdout"}\n`)).toEqual([["event", "VW1", "log"]]);
  });

  test("without stream and time are strings as others", async () => {
    expect(await found(`{"log":${JSON.stringify(event("VW1"))}}\n`)).toEqual([["event", "VW1", "log"]]);
    const parts = [event("VW2").slice(0, 21), event("VW2").slice(21)].map((log) => JSON.stringify({ log }));
    expect((await readText(`${parts.join("\n")}\n`)).found.map(({ id }) => id)).toEqual(["VW2"]);
  });
});

describe("limits", () => {
  /** Each round wraps two layers: a string of JSON, and the base64 in it. */
  const wrapped = (text: string, rounds: number): string =>
    rounds === 0 ? text : JSON.stringify({ a: base64(wrapped(text, rounds - 1)) });

  /** The same of log lines and the base64 in them, for a string: seven rounds are behind its first layer. */
  const logged = (text: string, rounds: number): string =>
    rounds === 0 ? text : `got ${JSON.stringify({ a: base64(logged(text, rounds - 1)) })}`;

  test.each<readonly [string, string]>([
    ["of base64 and strings", wrapped(event("VW1"), 8)],
    ["of base64 and log lines", JSON.stringify({ a: logged(`got ${event("VW1")}`, 7) })],
  ])("sixteen layers are opened: %s", async (_, text) => {
    expect((await found(text)).map(([, id]) => id)).toEqual(["VW1"]);
  });

  test.each<readonly [string, (text: string) => string]>([
    ["strings of JSON", (text) => text],
    ["base64", base64],
    ["log lines", (text) => `got ${text}`],
  ])("%s side by side are one layer", async (_, wrap) => {
    const ids = Array.from({ length: 20 }, (_, index) => `VW${index}`);
    const texts = ids.map((id) => wrap(event(id)));
    expect((await found(JSON.stringify({ a: texts }))).map(([, id]) => id)).toEqual(ids);
  });

  test.each<readonly [string, string]>([
    ["of base64", wrapped(event("VW1"), 9)],
    ["of strings", JSON.stringify({ a: wrapped(event("VW1"), 8) })],
    ["of log lines", JSON.stringify({ a: logged(event("VW1"), 8) })],
  ])("one more is refused: %s", async (_, text) => {
    const { found, faults } = await readText(`${text}\n${event("VW2")}\n`);
    expect(found.map(({ id, line }) => [id, line])).toEqual([["VW2", 2]]);
    expect(faults).toMatchObject([
      { rule: "json-syntax", problem: "wrapped in more than 16 layers", line: 1, path: expect.stringMatching(/^a/) },
    ]);
  });

  test("gzip that is damaged inside is named", async () => {
    const packed = gzipSync(event("VW1")).fill(0xff, 20, 40);
    const { faults } = await readText(`{"x":1,"a":"${base64(packed)}"}\n`);
    expect(faults).toMatchObject([
      { problem: expect.stringContaining("gzip data inside is damaged"), column: 12, path: "a" },
    ]);
  });
});

describe("lists of bytes", () => {
  test("are text, gzip or nothing", async () => {
    const list = (bytes: Buffer | string): string => JSON.stringify([...Buffer.from(bytes)]);
    expect(await found(`{"x":${list(event("VW1"))},"y":${list(gzipSync(event("VW2")))}}`)).toEqual([
      ["event", "VW1", "x"],
      ["event", "VW2", "y"],
    ]);
    expect(await found(`{"x":[1,2,3],"y":${list(Buffer.alloc(30, 200))},"z":[null,true,1.5]}`)).toEqual([]);
  });
});

describe("a finder is at rest", () => {
  test.each<readonly [string, boolean]>([
    ['{"message":"nothing to see here at all"}\n', true],
    ['{"message":"here begins a value: {"}\n', false],
    ['{"message":"here begins a value: {"}\n{"message":"}"}\n', true],
    ['{"message":"19 letters: {\\"a\\":1,"}\n', true],
    ['{"message":"20 letters:  {\\"a\\":1,"}\n', false],
    ['{"message":"short {"}\n', false],
    ['{"message":"short { "}\n', false],
    ['{"message":"here begins a value: {","other":"and here none ends: }"}\n', false],
    ['{"message":["here begins a value: {","}"]}\n', true],
    ['{"log":"a part of a line, and no more","stream":1}\n', true],
    ['{"log":"a part of a line, and no more","time":1}\n', true],
    ['{"text":"a part of a line, and no more","stream":"stdout"}\n', true],
    ['{"log":"a part of a line, and no more","stream":"stdout"}\n', false],
    ['{"log":"a part of a line, and no more","stream":"stdout"}\n{"log":"the end\\n","stream":"stdout"}\n', true],
  ])("after %j: %s", (text, isAtRest) => {
    const reader = createReader("in", noInputStats(), () => undefined);
    reader.push(Buffer.from(text));
    expect(reader.isAtRest()).toBe(isAtRest);
  });
});
