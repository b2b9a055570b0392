import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../src/events/catalog.ts";
import { isKnownName } from "../../src/redact/fields.ts";
import { countryCodeOf, isPlain } from "../../src/redact/known-words.ts";
import { elementNames, elementRule } from "../../src/twiml/grammar.ts";
import { sampleOf, scenarioNames } from "../features/sample/support.ts";

describe("a text of known words names nobody", () => {
  test.each([
    ...["", "in-progress", "CallStatus", "call_status", "CALL_STATUS", "callSID", "HTTPRequest", "v2"],
    ...["audio/wav", "call:ended", "no answer", "a.b", "get+post", "call123", "call12_3", "...", "2.0"],
    ...["Max participants", "dev phone"],
    `${"call ".repeat(23)}call1`,
  ])("%s", (text) => expect(isPlain(text)).toBe(true));

  test.each([
    ...[
      "Alice",
      "callAlice",
      "Alice call",
      "alice_status",
      "ALICE",
      "aliceStatus",
      "statusalice",
      "zoë",
      "call\tended",
    ],
    ...["call(1)", "call@call", "call,call", "call\n", "4821", "call48_21", "1.2.3.4", "call\u00e9", "éCall"],
    ...["dev", "Max", "max", "callmax2000", "n8n9n0n1"],
    // However harmless its words are, what is so long is no name.
    `${"call ".repeat(24)}1`,
  ])("and %j may name somebody", (text) => {
    expect(isPlain(text)).toBe(false);
    expect(isPlain(text)).toBe(false);
  });

  test("however many texts were looked at before", () => {
    for (let index = 0; index < 5000; index++) expect(isPlain(`alice ${index}`)).toBe(false);
    expect(isPlain("call ended")).toBe(true);
  });
});

test.each([
  ["14155550100", "1"],
  ["74951234567", "7"],
  ["20212345678", "20"],
  ["4930123456", "49"],
  ["447700900123", "44"],
  ["33123456789", "33"],
  ["919876543210", "91"],
  ["982112345678", "98"],
  ["35312345678", "353"],
  ["21612345678", "216"],
  ["8801712345678", "880"],
  ["99312345678", "993"],
])("%s begins with the country code %s", (digits, code) => expect(countryCodeOf(digits)).toBe(code));

describe("names", () => {
  test("those of the grammar, of the catalogue and of what is sampled are known", () => {
    const attributes = elementNames.flatMap((name) => [...(elementRule(name)?.attributes.keys() ?? [])]);
    const sampled = JSON.stringify(scenarioNames.map((name) => sampleOf(name).deliveries.map(({ event }) => event)));
    const keys = Array.from(sampled.matchAll(/"(\w+)":/g), ([, name = ""]) => name);
    const names = [...elementNames, ...attributes.flatMap((name) => name.split(":")), ...new Set(keys)];
    expect(names.filter((name) => !isKnownName(name))).toEqual([]);
    expect(eventTypes.map(({ type }) => type).filter((type) => !isPlain(type))).toEqual([]);
  });

  test("those of the schemas are known", () => {
    const schemas = readdirSync("src/events/schemas", { recursive: true, encoding: "utf8" }).filter((each) =>
      each.endsWith(".json"),
    );
    for (const each of schemas) {
      const text = readFileSync(`src/events/schemas/${each}`, "utf8");
      const properties = Array.from(text.matchAll(/"(\w+)": \{/g), ([, name = ""]) => name);
      expect(properties.filter((name) => !isKnownName(name))).toEqual([]);
    }
  });
});
