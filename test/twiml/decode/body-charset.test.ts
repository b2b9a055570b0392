import { expect, test } from "vitest";
import { decodeBody } from "../../../src/twiml/decode/decode-body.ts";

const xml = '<?xml version="1.0"?><Response><Say>Zoë</Say></Response>';
const little = Buffer.from(xml, "utf16le");
const big = Buffer.from(little).swap16();
const marked = (bytes: Buffer, ...mark: readonly number[]) => Buffer.concat([Buffer.from(mark), bytes]);

test.each<readonly [string, Buffer, string | undefined, string, readonly string[]]>([
  ["UTF-16 without a mark, little end first", little, "text/xml", xml, []],
  ["UTF-16 without a mark, big end first", big, "text/xml", xml, []],
  ["declared as UTF-16, whose end the bytes tell", big, "text/xml; charset=utf-16", xml, []],
  ["declared as UTF-16 alone", Buffer.from("Zoë", "utf16le"), "text/xml; charset=utf-16", "Zoë", []],
  ["a mark of UTF-16, big end first", marked(big, 0xfe, 0xff), "text/xml", xml, []],
])("%s", (_, bytes, contentType, text, messages) => {
  const body = decodeBody(bytes.toString("base64"), contentType);
  expect(body.kind === "binary" ? undefined : body.text.replace("\ufeff", "")).toBe(text);
  expect(body.findings.filter(({ rule }) => rule === "body-charset").map(({ message }) => message)).toEqual(messages);
});

test("bytes that do not fit their charset are told, with the first that does not where it is known", () => {
  const body = Buffer.from([...Buffer.from("<Response><Say>"), 0xa0, 0xff, ...Buffer.from("</Say></Response>")]);
  const messages = (charset: string) =>
    decodeBody(body.toString("base64"), `text/xml; charset=${charset}`)
      .findings.filter(({ rule }) => rule === "body-charset")
      .map(({ message }) => message);
  expect(messages("utf-8")).toEqual(["byte 0xA0 at offset 15 is not UTF-8; read as windows-1252"]);
  expect(messages("shift_jis")).toEqual(["the bytes are not shift_jis; read as windows-1252"]);
});
