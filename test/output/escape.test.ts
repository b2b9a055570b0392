import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  escapeIdentifier,
  escapeJson,
  escapeText,
  maskPasswords,
  maskXmlPasswords,
  type Safe,
  safe,
  sign,
} from "../../src/output/escape.ts";
import { cpuSince } from "../cpu.ts";
import { leak, payloads } from "./hostile.ts";

const hostile = fc.string({
  unit: fc.constantFrom(
    ...[
      "\\",
      "u",
      "{",
      "}",
      "1",
      "B",
      "5C",
      "a",
      " ",
      "é",
      "漢",
      "🎉",
      "\u0301",
      "\ud800",
      "\udc00",
      "\u001b",
      "\u009b",
    ],
    ...[
      "\n",
      "\r",
      "\t",
      "\0",
      "\u007f",
      "\u00ad",
      "\u202e",
      "\u2028",
      "\ufe0f",
      "\u{e0041}",
      "\u{f0000}",
      "\u2800",
      '"',
    ],
  ),
  maxLength: 24,
});

/** What a reader does in the head: the inverse of the escapes. */
function read(text: Safe): string {
  return text.replace(/\\u\{([0-9A-F]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

describe("escapeText", () => {
  test.each(Object.entries(payloads))("%s", (_, payload) => {
    expect(leak(escapeText(payload), /(?!)/g)).toBeUndefined();
    expect(read(escapeText(payload))).toBe(payload);
  });

  test("shows what it escapes", () => {
    expect(escapeText("\u001b[31mred\n")).toBe("\\u{1B}[31mred\\u{A}");
    expect(escapeText("a\u{e0041}")).toBe("a\\u{E0041}");
    expect(escapeText("\\u{1B}")).toBe("\\u{5C}u{1B}");
  });

  test("shows a mark that has nothing of its own text to stand on", () => {
    expect(escapeText("\u0301\u0611a\u0301")).toBe("\\u{301}\\u{611}a\u0301");
    expect(escapeText("a\n\u0301")).toBe("a\\u{A}\\u{301}");
  });

  test("leaves what people write", () => {
    for (const text of ["São Paulo", "北京 東京 서울", "שלום", "नमस्ते", "C:\\users\\u", "🎉 20 €", "\\u001b"]) {
      expect(escapeText(text)).toBe(text);
    }
  });

  test("prints different inputs differently", () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [a, b] = [escapeText(one), escapeText(other)];
        return (a === b) === (one === other) && read(a) === one && leak(a, /(?!)/g) === undefined;
      }),
      { numRuns: 100_000 },
    );
  });

  test("takes a megabyte of controls in well under a second", () => {
    const start = process.cpuUsage();
    escapeText("\u001b\n\u202e".repeat(350_000));
    expect(cpuSince(start)).toBeLessThan(4_000);
  });
});

describe("escapeIdentifier", () => {
  test("leaves printable ASCII alone and nothing else", () => {
    expect(escapeIdentifier("com.twilio.voice.status-callback~")).toBe("com.twilio.voice.status-callback~");
    expect(escapeIdentifier("тwilio")).toBe("\\u{442}wilio");
    expect(escapeIdentifier("CA🎉\n")).toBe("CA\\u{1F389}\\u{A}");
  });

  test("tells an escape of ours from the same characters in the input", () => {
    expect(escapeIdentifier("\\u{442}wilio")).toBe("\\u{5C}u{442}wilio");
    expect(escapeIdentifier("\\u0442 \\wilio")).toBe("\\u0442 \\wilio");
  });

  test("prints different inputs differently", () => {
    fc.assert(
      fc.property(hostile, (text) => read(escapeIdentifier(text)) === text && !/[^ -~]/.test(escapeIdentifier(text))),
      { numRuns: 20_000 },
    );
  });
});

