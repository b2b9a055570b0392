import { parseXml, type XmlElement, type XmlNode } from "@rgrove/parse-xml";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody } from "../../src/twiml/decode/decode-body.ts";
import { isWellFormed, lintTwiml } from "../../src/twiml/lint/lint-twiml.ts";
import { prettyXml } from "../../src/twiml/pretty.ts";
import { cpuSince } from "../cpu.ts";

/** The body of the example in Twilio's documentation of call progress events. */
const published =
  "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iVVRGLTgiPz48UmVzcG9uc2U+PFNheT48L1NheT48UGF1c2UgbGVuZ3RoPSIxIi8+PFJlZGlyZWN0IG1ldGhvZD0iUE9TVCI+aHR0cHM6Ly9teWNvbXBhbnkuY29tL2FuLWVuZHBvaW50PC9SZWRpcmVjdD48L1Jlc3BvbnNlPg==";

describe("the published example", () => {
  const { text } = decodeBody(published, "application/xml;charset=UTF-8");
  const pretty = prettyXml(text);

  test("is its declaration and five lines", () => {
    expect(pretty.text.split("\n")).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      "<Response>",
      "  <Say></Say>",
      '  <Pause length="1"/>',
      '  <Redirect method="POST">https://mycompany.com/an-endpoint</Redirect>',
      "</Response>",
    ]);
  });

  test.each([
    [false, ["2 info twiml-ignored", "3 info twiml-empty", "5 info twiml-loop"]],
    [true, ["3 warning twiml-empty", "5 warning twiml-loop"]],
  ])("has its findings at their lines, executed %j", (executed, expected) => {
    const findings = lintTwiml(text, { executed, url: "https://mycompany.com/an-endpoint" });
    const lines = findings.map(({ rule, severity, at }) => `${at && pretty.placeOf(at).line} ${severity} ${rule}`);
    expect(lines).toEqual(expected);
  });
});

test.each<readonly [string, string, string]>([
  ["nested", "<a><b><c/></b></a>", "<a>\n  <b>\n    <c/>\n  </b>\n</a>"],
  ["indented otherwise", "<a>\r\n\t\t<b/>\r\n\r\n</a>\n", "<a>\n  <b/>\n</a>"],
  ["empty in two ways", "<a><b></b><b/><b> </b></a>", "<a>\n  <b></b>\n  <b/>\n  <b> </b>\n</a>"],
  ["mixed", "<a><b>one <i>two</i> <u/></b></a>", "<a>\n  <b>one <i>two</i> <u/></b>\n</a>"],
  [
    "speech of SSML only",
    "<Response><Say><p>a</p> <p>b</p></Say></Response>",
    "<Response>\n  <Say><p>a</p> <p>b</p></Say>\n</Response>",
  ],
  ["nouns", "<Dial><Number>+14155550100</Number></Dial>", "<Dial>\n  <Number>+14155550100</Number>\n</Dial>"],
  ["entities", "<a><b>It&#39;s &amp; 0012 &#x1F600;</b></a>", "<a>\n  <b>It&#39;s &amp; 0012 &#x1F600;</b>\n</a>"],
  ["a blank by reference", "<a>&#32;<b/></a>", "<a>&#32;<b/></a>"],
  ["a no-break space", "<a>\u00a0<b/></a>", "<a>\u00a0<b/></a>"],
  ["CDATA", "<a><b/><![CDATA[ ]]></a>", "<a><b/><![CDATA[ ]]></a>"],
  ["tags in CDATA", "<a><b><![CDATA[<c></d>]]></b></a>", "<a>\n  <b><![CDATA[<c></d>]]></b>\n</a>"],
  [
    "comments",
    "<!-- a --><a><!-- <b> --><b/><!-- \n c --></a><!-- d -->",
    "<!-- a -->\n<a>\n  <!-- <b> -->\n  <b/>\n  <!-- \n c -->\n</a>\n<!-- d -->",
  ],
  ["a comment alone", "<a> <!-- b --> </a>", "<a> <!-- b --> </a>"],
  ["instructions", "<?x it's \"?><a><?y?><b/></a>", "<?x it's \"?>\n<a>\n  <?y?>\n  <b/>\n</a>"],
  ["kept blanks", '<a xml:space="preserve"> <b><c/></b></a>', '<a xml:space="preserve"> <b><c/></b></a>'],
  ["attributes", "<a  y = '>' x=\"/>\"\n z='&lt;' ><b/></a >", "<a  y = '>' x=\"/>\"\n z='&lt;' >\n  <b/>\n</a >"],
  ["namespaces", '<n:a xmlns:n="u"><n:b/></n:a>', '<n:a xmlns:n="u">\n  <n:b/>\n</n:a>'],
  [
    "names of the prototype",
    "<a><__proto__><constructor/></__proto__></a>",
    "<a>\n  <__proto__>\n    <constructor/>\n  </__proto__>\n</a>",
  ],
  ["a byte order mark", "\uFEFF<a><b/></a>", "\uFEFF<a>\n  <b/>\n</a>"],
])("%s", (_name, source, expected) => {
  expect(prettyXml(source).text).toBe(expected);
  expect(prettyXml(expected).text).toBe(expected);
});

test("a place is found again", () => {
  const source = '<Response><Gather\n input="x"><Say>a</Say></Gather>\r\n<Say>b\nc</Say><!-- d --></Response>';
  const pretty = prettyXml(source);
  for (const marked of [
    "<Gather",
    "input",
    "<Say>a",
    "a</Say>",
    "</Gather>",
    "<Say>b",
    "c</Say>",
    "<!-- d",
    "</Response>",
  ]) {
    expect(pretty.placeOf(placeIn(source, marked)), marked).toEqual(placeIn(pretty.text, marked));
  }
  expect(pretty.placeOf({ line: 1, column: 1 })).toEqual({ line: 1, column: 1 });
  expect(pretty.placeOf({ line: 99, column: 1 }).line).toBe(pretty.text.split("\n").length);
});

