import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { describe, expect, test } from "vitest";
import { junit } from "../../../src/output/formats/junit.ts";
import { call, fault, numbers, source } from "../hostile.ts";
import type { ItemData } from "../item-data.ts";
import { end, event, everywhere, hostile, print, strain } from "./support.ts";

describe("junit", () => {
  function suites(items: Iterable<ItemData>): readonly XmlElement[] {
    const { root } = parseXml(print(junit, items));
    expect(root?.name).toBe("testsuites");
    return elements(root);
  }

  const elements = (node: XmlElement | null | undefined): XmlElement[] =>
    (node?.children ?? []).filter((child) => child instanceof XmlElement);

  /** What junit-10.xsd of the xunit plugin of Jenkins asks for, of that which we write. */
  function check(items: Iterable<ItemData>): readonly XmlElement[] {
    const found = suites(items);
    for (const suite of found) {
      const cases = elements(suite);
      expect(suite.name).toBe("testsuite");
      const inside = cases.map((each) => elements(each).map(({ name }) => name));
      const count = (name: string): string => String(inside.filter((names) => names.includes(name)).length);
      expect(suite.attributes).toEqual({
        name: expect.any(String),
        tests: String(cases.length),
        failures: count("failure"),
        errors: count("error"),
      });
      for (const each of cases) {
        expect(each.name).toBe("testcase");
        expect(Object.keys(each.attributes)).toEqual(["classname", "name"]);
        for (const { name, attributes } of elements(each)) {
          expect(["failure", "error", "system-out"]).toContain(name);
          expect(Object.keys(attributes)).toEqual(name === "system-out" ? [] : ["type", "message"]);
        }
      }
    }
    return found;
  }

  test("has a suite an input and a case an event", () => {
    const clean: ItemData = { kind: "event", event: { ...call, id: "EZ9" }, source, valid: true, findings: [] };
    const [first, second] = check([clean, event({}), event({ severity: "warning" }, "EZ3", "b.json"), end]);
    expect(first?.attributes).toEqual({ name: "events.ndjson", tests: "2", failures: "1", errors: "0" });
    expect(second?.attributes).toEqual({ name: "b.json", tests: "1", failures: "0", errors: "0" });
    const [, failing] = elements(first);
    expect(failing?.attributes).toEqual({ classname: call.type, name: "EZ1" });
    expect(elements(failing)[0]?.attributes).toEqual({ type: "schema", message: fault.message });
    expect(elements(second)[0]?.text).toContain("warning schema: must be an integer, found a string (b.json:3:412, at");
  });

  test("tells all errors of a case in one failure, and of very many how many more", () => {
    const findings = Array.from({ length: 60 }, (_, i) => ({ ...fault, message: `fault ${i}` }));
    const [suite] = check([{ kind: "event", event: call, source, valid: false, findings }]);
    const [only] = elements(suite).flatMap(elements);
    expect(only?.attributes.message).toBe("fault 0 (and 59 more)");
    expect(only?.text).toContain("fault 49 (");
    expect(only?.text).toMatch(/\nand 10 more\n$/);
  });

  test("cuts an input of very many events into several suites", () => {
    const names = check(Array.from({ length: 2500 }, (_, i) => event({}, `EZ${i}`))).map(
      ({ attributes }) => attributes,
    );
    expect(names.map(({ name, tests }) => `${name}: ${tests}`)).toEqual([
      "events.ndjson: 1000",
      "events.ndjson (part 2): 1000",
      "events.ndjson (part 3): 500",
    ]);
  });

  test("has an error where inputs were not read", () => {
    const [only] = check([{ kind: "summary", summary: { ...numbers, unreadable: 1 }, coverage: "", isCutShort: true }]);
    expect(elements(elements(only)[0])[0]?.attributes.message).toBe(
      "1 input not read, interrupted before all was read",
    );
    expect(check([])).toEqual([]);
  });

  test("is well-formed whatever comes", () => {
    for (const item of hostile) check([item]);
    everywhere((item) => check([item]));
    const [suite] = check([event({ message: '\ufffe\uffff\u0000]]>&<"' })]);
    expect(elements(elements(suite)[0])[0]?.attributes.message).toBe('\\u{FFFE}\\u{FFFF}\\u{0}]]>&<"');
  });

  test("takes 10,000 findings in a second or two, and holds back a part of them", () => {
    const { ms, longest } = strain(junit, 10_000);
    expect(ms).toBeLessThan(4_000);
    expect(longest).toBeLessThan(1_000_000);
  });
});
