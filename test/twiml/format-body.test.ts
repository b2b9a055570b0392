import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, decodeText } from "../../src/twiml/decode/decode-body.ts";
import { showBody } from "../../src/twiml/format-body.ts";

function show(text: string): string {
  return showBody(decodeText(text, undefined)).text;
}

describe("XML", () => {
  test("is indented, and its places are found again", () => {
    const shown = showBody(decodeText("<Response><Hangup/></Response>", undefined));
    expect(shown.text).toBe("<Response>\n  <Hangup/>\n</Response>");
    expect(shown.placeOf({ line: 1, column: 11 })).toEqual({ line: 2, column: 3 });
  });

  test.each(["<Response><Say></Response>", "<!DOCTYPE a><Response><a/></Response>"])("%s stays as it is", (text) => {
    const shown = showBody(decodeText(text, undefined));
    expect(shown.text).toBe(text);
    expect(shown.placeOf({ line: 1, column: 11 })).toEqual({ line: 1, column: 11 });
  });
});

describe("JSON", () => {
  test.each([
    [
      '{"a":1.0,"b":[1e3,-0,12345678901234567890]}',
      '{\n  "a": 1.0,\n  "b": [\n    1e3,\n    -0,\n    12345678901234567890\n  ]\n}',
    ],
    ['{"b":1,"1":2,"b":3}', '{\n  "b": 1,\n  "1": 2,\n  "b": 3\n}'],
    ["[ ]", "[]"],
    ['{"a" : { } }', '{\n  "a": {}\n}'],
    ['{"a":"{\\"b\\": [1, 2]}\\u00e9\\\\"}', '{\n  "a": "{\\"b\\": [1, 2]}\\u00e9\\\\"\n}'],
    ['[true,null,"x"]', '[\n  true,\n  null,\n  "x"\n]'],
    ['"a  b"', '"a  b"'],
  ])("%s", (text, expected) => expect(show(text)).toBe(expected));

  test("is laid out as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        fc.pre(/^[[{"]/.test(json));
        const value: unknown = JSON.parse(json);
        expect(show(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test("too deep to indent stays as it is", () => {
    const deep = `${"[".repeat(1000)}${"]".repeat(1000)}`;
    expect(show(deep)).toBe(deep);
  });
});

test.each([
  [
    "an error page of Express",
    "<!DOCTYPE html>\n<html><head><title>Error</title></head>\n<body>\n<pre>Cannot POST /voice</pre>\n</body>\n</html>",
  ],
  [
    "a stack trace of Express",
    "<!DOCTYPE html><html><head><title>Error</title></head><body><pre>ReferenceError: x<br> at /app/a.js:1:1</pre></body></html>",
  ],
  [
    "an error page of nginx",
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0 (Ubuntu)</center>\r\n</body>\r\n</html>",
  ],
  [
    "a page of Next.js",
    '<!DOCTYPE html><html><head><script src="/_next/static/chunks/main.js"></script></head><body></body></html>',
  ],
  [
    "an error page of Heroku",
    '<!DOCTYPE html><html><head><title>Application Error</title></head><body><iframe src="//www.herokucdn.com/error-pages/application-error.html"></iframe></body></html>',
  ],
  ["an error page of ngrok", "<!DOCTYPE html><html><body>The endpoint is offline. ERR_NGROK_3200</body></html>"],
  [
    "an error page of Apache",
    "<!DOCTYPE HTML><html><body><h1>Not Found</h1><hr><address>Apache/2.4.41 (Ubuntu) Server at a.example Port 443</address></body></html>",
  ],
  ["an HTML page", "<html><body>Sign in</body></html>"],
])("%s is told", (note, text) => expect(showBody(decodeText(text, "text/html"))).toMatchObject({ note, text }));

test("a binary body is dumped", () => {
  const bytes = Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(300, 0), Buffer.from([0xff])]);
  const shown = showBody(decodeBody(bytes.toString("base64"), "audio/wav"));
  const lines = shown.text.split("\n");
  expect(shown.note).toBe("305 bytes that are no text");
  expect(lines[0]).toBe("00000000  52 49 46 46 00 00 00 00 00 00 00 00 00 00 00 00  RIFF............");
  expect(lines).toHaveLength(17);
  expect(lines[16]).toBe("… 49 more bytes");
});

test("a short row of a dump is as wide as a long one", () => {
  expect(showBody(decodeText("a\0b", undefined)).text).toBe(`00000000  61 00 62${" ".repeat(39)}  a.b`);
});

test.each(["OK", "", "<3 you"])("%j is shown as it is", (text) => expect(show(text)).toBe(text));
