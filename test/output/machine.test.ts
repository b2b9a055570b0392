import { describe, expect, test } from "vitest";
import { compact } from "../../src/output/formats/compact.ts";
import { json } from "../../src/output/formats/json.ts";
import { ndjson } from "../../src/output/formats/ndjson.ts";
import type { Format } from "../../src/output/items.ts";
import { cpuSince } from "../cpu.ts";
import { call, fault, numbers, pipe, source } from "./hostile.ts";
import { forPeople, type ItemData, toItem } from "./item-data.ts";

const path = "Records[2].kinesis.data ▸ [0]";
const clean: ItemData = { kind: "event", event: call, source, valid: true, findings: [] };
const faulty: ItemData = {
  kind: "event",
  event: { id: "EZ2" },
  source: { ...source, path },
  valid: false,
  findings: [fault, { ...fault, severity: "info" }],
};
const stray: ItemData = {
  kind: "finding",
  finding: { rule: "json-syntax", severity: "error", message: "cut off", line: 7, column: 9 },
  source,
};
const summary: ItemData = { kind: "summary", summary: numbers, coverage: "Read all." };
const schema: ItemData = { kind: "document", text: '{\n  "a": "b  c",\n  "n": 12345678901234567890\n}' };
const table: ItemData = {
  kind: "table",
  columns: ["name", "n"],
  rows: [
    ["a", "1"],
    ["b\tc", "2"],
  ],
  value: [{ name: "a" }, { name: "b\tc" }],
};

function print(format: Format, items: readonly ItemData[]): string {
  const renderer = format(pipe);
  return items.map((item) => renderer.render(toItem(item))).join("") + renderer.end();
}

describe("ndjson", () => {
  test("is one object an event, its keys in the promised order", () => {
    expect(print(ndjson, [clean, faulty, stray, summary])).toMatchInlineSnapshot(`
      "{"event":{"id":"EZ1","type":"com.twilio.voice.status-callback.call.answered","callSid":"CA1","schema":"S/2"},"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":""},"valid":true,"findings":[]}
      {"event":{"id":"EZ2"},"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":"Records[2].kinesis.data ▸ [0]"},"valid":false,"findings":[{"rule":"schema","severity":"error","message":"must be an integer, found a string","pointer":"/data/response/responseCode","value":"\\"200\\"","line":3,"column":412},{"rule":"schema","severity":"info","message":"must be an integer, found a string","pointer":"/data/response/responseCode","value":"\\"200\\"","line":3,"column":412}]}
      {"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":""},"valid":false,"findings":[{"rule":"json-syntax","severity":"error","message":"cut off","line":7,"column":9}]}
      "
    `);
  });

  test("puts a document on one line and changes nothing else of it", () => {
    expect(print(ndjson, [schema])).toBe('{"a": "b  c","n": 12345678901234567890}\n');
  });

  test("is one object a row, or the one value", () => {
    expect(print(ndjson, [table])).toBe('{"name":"a"}\n{"name":"b\\tc"}\n');
    expect(print(ndjson, [{ kind: "table", columns: [], rows: [], value: { one: 1 } }])).toBe('{"one":1}\n');
    expect(print(ndjson, [{ kind: "table", columns: [], rows: [], value: undefined }])).toBe("null\n");
  });

  test("masks passwords, as json and compact do", () => {
    const value = "https://bob:hunter2@example.com";
    const finding = { ...fault, message: value, pointer: value, value };
    const item: ItemData = { kind: "event", event: { schema: value }, source, valid: false, findings: [finding] };
    for (const format of [ndjson, json, compact]) expect(print(format, [item])).not.toContain("hunter2");
    expect(print(ndjson, [item])).toContain('"value":"https://bob:***@example.com"');
  });

  test("writes what JSON.stringify writes, for a million events in seconds", () => {
    const { pointer, value, ...rest } = fault;
    const item: ItemData = { ...faulty, findings: [{ ...rest, pointer: "/data", value: '"\\ü' }] };
    expect(JSON.parse(print(ndjson, [item]))).toEqual({
      ...{ event: { id: "EZ2" }, source: { ...source, path }, valid: false },
      findings: [{ ...fault, pointer: "/data", value: '"\\ü' }],
    });
    const start = process.cpuUsage();
    const renderer = ndjson(pipe);
    for (let i = 0; i < 100_000; i++) renderer.render(toItem(faulty));
    expect(cpuSince(start)).toBeLessThan(8_000);
  });
});

describe("json", () => {
  test("is a whole document whatever comes", () => {
    for (const items of [[], [clean], [summary], [clean, summary], [faulty], [faulty, stray, summary]]) {
      expect(JSON.parse(print(json, items))).toMatchObject({ version: 1, findings: expect.any(Array) });
    }
  });

  test("holds every finding with its event and source, then the summary", () => {
    expect(print(json, [clean, faulty, stray, summary])).toMatchInlineSnapshot(`
      "{"version":1,"findings":[
      {"rule":"schema","severity":"error","message":"must be an integer, found a string","pointer":"/data/response/responseCode","value":"\\"200\\"","line":3,"column":412,"event":{"id":"EZ2"},"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":"Records[2].kinesis.data ▸ [0]"}},
      {"rule":"schema","severity":"info","message":"must be an integer, found a string","pointer":"/data/response/responseCode","value":"\\"200\\"","line":3,"column":412,"event":{"id":"EZ2"},"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":"Records[2].kinesis.data ▸ [0]"}},
      {"rule":"json-syntax","severity":"error","message":"cut off","line":7,"column":9,"source":{"input":"events.ndjson","line":3,"column":1,"offset":1800,"path":""}}
      ],"summary":{"inputs":1,"bytes":900,"events":1,"valid":0,"invalid":1,"calls":1,"duplicates":0,"errors":1,"warnings":0,"infos":0,"unreadable":0}}
      "
    `);
  });

  test("is the document or the value of the table itself", () => {
    expect(print(json, [schema])).toBe('{\n  "a": "b  c",\n  "n": 12345678901234567890\n}\n');
    expect(print(json, [table])).toBe('[{"name":"a"},{"name":"b\\tc"}]\n');
  });
});

describe("compact", () => {
  test("is one finding a line", () => {
    expect(print(compact, [clean, faulty, stray, summary])).toMatchInlineSnapshot(`
      "events.ndjson:3:412  error  schema  must be an integer, found a string  at /data/response/responseCode  in Records[2].kinesis.data ▸ [0]
      events.ndjson:3:412  info  schema  must be an integer, found a string  at /data/response/responseCode  in Records[2].kinesis.data ▸ [0]
      events.ndjson:7:9  error  json-syntax  cut off
      "
    `);
  });

  test("separates columns by tabs, and has no tab in them", () => {
    expect(print(compact, [table])).toBe("a\t1\nb\\u{9}c\t2\n");
  });
});

describe("what only a person is shown", () => {
  const kinds = ["forwarded", "delivery", "replay", "calls", "report", "signatures", "summary"] as const;

  test.each(kinds)("%s is nothing among lines for machines", (kind) => {
    for (const format of [compact, ndjson]) expect(format(pipe).render(forPeople[kind]())).toBe("");
  });

  test("a page is one line all the same", () => {
    const page = toItem({
      kind: "page",
      about: "rule",
      title: "call-open",
      sections: [],
      value: { name: "call-open" },
    });
    expect(compact(pipe).render(page)).toBe("rule  call-open\n");
    expect(ndjson(pipe).render(page)).toBe('{"name":"call-open"}\n');
  });
});
