import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, decodeText } from "../../../src/twiml/decode/decode-body.ts";
import { cpuSince } from "../../cpu.ts";

const xml = "text/xml; charset=UTF-8";
const answer = "<Response><Say>hi</Say></Response>";
const encoded = Buffer.from(answer).toString("base64");
const twice = Buffer.from(encoded).toString("base64");

function rules(base64: string, contentType?: string): readonly string[] {
  return decodeBody(base64, contentType).findings.map(({ rule }) => rule);
}

function messages(base64: string, contentType?: string): readonly string[] {
  return decodeBody(base64, contentType).findings.map(({ message }) => message);
}

function base64(...bytes: readonly (string | readonly number[])[]): string {
  const parts = bytes.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : Buffer.from(part)));
  return Buffer.concat(parts).toString("base64");
}

describe("base64", () => {
  const character = (which: string, at: number) => `${which} at offset ${at} is not in its alphabet`;
  const space = (at: number) => `white space at offset ${at}: broken into lines on its way`;
  const missing = (pads: string, at: number) => `it ends without its padding: "${pads}" expected at offset ${at}`;
  const surplus = (at: number) => `more "=" than it needs, from offset ${at}`;
  const inside = (at: number) => `"=" at offset ${at} is not at the end: several pieces in a row`;
  const bits = (at: number) => `the character at offset ${at} holds bits that belong to no byte: no encoder wrote that`;
  const safe = (at: number) => `"-" or "_" at offset ${at}: the url-safe alphabet, where "+" and "/" are expected`;
  const cut = (at: number) => `it stops within a byte, at offset ${at}: cut off`;
  const plain = "it is the answer itself, not base64 of it; shown as it stands";
  const double = "it is base64 of base64; opened twice";

  test.each<readonly [string, readonly string[], string]>([
    ["", [], ""],
    ["T0s=", [], "OK"],
    ["T0sh", [], "OK!"],
    ["Zg==", [], "f"],
    [encoded, [], answer],
    // Padding
    ["T0s", [missing("=", 3)], "OK"],
    ["Zg", [missing("==", 2)], "f"],
    ["Zg=", [missing("=", 3)], "f"],
    ["T0s==", [surplus(4)], "OK"],
    ["T0sh=", [surplus(4)], "OK!"],
    ["Zg===", [surplus(4)], "f"],
    ["====", [surplus(0)], ""],
    ["=", [surplus(0)], ""],
    ["T0s=T0s=", [inside(3)], "OKOK"],
    ["Zg==Zg==Zg==", [inside(2)], "fff"],
    ["T0s=T0s", [inside(3), missing("=", 7)], "OKOK"],
    // Cut off
    ["T", [cut(1)], ""],
    ["T0shT", [cut(5)], "OK!"],
    // Bits that belong to no byte
    ["T0t=", [bits(2)], "OK"],
    ["Zh==", [bits(1)], "f"],
    ["T0t", [cut(3)], "OK"],
    // White space
    ["T0s=\n", [space(4)], "OK"],
    ["T0\r\ns=", [space(2)], "OK"],
    [" T0s=", [space(0)], "OK"],
    ["T0 s=", [space(2)], "OK"],
    ["T\t0\ts\t=", [space(1)], "OK"],
    [" ", [space(0)], ""],
    // The other alphabet
    [Buffer.from("<a>????</a>").toString("base64url"), [safe(3), missing("=", 15)], "<a>????</a>"],
    ["Pj4-", [safe(3)], ">>>"],
    ["Pz8_", [safe(3)], "???"],
    // Foreign characters
    ["T0s!", [character('"!"', 3), missing("=", 4)], "OK"],
    ['"T0s="', [character('"""', 0)], "OK"],
    ["T0s=,", [character('","', 4)], "OK"],
    ["T0\u00e9s=", [character("U+00E9", 2)], "OK"],
    ["😀T0s=", [character("U+1F600", 0)], "OK"],
    [`data:text/xml;base64,${encoded}`, [character('":"', 4)], answer],
    ["data:text/xml;charset=utf-8;base64,T0s", [character('":"', 4), missing("=", 38)], "OK"],
    ["T0\u001bs=", [character("U+001B", 2)], "OK"],
    ["T0\0s=", [character("U+0000", 2)], "OK"],
    ["\uFEFFT0s=", [character("U+FEFF", 0)], "OK"],
    ["T0%3D", [character('"%"', 2)], "OM\u00c3"],
    // Not base64 at all
    [answer, [plain], answer],
    [` \n${answer}`, [plain], ` \n${answer}`],
    [`\uFEFF${answer}`, [plain], answer],
    ['{"ok":true}', [plain], '{"ok":true}'],
    ["[1]", [plain], "[1]"],
    // Twice
    [twice, [double], answer],
    [base64(base64('{"a":"bcdef"}')), [double], '{"a":"bcdef"}'],
    [base64(base64("no document, only words")), [], base64("no document, only words")],
  ])("%j", (text, faults, shown) => {
    const body = decodeBody(text, undefined);
    expect(body.findings.filter(({ rule }) => rule === "body-base64").map(({ message }) => message)).toEqual(
      faults.map((fault) => `not base64: ${fault}`),
    );
    expect(body.text).toBe(shown);
  });

  test("whose end was lost on its way says so", () => {
    expect(["T0shT", "T0sh", "T0s="].map((text) => decodeBody(text, undefined).isCut)).toEqual([true, false, false]);
  });

  test("of any bytes is accepted, and gives them back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const body = decodeBody(Buffer.from(bytes).toString("base64"), undefined);
        expect(body.bytes).toEqual(Buffer.from(bytes));
        expect(body.findings.filter(({ rule }) => rule === "body-base64")).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });

  test("with any one character changed is flagged, or decodes to other bytes", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
    const character = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(bytes, fc.nat(), character, (original, at, other) => {
        const text = Buffer.from(original).toString("base64");
        const changed = `${text.slice(0, at % text.length)}${other}${text.slice((at % text.length) + 1)}`;
        fc.pre(changed !== text);
        const body = decodeBody(changed, undefined);
        const flagged = body.findings.some(({ rule }) => rule === "body-base64");
        expect(flagged || !body.bytes.equals(Buffer.from(original))).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("charset", () => {
  const declared = (label: string) => `<?xml version="1.0" encoding="${label}"?><Response><Say>`;
  const accented = [0xe9];

  test.each<readonly [string, string, string, string | undefined, readonly string[]]>([
    ["UTF-8 unsaid", base64("<a>é</a>"), "utf-8", undefined, []],
    ["UTF-8 in the header", base64("<a>é</a>"), "utf-8", xml, []],
    ["UTF-8 quoted", base64("<a>é</a>"), "utf-8", 'text/xml;charset="utf-8"', []],
    ["UTF-8 with a mark", base64([0xef, 0xbb, 0xbf], "<a>é</a>"), "utf-8", xml, []],
    ["UTF-16 with a mark", base64([0xff, 0xfe], [...Buffer.from("<a>é</a>", "utf16le")]), "utf-16le", undefined, []],
    [
      "UTF-16 said so",
      base64([0xff, 0xfe], [...Buffer.from("<a>é</a>", "utf16le")]),
      "utf-16le",
      "text/xml;charset=utf-16",
      [],
    ],
    [
      "UTF-16 big-endian",
      base64([0xfe, 0xff], [...Buffer.from("<a>é</a>", "utf16le").swap16()]),
      "utf-16be",
      undefined,
      [],
    ],
    [
      "UTF-16 without a mark",
      base64([...Buffer.from('<?xml version="1.0"?><a>é</a>', "utf16le")]),
      "utf-16le",
      undefined,
      [],
    ],
    ["Latin 1 in the header", base64("<a>", accented, "</a>"), "windows-1252", "text/xml; charset=iso-8859-1", []],
    [
      "Latin 1 in the declaration",
      base64(declared("ISO-8859-1"), accented, "</Say></Response>"),
      "windows-1252",
      "text/xml",
      [],
    ],
    [
      "a euro sign of windows-1252",
      base64("<a>", [0x80], "</a>"),
      "windows-1252",
      "text/xml; charset=windows-1252",
      [],
    ],
    [
      "a mark against the header",
      base64([0xef, 0xbb, 0xbf], "<a>é</a>"),
      "utf-8",
      "text/xml; charset=iso-8859-1",
      ["the byte order mark says utf-8, the content type iso-8859-1; read as utf-8"],
    ],
    [
      "the header against the declaration",
      base64(declared("UTF-8"), "e</Say></Response>"),
      "windows-1252",
      "text/xml; charset=ISO-8859-1",
      ["the content type says ISO-8859-1, the XML declaration UTF-8; read as windows-1252"],
    ],
    [
      "an unknown name",
      base64("<a>é</a>"),
      "utf-8",
      "text/xml; charset=utf-7",
      ['the content type "utf-7" names an unknown charset; read as utf-8'],
    ],
    [
      "a byte that is not UTF-8",
      base64("<a>", accented, "</a>"),
      "windows-1252",
      xml,
      ["byte 0xE9 at offset 3 is not UTF-8; read as windows-1252"],
    ],
    [
      "a byte that is not UTF-8, behind a replacement character that is",
      base64("<a>\uFFFDé\uFFFD", [0xc3]),
      "windows-1252",
      xml,
      ["byte 0xC3 at offset 11 is not UTF-8; read as windows-1252"],
    ],
    [
      "a character cut off",
      base64("<a>é</a>", [0xf0, 0x9f]),
      "windows-1252",
      undefined,
      ["byte 0xF0 at offset 9 is not UTF-8; read as windows-1252"],
    ],
    [
      "UTF-8 declared as Latin 1",
      base64("<a>é</a>"),
      "windows-1252",
      "text/xml; charset=iso-8859-1",
      ['the content type says iso-8859-1, but the bytes are UTF-8: "é" arrives as "Ã©"; read as windows-1252'],
    ],
  ])("%s", (_name, text, charset, contentType, expected) => {
    const body = decodeBody(text, contentType);
    expect(body.charset).toBe(charset);
    expect(body.findings.filter(({ rule }) => rule === "body-charset").map(({ message }) => message)).toEqual(expected);
    expect(body.text).toMatch(/^</);
    expect(body.text).not.toContain("\uFFFD");
  });
});

test("the first byte that is not UTF-8 is found wherever it stands", () => {
  const characters = fc.array(fc.constantFrom("a", "é", "€", "😀", "\uFFFD"), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(characters, fc.nat({ max: 12_000 }), (parts, length) => {
      const before = Buffer.from(parts.join("").repeat(Math.ceil(length / parts.length)));
      const [finding] = decodeBody(base64([...before], [0xff], "a".repeat(5000)), undefined).findings;
      expect(finding?.message).toBe(`byte 0xFF at offset ${before.length} is not UTF-8; read as windows-1252`);
    }),
    { numRuns: 300 },
  );
});

test("windows-1252 is read as browsers read it", () => {
  expect(decodeBody(base64([0x80, 0x93, 0x94]), "text/plain; charset=iso-8859-1").text).toBe("€\u201C\u201D");
});

describe("kind", () => {
  test.each<readonly [string, string]>([
    ["twiml", answer],
    ["twiml", "<response/>"],
    ["twiml", "<Say>hi</Say>"],
    ["twiml", "<!-- a --><?pi?>\n<Response/>"],
    ["twiml", "Notice: x\n<?xml version='1.0'?><Response/>"],
    ["xml", "<Error/>"],
    ["xml", "<!DOCTYPE a [<"],
    ["json", '{"a":1}'],
    ["json", " [1, 2]"],
    ["json", '"<Response/>"'],
    ["text", "{not json}"],
    ["html", "<!DOCTYPE html><p>"],
    ["html", "<!doctype HTML><p>"],
    ["html", "<html><body></body></html>"],
    ["html", "<h1>Bad Gateway</h1>"],
    ["text", "OK"],
    ["text", "<3"],
    ["empty", ""],
    ["empty", " \n"],
    ["binary", "RIFF\0\0\0\0WAVE"],
    ["binary", "\u0001\u0002\u0003\u0004"],
  ])("%s: %j", (kind, text) => {
    expect(decodeBody(base64(text), undefined).kind).toBe(kind);
    expect(decodeText(text, undefined).kind).toBe(kind);
  });
});

test.each(Array.from({ length: 0x21 }, (_, code) => code))(
  "a byte %i among nine or ten makes a body binary",
  (code) => {
    const isWritten = "\t\n\v\f\r\u001b ".includes(String.fromCharCode(code));
    expect(decodeBody(base64([code], "a".repeat(8)), undefined).kind).toBe(isWritten ? "text" : "binary");
    expect(decodeBody(base64([code], "a".repeat(9)), undefined).kind).toBe(code === 0 ? "binary" : "text");
  },
);

test("only the first 4 kB tell whether a body is binary", () => {
  expect(decodeText(`${"a".repeat(4095)}\0`, undefined).kind).toBe("binary");
  expect(decodeText(`${"a".repeat(4096)}\0`, undefined).kind).toBe("text");
  expect(decodeText(`${"a".repeat(4096)}${"\u0001".repeat(4096)}`, undefined).kind).toBe("text");
});

test("a binary body has no charset, and no faults of one", () => {
  const body = decodeBody(base64("ID3", [0, 0xff, 0xfb]), "audio/mpeg; charset=utf-7");
  expect(body).toMatchObject({ kind: "binary", charset: "binary", text: "", findings: [] });
});

test("JSON too long to parse is told by its ends", () => {
  expect(decodeText(`[${"1,".repeat(600_000)}1]`, undefined).kind).toBe("json");
  expect(decodeText(`[${"1,".repeat(600_000)}1`, undefined).kind).toBe("text");
});

describe("content type", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["text/xml", answer, []],
    ["application/xml;charset=UTF-8", answer, []],
    ["application/soap+xml", "<a/>", []],
    ["text/html; charset=utf-8", answer, []],
    ["text/plain", "OK", []],
    ["text/html", "OK", []],
    ["application/json", '{"a":1}', []],
    ["", "", []],
    ["audio/mpeg", "ID3\0\0", []],
    ["", answer, ["the answer has no content type (12300)"]],
    ["text", answer, ['"text" is not a media type (12300)']],
    ["2025-10-08T07:17:02.363Z", answer, ['"2025-10-08t07:17:02.363z" is not a media type (12300)']],
    ["application/json", answer, ["the content type is application/json, the body is TwiML (12300)"]],
    ["text/plain", answer, ["the content type is text/plain, the body is TwiML (12300)"]],
    ["text/xml", '{"a":1}', ["the content type is text/xml, the body is JSON (12300)"]],
    ["text/xml", "<h1>502</h1>", ["the content type is text/xml, the body is HTML (12300)"]],
    ["application/json", "oops", ["the content type is application/json, the body is plain text (12300)"]],
    ["audio/mpeg", "<Error/>", ["the content type is audio/mpeg, the body is XML (12300)"]],
    ["video/mp4", "OK", ["the content type is video/mp4, the body is plain text (12300)"]],
    ["image/png", "\u0089PNG\0", []],
    ["application/octet-stream", "ID3\0\0", []],
    ["text/html", "ID3\0\0", ["the content type is text/html, the body is binary (12300)"]],
    ["text/xml", "ID3\0\0", ["the content type is text/xml, the body is binary (12300)"]],
    ["x-audio/mpeg", "OK", []],
    ["text/xml", "OK", ["the content type is text/xml, the body is plain text (12300)"]],
    ["application/problem+json", '{"a":1}', []],
    ["text/json", answer, ["the content type is text/json, the body is TwiML (12300)"]],
    // Names that only look like those of XML and JSON.
    ["application/xml-dtd", answer, ["the content type is application/xml-dtd, the body is TwiML (12300)"]],
    ["text/axml", answer, ["the content type is text/axml, the body is TwiML (12300)"]],
    ["text/axml", "<Error/>", []],
    ["application/jsonl", "OK", []],
    ["text/ndjson", "OK", []],
    // As it is spelled
    [" Text/XML ; Charset=utf-8 ", answer, []],
    ["text/xml;", answer, []],
    ["text/xml;a=b\n;c=d", answer, []],
    [";charset=utf-8", answer, ["the answer has no content type (12300)"]],
    [" ", answer, ["the answer has no content type (12300)"]],
    ["text/xml charset=utf-8", answer, ['"text/xml charset=utf-8" is not a media type (12300)']],
    ["text/xml, text/xml", answer, ['"text/xml, text/xml" is not a media type (12300)']],
    ["text /xml", answer, ['"text /xml" is not a media type (12300)']],
    ["a text/xml", answer, ['"a text/xml" is not a media type (12300)']],
    ["text/", answer, ['"text/" is not a media type (12300)']],
    ["/xml", answer, ['"/xml" is not a media type (12300)']],
    ["text/(xml)", answer, ['"text/(xml)" is not a media type (12300)']],
    ["(text)/xml", answer, ['"(text)/xml" is not a media type (12300)']],
  ])("%s for %s", (contentType, text, expected) => expect(messages(base64(text), contentType)).toEqual(expected));
});

describe("size", () => {
  test("64 kB is read, a byte more is reported", () => {
    expect(rules(base64("a".repeat(65_536)))).toEqual([]);
    expect(messages(base64("a".repeat(65_537)))).toEqual(["the body has 65537 bytes; Twilio reads 64 kB (11750)"]);
  });

  test("gzip is unpacked", () => {
    const body = decodeBody(gzipSync(answer).toString("base64"), xml);
    expect(body).toMatchObject({ gzip: true, kind: "twiml", text: answer, findings: [] });
    expect(body.bytes).toEqual(gzipSync(answer));
  });

  test("gzip that was cut off gives what there is of it", () => {
    const packed = gzipSync(`<Response>${"<Pause/>".repeat(1000)}`);
    const body = decodeBody(packed.subarray(0, packed.length - 12).toString("base64"), undefined);
    expect(body).toMatchObject({ gzip: true, kind: "twiml", findings: [] });
    expect(body.text).toMatch(/^<Response><Pause\/><Pause\/>/);
  });

  test("gzip of a megabyte is unpacked, of a byte more it is not", () => {
    const of = (size: number) => decodeBody(gzipSync("a".repeat(size)).toString("base64"), undefined);
    expect(of(1_048_576)).toMatchObject({ kind: "text", findings: [] });
    expect(of(1_048_576).text).toHaveLength(1_048_576);
    expect(of(1_048_577)).toMatchObject({ kind: "binary", text: "", findings: [{ rule: "body-size" }] });
  });

  test("a packed body is judged by what it unpacks to, and by the bytes that were sent", () => {
    const body = decodeBody(gzipSync(`{"a":"${"b".repeat(70_000)}"}`).toString("base64"), xml);
    expect(body.findings.map(({ rule }) => rule)).toEqual(["body-content-type"]);
  });

  test.each([[[0x1f]], [[0x1f, 0x61, 0x61]], [[0x61, 0x8b, 0x61]]])("%j is no gzip", (bytes) => {
    expect(decodeBody(base64(bytes, " no gzip"), undefined).gzip).toBe(false);
  });

  test("a bomb of 1029:1 stops at the limit", () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000)).toString("base64");
    const start = process.cpuUsage();
    const body = decodeBody(bomb, "application/octet-stream");
    expect(cpuSince(start)).toBeLessThan(1_000);
    expect(body).toMatchObject({ gzip: true, kind: "binary", text: "" });
    expect(body.findings.map(({ message }) => message)).toContain(
      "the body unpacks to more than 1048576 bytes, not unpacked (11750)",
    );
  });

  test("what only begins like gzip is binary", () => {
    expect(decodeBody(base64([0x1f, 0x8b, 1, 2, 3]), undefined)).toMatchObject({ kind: "binary", findings: [] });
  });
});

