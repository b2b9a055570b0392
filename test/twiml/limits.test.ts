import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintTwiml } from "../../src/twiml/lint/lint-twiml.ts";
import { cpuSince } from "../cpu.ts";

const entities = Array.from({ length: 10 }, (_, n) => `<!ENTITY ${"abcdefghij"[n]} "${"&a;".repeat(10)}">`).join("");
const many = 200_000;

/** What parsers were measured against (billion laughs, depth, width), each with the finding that names it. */
const attacks: readonly (readonly [string, () => string, RegExp])[] = [
  ["depth 1,000", () => nested(1000), /nested more than 64 deep/],
  ["depth 10,000", () => nested(10_000), /nested more than 64 deep/],
  ["depth 100,000", () => nested(100_000), /nested more than 64 deep/],
  ["depth without an end", () => "<Response>".repeat(50_000), /nested more than 64 deep/],
  ["an attribute of 5 MB", () => `<Response a="${"x".repeat(5e6)}"/>`, /larger than 1 MiB/],
  ["50,000 attributes", () => `<Response${attributes(50_000)}/>`, /more than 50,000 nodes/],
  ["a million references", () => `<Response><Say>${"&#65;".repeat(1e6)}</Say></Response>`, /larger than 1 MiB/],
  ["200,000 references", () => `<Response><Say>${"&#65;".repeat(many)}</Say></Response>`, /more than 50,000 nodes/],
  ["60,000 elements", () => `<Response>${"<Pause/>".repeat(60_000)}</Response>`, /more than 50,000 nodes/],
  ["60,000 comments", () => `<Response>${"<!--a-->".repeat(60_000)}</Response>`, /more than 50,000 nodes/],
  ["billion laughs", () => `<!DOCTYPE R [${entities}]><Response>&j;</Response>`, /a DOCTYPE is refused/],
  [
    "quadratic blow-up",
    () => `<!DOCTYPE R [<!ENTITY a "${"x".repeat(5e4)}">]><Response>${"&a;".repeat(5e4)}</Response>`,
    /DOCTYPE/,
  ],
  [
    "an external entity",
    () => '<!DOCTYPE R [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response>&x;</Response>',
    /DOCTYPE/,
  ],
  ["an external DTD", () => '<?xml version="1.0"?><!DOCTYPE R SYSTEM "http://127.0.0.1/x.dtd"><Response/>', /DOCTYPE/],
  ["a DOCTYPE left open", () => `<!DOCTYPE R [${"<".repeat(1e5)}`, /DOCTYPE/],
  [
    "an escape by XML 1.1",
    () => '<?xml version="1.1"?><Response><Say>&#27;[2J</Say></Response>',
    /XML 1\.1 is refused/,
  ],
  ["100,000 opening brackets", () => `<Response>${"<".repeat(1e5)}`, /a bare "<"/],
  [
    "100,000 open comments",
    () => `<Response>${"<!--".repeat(1e5)}`,
    /a comment may not hold|a comment is never closed/,
  ],
  ["100,000 open sections", () => `<Response>${"<![CDATA[".repeat(1e5)}`, /CDATA section is never closed/],
  ["an open quote before 1 MB", () => `<Response a="${"x".repeat(1e6)}`, /no closing quote/],
  ["1 MB of blanks in a tag", () => `<Response ${" ".repeat(1e6)}`, /no ">"/],
  [
    "100,000 instructions before debug output",
    () => `${"<?a?>".repeat(40_000)}<b/><Response/>`,
    /text before the document/,
  ],
  ["1 MB of words", () => "word ".repeat(200_000), /plain text/],
  ["1 MB of brackets", () => "[".repeat(1e6), /plain text/],
];

describe("an attack is named within 50 ms", () => {
  test.each(attacks)("%s", (_name, make, message) => {
    const text = make();
    lintTwiml("<Response/>", { executed: true });
    const start = process.cpuUsage();
    const findings = lintTwiml(text, { executed: true });
    const elapsed = cpuSince(start);
    expect(findings[0]?.message).toMatch(message);
    expect(findings[0]?.at).toBeDefined();
    // Measured around 10 ms; a busy machine gets room, and anything quadratic would still take seconds.
    expect(elapsed).toBeLessThan(1_000);
  });
});

test("as many findings as can be take about a second at most", () => {
  const unknown = Array.from({ length: 24_000 }, (_, n) => `<V${n} a${n}=""/>`).join("");
  const wide = `<Response${attributes(49_000)}/>`;
  for (const text of [`<Response>${unknown}</Response>`, wide]) {
    const start = process.cpuUsage();
    const findings = lintTwiml(text, { executed: true });
    expect(findings.length).toBeGreaterThan(20_000);
    // Measured at 0.8 s; anything quadratic would take minutes.
    expect(cpuSince(start)).toBeLessThan(20_000);
  }
});

test("64 deep and 1 MiB are read", () => {
  expect(lintTwiml(nested(64), { executed: true })[0]?.rule).not.toBe("twiml-syntax");
  const long = `<Response><Say>${"a".repeat(1024 * 1024 - 40)}</Say></Response>`;
  expect(lintTwiml(long, { executed: true }).map(({ rule }) => rule)).toEqual(["twiml-value"]);
});

test("no text makes it throw, and every place lies in its text", () => {
  const pieces = fc.constantFrom(
    ...[
      "<Response>",
      "</Response>",
      "<Say>",
      "</Say>",
      "<Dial",
      "<",
      ">",
      "/>",
      "&",
      "&amp;",
      "&#",
      ";",
      '"',
      "'",
      "=",
      " a",
    ],
    ...[
      "<!--",
      "-->",
      "--",
      "<![CDATA[",
      "]]>",
      "<?xml",
      "<?x",
      "?>",
      "<!DOCTYPE",
      "\n",
      "\r\n",
      "\uFEFF",
      "😀",
      "\ud800",
      "x",
    ],
    ...['<?xml version="1.0"?>', "<Response/>", "{", "}", "<html>", "&lt;", "\0"],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.boolean(), (parts, executed) => {
      const text = parts.join("");
      const lines = text.split(/\r\n|\n|\r/);
      for (const { at = { line: 0, column: 0 } } of lintTwiml(text, { executed, url: "https://app.example/" })) {
        expect(at.line).toBeGreaterThan(0);
        expect(at.line).toBeLessThanOrEqual(lines.length);
        expect(at.column).toBeGreaterThan(0);
        // A line break of two characters may be pointed at, its second one too.
        expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? "").length + 2);
      }
    }),
    { numRuns: 20_000 },
  );
});

test("names of the prototype are names", () => {
  const keys = Reflect.ownKeys(Object.prototype);
  const text =
    '<Response __proto__="1" constructor="2"><__proto__ a="1"><constructor toString="1"/></__proto__><prototype/></Response>';
  const findings = lintTwiml(text, { executed: true });
  expect(findings.map(({ rule, value }) => `${rule} ${value}`)).toEqual([
    "twiml-attribute __proto__",
    "twiml-attribute constructor",
    "twiml-element __proto__",
    "twiml-element constructor",
    "twiml-element prototype",
  ]);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(keys);
});

function nested(depth: number): string {
  return `<Response>${"<a>".repeat(depth - 1)}${"</a>".repeat(depth - 1)}</Response>`;
}

function attributes(count: number): string {
  return Array.from({ length: count }, (_, n) => ` a${n}=""`).join("");
}
