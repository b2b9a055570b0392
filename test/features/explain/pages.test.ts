import { describe, expect, test } from "vitest";
import { ExitCode } from "../../../src/errors.ts";
import { eventTypes } from "../../../src/events/catalog.ts";
import { callStatuses } from "../../../src/events/event.ts";
import { allEntries, groups, lookUp } from "../../../src/features/explain/pages.ts";
import { rules } from "../../../src/findings/rules.ts";
import grammar from "../../../src/twiml/grammar.json" with { type: "json" };
import { elementNames } from "../../../src/twiml/grammar.ts";

const entries = allEntries();

const namesOf = (group: string): readonly string[] =>
  entries.filter(({ of }) => of === group).map(({ page }) => page.name);

const found = (name: string): readonly string[] => {
  const lookup = lookUp(name, entries);
  return lookup.kind === "found" ? lookup.entries.map(({ of, page }) => `${of} ${page.name}`) : [];
};

describe("nothing that is declared is left out", () => {
  test("rules, with text, an example and a severity", () => {
    expect(namesOf("rule")).toEqual(Object.keys(rules));
    for (const { of, page } of entries) {
      if (of !== "rule") continue;
      expect(page.example, page.name).toBeDefined();
      expect(page.text.length, page.name).toBeGreaterThan(0);
      expect(Object.fromEntries(page.facts).severity, page.name).toBe(rules[page.name as keyof typeof rules].severity);
    }
  });

  test("event types, each with what it tells of", () => {
    expect(namesOf("event type")).toEqual(eventTypes.map(({ type }) => type));
    for (const { of, page } of entries) if (of === "event type") expect(page.text.length, page.name).toBeGreaterThan(0);
  });

  test("call statuses, in both spellings", () => {
    for (const status of callStatuses)
      expect(found(status), status).toContainEqual(expect.stringMatching(/^call status /));
  });

  test("TwiML elements, and each of their attributes", () => {
    expect(namesOf("TwiML element")).toEqual(elementNames);
    const declared: Readonly<
      Record<string, { readonly attributes?: object; readonly children?: object; readonly text?: string }>
    > = grammar.elements;
    for (const [key, { attributes = {} }] of Object.entries(declared)) {
      const page = entries.find(
        ({ of, page }) => of === "TwiML element" && page.name === key.replace(/^.*\//, ""),
      )?.page;
      const told = page?.facts.flat().join(" ") ?? "";
      for (const attribute of Object.keys(attributes)) expect(told, key).toContain(attribute);
    }
  });

  test("exit codes", () => expect(namesOf("exit code")).toEqual(Object.values(ExitCode).map(String)));

  test("each code of the Debugger that a rule or the grammar names", () => {
    const codes = new Set(JSON.stringify([rules, grammar]).match(/\b[1-9]\d{4}\b/g));
    codes.delete("12200");
    expect(codes.size).toBeGreaterThan(60);
    expect(namesOf("Debugger code")).toEqual(expect.arrayContaining([...codes, "12200"]));
  });
});

test("a code of which nothing is known is not explained", () => {
  expect(namesOf("Debugger code")).not.toContain("91301");
  expect(found("91301")).toEqual([]);
});

test("each page is found by its name and its other names, and has what it needs", () => {
  for (const { of, page } of entries) {
    for (const name of [page.name, ...page.aliases]) expect(found(name), name).toContain(`${of} ${page.name}`);
    expect(page.says, page.name).not.toBe("");
    for (const link of page.links) expect(link, page.name).toMatch(/^https:\/\/[\w./#-]+$/);
  }
});

test("no two pages of a group have one name", () => {
  for (const { of } of groups) expect(new Set(namesOf(of)).size).toBe(namesOf(of).length);
});

test("what a page refers to is there", () => {
  for (const { page } of entries) {
    for (const name of page.see) {
      expect(found(name), `${page.name} refers to ${name}`).not.toEqual([]);
      expect(name, `${page.name} refers to itself`).not.toBe(page.name);
    }
  }
});

describe("a name", () => {
  test("in short", () => {
    expect(found("call.completed")).toEqual(["event type com.twilio.voice.status-callback.call.completed"]);
    expect(found("sequence-gap")).toEqual(["rule call-sequence-gap"]);
    expect(found("media.fetched")).toEqual(["event type com.twilio.voice.media.fetched"]);
  });

  test("in another case, or in brackets", () => {
    expect(found("gather")).toEqual(["TwiML element Gather"]);
    expect(found("<Dial>")).toEqual(["TwiML element Dial"]);
    expect(found("COMPLETED")).toEqual(["call status completed"]);
  });

  test("of several groups gives a page of each", () => {
    expect(found("404")).toEqual(["SIP code 404", "HTTP status 4xx"]);
    expect(found("429")).toEqual(["HTTP status 4xx", "HTTP status 429"]);
  });

  test("that several begin or end with lists them all", () => {
    expect(lookUp("created", entries)).toEqual({
      kind: "several",
      names: [
        "com.twilio.voice.api-request.call.created",
        "com.twilio.voice.api-request.conference-participant.created",
      ],
    });
  });

  test("misspelled finds the nearest, also of a short form", () => {
    expect(lookUp("shema", entries)).toEqual({ kind: "unknown", nearest: "schema" });
    expect(lookUp("call.complted", entries)).toEqual({ kind: "unknown", nearest: "call.completed" });
    expect(lookUp("xyzzy", entries)).toEqual({ kind: "unknown", nearest: undefined });
  });
});