describe("a body that is text already", () => {
  test("is judged the same, but for its bytes", () => {
    expect(decodeText(answer, "application/json").findings.map(({ rule }) => rule)).toEqual(["body-content-type"]);
    expect(decodeText("a".repeat(65_537), undefined).findings.map(({ rule }) => rule)).toEqual(["body-size"]);
    expect(decodeText(`\uFEFF${answer}`, xml)).toMatchObject({ kind: "twiml", text: answer, findings: [] });
    expect(decodeText("ID3\0", "audio/mpeg")).toMatchObject({ kind: "binary", text: "", findings: [] });
  });

  test("has the bytes of UTF-8, nothing packed, and all of it", () => {
    expect(decodeText("<a>é</a>", "text/xml; charset=iso-8859-1")).toEqual({
      kind: "xml",
      contentType: "text/xml; charset=iso-8859-1",
      charset: "utf-8",
      bytes: Buffer.from("<a>é</a>"),
      gzip: false,
      isCut: false,
      text: "<a>é</a>",
      findings: [],
    });
  });
});

test("no bytes make it throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.base64String()), fc.option(fc.string()), (text, type) => {
      decodeBody(text, type ?? undefined);
      decodeText(text, type ?? undefined);
    }),
    { numRuns: 10_000 },
  );
});
