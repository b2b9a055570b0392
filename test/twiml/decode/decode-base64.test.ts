import { expect, test } from "vitest";
import { decodeBody } from "../../../src/twiml/decode/decode-body.ts";
import { cpuSince } from "../../cpu.ts";

test.each([
  ["canonical", (text: string) => text],
  ["broken into lines", (text: string) => text.replace(/.{76}/g, "$&\n")],
  ["with a pad between every two", () => "A=".repeat(20_000_000)],
  ["only pads", () => "=".repeat(40_000_000)],
  ["only foreign characters", () => "!".repeat(40_000_000)],
  ["of bytes that are not UTF-8", () => Buffer.alloc(30_000_000, 0xe9).toString("base64")],
])("base64 of 40 MB, %s, takes a second at most", (_name, make) => {
  const text = make(Buffer.alloc(30_000_000, "<Response/>").toString("base64"));
  const start = process.cpuUsage();
  decodeBody(text, "text/xml; charset=UTF-8");
  // A second on an idle machine; twice that where tests share it.
  expect(cpuSince(start)).toBeLessThan(8_000);
});
