import { describe, expect, test } from "vitest";
import { nearestName } from "../../src/findings/suggest.ts";
import grammar from "../../src/twiml/grammar.json" with { type: "json" };
import { type AttributeRule, elementNames, elementRule, parentsOf } from "../../src/twiml/grammar.ts";
import { lintTwiml } from "../../src/twiml/lint/lint-twiml.ts";

test("says where it is from", () => {
  expect(grammar.source).toMatch(/twilio \d+\.\d+\.\d+/);
  expect(grammar.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

test("has only children it knows, and no element out of reach", () => {
  for (const name of elementNames) {
    for (const child of elementRule(name)?.children ?? [])
      expect(elementRule(child), `${name} > ${child}`).toBeDefined();
    if (name !== "Response") expect(parentsOf(name), name).not.toEqual([]);
  }
});

test("has only kinds that are read", () => {
  for (const [name, element] of Object.entries(grammar.elements)) {
    const attributes: Readonly<Record<string, string>> = "attributes" in element ? element.attributes : {};
    const rule = elementRule(name.slice(name.indexOf("/") + 1), name.split("/", 1).join(""));
    for (const [attribute, notation] of Object.entries(attributes)) {
      expect(notation.split(" ")[0], `${name} ${attribute}`).toBe(rule?.attributes.get(attribute)?.kind);
    }
    if ("text" in element) expect(rule?.text, name).toBe(element.text.split(" ")[0]);
  }
});

describe("a document that uses every element and attribute", () => {
  const standings = elementNames.flatMap((parent) =>
    (elementRule(parent)?.children ?? []).map((child) => standing(parent, child)),
  );
  const document = `<Response version="1">${standings.join("")}</Response>`;

  test("uses them", () => {
    for (const name of elementNames) {
      expect(document).toContain(`<${name}`);
      for (const attribute of elementRule(name)?.attributes.keys() ?? []) {
        expect(document).toMatch(new RegExp(`<${name}[^>]* ${attribute}="`));
      }
    }
  });

  test.each([true, false])("has no finding of the grammar, executed %j", (executed) => {
    const rules = lintTwiml(document, { executed }).map(({ rule, message }) => `${rule}: ${message}`);
    expect(rules.filter((rule) => !rule.startsWith("twiml-ignored"))).toEqual([]);
  });
});

test.each([
  ["say", ["Say", "Play"], "Say"],
  ["Gahter", elementNames, "Gather"],
  ["Redirekt", elementNames, "Redirect"],
  ["statuscallback", ["statusCallback", "statusCallbackEvent"], "statusCallback"],
  ["xyz", elementNames, undefined],
  ["", elementNames, undefined],
  ["S".repeat(100_000), elementNames, undefined],
])("the nearest name to %.20s is %3$s", (name, candidates, nearest) =>
  expect(nearestName(name, candidates)).toBe(nearest),
);

/** An element with all its attributes and a text, inside the tags that lead to it from `<Response>`. */
function standing(parent: string, name: string): string {
  const rule = elementRule(name, parent);
  const attributes = [...(rule?.attributes ?? [])].map(([key, one]) => ` ${key}="${sample(one)}"`).join("");
  // A <Gather> that says nothing is allowed, and worth a warning.
  const text = name === "Gather" ? "<Say>Hello</Say>" : rule?.text === undefined ? "" : texts[rule.text];
  const tags = wayTo(parent);
  const open = tags.map((tag) => `<${tag}>`).join("");
  const close = tags
    .map((tag) => `</${tag}>`)
    .reverse()
    .join("");
  return `${open}<${name}${attributes}>${text}</${name}>${close}`;
}

function wayTo(name: string): readonly string[] {
  if (name === "Response") return [];
  const parents = parentsOf(name);
  const parent = parents.find((one) => one === "Response" || /^[A-Z]/.test(one)) ?? "";
  return [...wayTo(parent), name];
}

const texts = { any: "a", prose: "Hello", url: "https://app.example/a", phone: "+14155550100", sip: "sip:a@b.example" };

function sample({ kind, values }: AttributeRule): string {
  switch (kind) {
    case "boolean":
      return "true";
    case "method":
      return "POST";
    case "url":
      return "https://app.example/b";
    case "websocket":
      return "wss://app.example/c";
    case "caller":
      return "+14155550100";
    case "one":
      return values[0] ?? "";
    case "list":
      return values.join(" ");
    case "integers":
      return "1 2";
    case "integer-or":
      return values[0] ?? "1";
    default:
      return "1";
  }
}
