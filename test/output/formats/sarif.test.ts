import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { rules } from "../../../src/findings/rules.ts";
import { sarif } from "../../../src/output/formats/sarif.ts";
import { call, fault, numbers, source } from "../hostile.ts";
import type { ItemData } from "../item-data.ts";
import { end, event, everywhere, hostile, print, strain } from "./support.ts";

describe("sarif", () => {
  const schema = JSON.parse(readFileSync("test/conformance/sarif.json", "utf8"));
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    formats: { "uri-reference": /^(?:[\w\-.~/:@!$&'()*+,;=?#]|%[\dA-F]{2})*$/ },
  });
  const isValid = ajv.compile(schema);

  function log(items: Iterable<ItemData>) {
    const value = JSON.parse(print(sarif, items));
    expect(isValid(value), JSON.stringify(isValid.errors?.[0])).toBe(true);
    return value.runs[0];
  }

  const fingerprints = (items: Iterable<ItemData>): string[] =>
    log(items).results.map((result: { partialFingerprints: object }) => Object.values(result.partialFingerprints)[0]);

  test("has every rule, and a result for each finding", () => {
    const run = log([event({}), event({ severity: "info", rule: "sid-format" }), end]);
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(Object.keys(rules));
    const [first, second] = run.results;
    expect(first).toEqual({
      ...{ ruleId: "schema", ruleIndex: Object.keys(rules).indexOf("schema"), level: "error" },
      message: { text: "must be an integer, found a string (at /data/response/responseCode)" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "events.ndjson", uriBaseId: "%SRCROOT%" },
            region: { startLine: 3, startColumn: 412 },
          },
          logicalLocations: [
            { name: "responseCode", fullyQualifiedName: "EZ1/data/response/responseCode", kind: "property" },
            { name: "EZ1", kind: "event" },
          ],
        },
      ],
      partialFingerprints: { "twilioEventsFinding/v1": expect.stringMatching(/^[0-9a-f]{32}$/) },
      properties: { ...{ type: call.type, callSid: "CA1", schema: "S/2" }, pointer: fault.pointer, value: fault.value },
    });
    expect(second).toMatchObject({ ruleId: "sid-format", level: "note" });
    expect(run.invocations).toEqual([{ executionSuccessful: true }]);
  });

  test("is whole when nothing was found", () => {
    expect(log([]).results).toEqual([]);
    expect(log([end])).toMatchObject({ results: [], properties: { events: 1, coverage: "Read all." } });
  });

  test("says that a run failed, and why", () => {
    const items: readonly ItemData[] = [
      { kind: "summary", summary: { ...numbers, unreadable: 2 }, coverage: "", isCutShort: true },
    ];
    expect(log(items).invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error" }, { level: "error" }],
    });
  });

  test("names files relative to the root, others by a file URI, and standard input not at all", () => {
    const locationOf = (input: string) => log([event({}, "EZ1", input)]).results[0].locations[0].physicalLocation;
    expect(locationOf("a b/ü#?%.json").artifactLocation.uri).toBe("a%20b/%C3%BC%23%3F%25.json");
    expect(locationOf("/tmp/x y.json").artifactLocation).toEqual({ uri: "file:///tmp/x%20y.json" });
    expect(locationOf("-")).toBeUndefined();
  });

  test("keeps a fingerprint when lines move, and gives each finding its own", () => {
    const moved = (item: ItemData): ItemData =>
      item.kind === "event"
        ? { ...item, findings: item.findings.map((each) => ({ ...each, line: 90, column: 1 })) }
        : item;
    const stray = (message: string): ItemData => ({ kind: "finding", finding: { ...fault, message }, source });
    const items = [
      event({}),
      event({ pointer: "/id" }),
      event({}, "EZ2"),
      stray("cut off"),
      stray("cut off"),
      stray("x"),
    ];
    const found = fingerprints(items);
    expect(new Set(found).size).toBe(items.length);
    expect(fingerprints(items.map(moved))).toEqual(found);
    // The same event, delivered again.
    expect(fingerprints([event({}), event({})])).toEqual([found[0], found[0]]);
    const two: ItemData = { kind: "event", event: call, source, valid: false, findings: [fault, fault] };
    expect(new Set(fingerprints([two])).size).toBe(2);
    // An event without an id between others takes no number from them.
    const nameless = { ...event({}), event: {} } as ItemData;
    expect(new Set(fingerprints([nameless, event({}), nameless])).size).toBe(3);
  });

  test("has no argument, link or markup in a message but what is meant", () => {
    const text = (message: string): string =>
      log([event({ message, pointer: "" }, "EZ1", "-")]).results[0].message.text;
    expect(text("a {0} b")).toBe("a {{0}} b (-:3:412)");
    expect(text("[a](https://b.example)")).toBe("[a\\u{{5D}}(https://b.example) (-:3:412)");
    expect(text("[a]\\](1)")).toBe("[a]\\\\u{{5D}}(1) (-:3:412)");
    for (const { help } of log([]).tool.driver.rules)
      expect(help.markdown.replaceAll(/`[^`]*`|\\./g, "")).not.toMatch(/[<>*_[\]]/);
  });

  test("is valid whatever comes", () => {
    log(hostile);
    everywhere((item) => log([item]), 300);
  });

  test("takes 10,000 findings in a second or two, and holds back a part of them", () => {
    const { ms, longest } = strain(sarif, 10_000);
    expect(ms).toBeLessThan(4_000);
    expect(longest).toBeLessThan(1_000_000);
  });
});
