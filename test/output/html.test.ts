import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parseXml, type XmlElement, type XmlNode } from "@rgrove/parse-xml";
import { describe, expect, test } from "vitest";
import { html } from "../../src/output/formats/html.ts";
import { html as markup, name, own, prose, text, verbatim } from "../../src/output/html/markup.ts";
import { script } from "../../src/output/html/script.ts";
import { style } from "../../src/output/html/style.ts";
import type { OutputItem } from "../../src/output/items.ts";
import { leak, payloads, pipe, places } from "./hostile.ts";
import { attributes, documentOf, elements } from "./hostile-report.ts";
import { toItem } from "./item-data.ts";
import { xss } from "./xss.ts";

function print(...items: readonly OutputItem[]): string {
  const { render, end } = html(pipe);
  return items.map(render).join("") + end();
}

/** The document without its own style and script, which are no XML: else it is, to the letter. */
const asXml = (document: string): string =>
  document.replace("<!DOCTYPE html>\n", "").replace(style, "").replace(script, "");

interface Parts {
  readonly elements: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  readonly links: readonly string[];
}

function partsOf(document: string): Parts {
  const found = { elements: new Set<string>(), attributes: new Set<string>(), links: [] as string[] };
  const isElement = (node: XmlNode): node is XmlElement => node.type === "element";
  const left: XmlNode[] = [...parseXml(asXml(document)).children];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    expect(["element", "text"]).toContain(node.type);
    if (!isElement(node)) continue;
    found.elements.add(node.name);
    for (const each of Object.keys(node.attributes)) found.attributes.add(each);
    if (node.attributes.href !== undefined) found.links.push(node.attributes.href);
    left.push(...node.children);
  }
  return found;
}

const hostile = [...Object.values(payloads), ...xss];

test("there are 200 strings that would run where markup is not escaped", () => {
  expect(new Set(xss).size).toBeGreaterThanOrEqual(200);
});

describe("whatever stands in the strings of a report", () => {
  const benign = partsOf(documentOf(["benign"]));

  test("its elements and attributes are ours", () => {
    expect([...benign.elements].filter((each) => !elements.has(each))).toEqual([]);
    expect([...benign.attributes].filter((each) => !attributes.has(each))).toEqual([]);
  });

  test("there is no other element or attribute, and no link leads out", { timeout: 20_000 }, () => {
    const parts = partsOf(documentOf(hostile));
    expect([...parts.elements].sort()).toEqual([...benign.elements].sort());
    expect([...parts.attributes].sort()).toEqual([...benign.attributes].sort());
    expect(parts.links.filter((link) => !link.startsWith("#"))).toEqual([]);
  });

  test("nothing acts, hides or reorders", () => {
    for (const each of hostile) expect(leak(documentOf([each])), each).toBeUndefined();
  });

  test("no two look alike", { timeout: 20_000 }, () => {
    const texts = Object.values(payloads);
    for (const [where, place] of Object.entries(places)) {
      if (place("benign").kind !== "report" && place("benign").kind !== "call") continue;
      const outputs = texts.map((each) => print(toItem(place(each))));
      const plain = print(toItem(place("benign")));
      if (outputs.every((output) => output === plain)) continue;
      expect(new Set(outputs).size, where).toBe(new Set(texts).size);
    }
  });
});

test("the policy lets in this style and this script, and nothing else", () => {
  const document = documentOf(["a"]);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(document)?.[1]?.split("; ");
  const [, css = ""] = /<style>([\s\S]*?)<\/style>/.exec(document) ?? [];
  const [, js = ""] = /<script>([\s\S]*?)<\/script>/.exec(document) ?? [];
  const hash = (content: string): string => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
  expect(policy).toEqual([
    "default-src 'none'",
    `style-src ${hash(css)}`,
    `script-src ${hash(js)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(document.indexOf("Content-Security-Policy")).toBeLessThan(document.indexOf("<title>"));
  expect(css).not.toMatch(/@import|url\(/);
  expect(js).not.toMatch(/fetch|XMLHttp|sendBeacon|eval|Function\(|import\(/);
});

describe("markup", () => {
  test("text is escaped for an element and for an attribute", () => {
    expect(text(`<a href="x">&'\u001b\ufffe`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\u{1B}\\u{FFFE}");
    expect(text("https://user:secret@example.com/")).toBe("https://user:***@example.com/");
    expect(name("CА1")).toBe("C\\u{410}1");
    expect(prose("use `a <b>`")).toBe("use <code>a &lt;b&gt;</code>");
    expect(verbatim(['a "b"\t<c>', "d"])).toBe('<code>a "b"&#9;&lt;c&gt;\nd</code>');
  });

  test("text from outside is no part of markup for the compiler", () => {
    const outside: string = "<b>";
    // @ts-expect-error: a string that is not known letter by letter is no word of ours.
    expect(own(outside)).toBe("&lt;b&gt;");
    // @ts-expect-error: nor is it markup.
    expect(markup`${outside}`).toBe("<b>");
  });

  test("only two files make markup of strings", () => {
    const folder = "src/output/html";
    const makers = readdirSync(folder).filter((file) => /\bas Html\b/.test(readFileSync(`${folder}/${file}`, "utf8")));
    expect(makers).toEqual(["markup.ts", "page.ts"]);
    expect(readFileSync("src/output/formats/html.ts", "utf8")).not.toMatch(/\bas Html\b/);
  });
});