describe("escapeJson", () => {
  test("parses to the same value and acts on no terminal", () => {
    fc.assert(
      fc.property(hostile, hostile, fc.boolean(), (key, value, ascii) => {
        const before = { [key]: [value, { value }], number: 1.5 };
        const after = escapeJson(JSON.stringify(before, undefined, 2), ascii);
        expect(JSON.parse(after)).toStrictEqual(JSON.parse(JSON.stringify(before)));
        expect(leak(after)).toBeUndefined();
        expect(ascii && /[^\n -~]/.test(after)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  test("escapes what JSON.stringify leaves", () => {
    expect(escapeJson(JSON.stringify("\u007f\u009b\u202e\u{e0041}é"))).toBe('"\\u007f\\u009b\\u202e\\udb40\\udc41é"');
    expect(escapeJson(JSON.stringify("é🎉"), true)).toBe('"\\u00e9\\ud83c\\udf89"');
  });

  test("keeps line breaks between tokens, and makes blanks of tabs and carriage returns", () => {
    expect(escapeJson('{\r\n\t"a": 1\r\n}')).toBe('{ \n "a": 1 \n}');
  });
});

describe("maskPasswords", () => {
  test.each([
    ["https://user:secret@example.com/path", "https://user:***@example.com/path"],
    ["see wss://a:b@c and ftp://d:e@f.", "see wss://a:***@c and ftp://d:***@f."],
    ["https://:secret@example.com", "https://:***@example.com"],
    ["https://user:p@ss:word@example.com", "https://user:***@example.com"],
    ["https:\\/\\/user:secret@example.com", "https:\\/\\/user:***@example.com"],
    ["<Sip>sip:alice:secret@example.com</Sip>", "<Sip>sip:alice:***@example.com</Sip>"],
    ["SIPS:alice:secret@example.com;transport=tls", "SIPS:alice:***@example.com;transport=tls"],
    ["https://example.com:8080/mail@example.com", "https://example.com:8080/mail@example.com"],
    ["https://user@example.com:8080", "https://user@example.com:8080"],
    ["sip:alice@example.com:5060", "sip:alice@example.com:5060"],
    ['["https://a.example:80","me@b.example"]', '["https://a.example:80","me@b.example"]'],
    ["12:30 me@example.com", "12:30 me@example.com"],
    ["rooms/a:1@example.com", "rooms/a:1@example.com"],
    ["https://example.com/hooks?token=abc&x=1", "https://example.com/hooks?token=***&x=1"],
    ["/hooks?x=1&api_key=abc#access_token=def", "/hooks?x=1&api_key=***#access_token=***"],
    ["/hooks?apikey=abc&x-api-key=def&apis_key=1", "/hooks?apikey=***&x-api-key=***&apis_key=1"],
    [
      "/a?key=1&auth=2&sig=3&signature=4&password=5&client.secret=6",
      "/a?key=***&auth=***&sig=***&signature=***&password=***&client.secret=***",
    ],
    [
      "https://b.example/o?X-Amz-Credential=a%2Fb&X-Amz-Signature=c",
      "https://b.example/o?X-Amz-Credential=***&X-Amz-Signature=***",
    ],
    ["<Play>https://a/b?x=1&amp;token=abc</Play>", "<Play>https://a/b?x=1&amp;token=***</Play>"],
    [
      "/hooks?monkey=1&keyword=2&design=3&bodySHA256=4&tokens=5",
      "/hooks?monkey=1&keyword=2&design=3&bodySHA256=4&tokens=5",
    ],
    ["token=abc is no URL", "token=abc is no URL"],
    ["by eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abc_-9.", "by ***."],
    ["eyJ is short for nothing", "eyJ is short for nothing"],
  ])("%s", (text, masked) => {
    expect(maskPasswords(text)).toBe(masked);
  });

  test.each([
    "sip:",
    "sip:a:",
    "//",
    "//a:",
    "//:",
    "a.",
    ":",
    "\\/",
    "eyJ",
    "eyJ-",
    "eyJaaaaa.",
    "&token",
    "?sig",
    ";a",
  ])("takes linear time for %s again and again", (part) => {
    const start = process.cpuUsage();
    maskPasswords(`${part.repeat(250_000)} @=eyJ`);
    expect(cpuSince(start)).toBeLessThan(2_000);
  });
});

describe("maskXmlPasswords", () => {
  test.each([
    ['<Sip username="u" password="secret">sip:a@b</Sip>', '<Sip username="u" password="***">sip:a@b</Sip>'],
    ["<Sip password='se\"cret' username='u'/>", "<Sip password=\"***\" username='u'/>"],
    ['<Sip password="it\'s"/>', '<Sip password="***"/>'],
    ['<Sip PASSWORD  =\n "a>b" x="1"/>', '<Sip PASSWORD  =\n "***" x="1"/>'],
    ['<Sip password=""/><Sip password="b"/>', '<Sip password="***"/><Sip password="***"/>'],
    ["<Sip>sip:alice:secret@example.com</Sip>", "<Sip>sip:alice:***@example.com</Sip>"],
    ['<Stream url="wss://a/?token=abc"/>', '<Stream url="wss://a/?token=***"/>'],
    ['<Say passwords="2">the password = hello</Say>', '<Say passwords="2">the password = hello</Say>'],
  ])("%s", (text, masked) => {
    expect(maskXmlPasswords(text)).toBe(masked);
  });
});

test("safe joins safe values only", () => {
  const value: Safe = escapeText("\u0007");
  expect(safe`bell ${value}, ${2} times`).toBe("bell \\u{7}, 2 times");
  expect(safe`${value}${sign("→")}${value}`).toBe("\\u{7}→\\u{7}");
  expect(safe`no value`).toBe("no value");
  // @ts-expect-error a plain string is not safe
  expect(safe`${"\u0007"}`).toBe("\u0007");
  // @ts-expect-error what is safe is not escaped again
  expect(escapeText(value)).toBe("\\u{5C}u{7}");
});

test("no character is escaped otherwise by itself than beside one that has to be", () => {
  const differing: string[] = [];
  for (let code = 0; code <= 0xffff; code++) {
    const char = String.fromCharCode(code);
    const text = escapeText(`${char}\u0007`) === `${escapeText(char)}\\u{7}`;
    const json = escapeJson(`${char}\u0007`) === `${escapeJson(char)}\\u0007`;
    if (!text || !json) differing.push(code.toString(16));
  }
  expect(differing).toEqual([]);
});