describe("10,000 generated documents", () => {
  test("keep their tree, and are pretty already when they are pretty", () => {
    fc.assert(
      fc.property(documents(), (source) => {
        fc.pre(isWellFormed(source));
        const pretty = prettyXml(source).text;
        expect(treeOf(pretty)).toEqual(treeOf(source));
        expect(prettyXml(pretty).text).toBe(pretty);
      }),
      { numRuns: 10_000 },
    );
  });

  test("are well-formed, nearly all", () => {
    const samples = fc.sample(documents(), 1000);
    expect(samples.filter(isWellFormed).length).toBeGreaterThan(950);
  });
});

test.each([
  ["elements", () => `<a>${'<b c="1"><d>Hello there</d><e>https://app.example/a.mp3</e></b>\r\n'.repeat(75_000)}</a>`],
  ["comments", () => `<a>${"<!-- a --><b/>".repeat(350_000)}</a>`],
  ["one attribute", () => `<a b="${"x".repeat(5e6)}"><c/></a>`],
  ["one text", () => `<a><b>${"x ".repeat(2.5e6)}</b></a>`],
])("5 MB of %s takes about a second at most", (_name, make) => {
  const source = make();
  const start = process.cpuUsage();
  prettyXml(source);
  // Measured at half of that; the rest is for machines that do other things meanwhile.
  expect(cpuSince(start)).toBeLessThan(10_000);
});

function placeIn(text: string, marked: string) {
  const before = text.slice(0, text.indexOf(marked)).split(/\r\n|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** The tree as a value, without the white space that stands between elements only. */
function treeOf(text: string): unknown {
  const document = parseXml(text, { preserveCdata: true, preserveComments: true, preserveXmlDeclaration: true });
  return document.children.map((node) => plain(node, false));
}

function plain(node: XmlNode, kept: boolean): unknown {
  if (node.type !== "element") return node.toJSON();
  const { name, attributes, children } = node as XmlElement;
  const keeps = kept || name === "Say" || attributes["xml:space"] === "preserve";
  const onlyElements =
    children.some((child) => child.type === "element") &&
    children.every((child) => child.type !== "cdata" && (child.type !== "text" || isBlank(child)));
  const rest = children.filter((child) => keeps || !onlyElements || child.type !== "text");
  return { name, attributes: Object.entries(attributes), children: rest.map((child) => plain(child, keeps)) };
}

function isBlank(node: XmlNode): boolean {
  return "text" in node && typeof node.text === "string" && /^[ \t\r\n]*$/.test(node.text);
}

function documents(): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    "Response",
    "Say",
    "Dial",
    "n:b",
    "p",
    "é",
    "__proto__",
    "constructor",
    "toString",
    "x-1.2",
  );
  const blank = fc.constantFrom("", " ", "\n", "\r\n  ", "\t", "\r");
  const words = fc
    .array(
      fc.constantFrom(
        "It",
        "&#39;",
        "&amp;",
        "&lt;",
        "&#x1F600;",
        "😀",
        "+1415",
        "0012",
        " ",
        "\n",
        ">",
        "]]",
        '"',
        "'",
        "\u00a0",
      ),
    )
    .map((parts) => parts.join(""));
  const value = fc.oneof(
    words.map((text) => `"${text.replaceAll('"', "&quot;")}"`),
    words.map((text) => `'${text.replaceAll("'", "&apos;")}'`),
  );
  const attribute = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom("a", "b", "c:d", "hasOwnProperty"), value) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("xml:space"), fc.constantFrom('"preserve"', "'default'")) },
  );
  const attributes = fc
    .uniqueArray(fc.tuple(attribute, blank), { maxLength: 3, selector: ([[key]]) => key })
    .map((all) => all.map(([[key, text], space]) => ` ${space}${key}${space}=${text}`).join(""));
  const misc = fc.oneof(
    words.map((text) => `<!--${text.replaceAll("-", "")}<a>-->`),
    words.map((text) => `<?pi ${text}<b "?>`),
    fc.constant("<?pi?>"),
  );
  const cdata = words.map((text) => `<![CDATA[${text.replaceAll("]]", "")}<c>]]>`);
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    element: fc
      .tuple(name, attributes, blank, fc.option(tie("content"), { nil: undefined, freq: 4 }))
      .map(([tag, list, space, content]) =>
        content === undefined ? `<${tag}${list}${space}/>` : `<${tag}${list}${space}>${content}</${tag}${space}>`,
      ),
    content: fc
      .array(
        fc.oneof(
          { depthSize: "small", withCrossShrink: true },
          { weight: 4, arbitrary: blank },
          { weight: 1, arbitrary: words },
          { weight: 1, arbitrary: misc },
          { weight: 1, arbitrary: cdata },
          { weight: 5, arbitrary: tie("element") },
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join("")),
  }));
  const declaration = fc.constantFrom("", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' ?>\n");
  return fc
    .tuple(
      declaration,
      fc.array(misc, { maxLength: 2 }),
      blank,
      element,
      fc.array(fc.oneof(misc, blank), { maxLength: 2 }),
    )
    .map(
      ([head, before, space, root, after]) =>
        `${head}${before.join(space)}${head === "" ? "" : space}${root}${after.join("")}`,
    );
}
