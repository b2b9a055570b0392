import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readText } from "./read.ts";

const event = (id: string): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"sid":"CA1"}}`;
const packed = (text: string): string => gzipSync(text).toString("base64");
const blanks = " ".repeat(33 * 1024 * 1024);

test.each<readonly [string, string]>([
  ["of one value", `{"a":"${blanks}"}`],
  ["of log lines", `got {\n${blanks}\n`],
  ["of nothing", `${blanks}${blanks}`],
])("64 MiB are unpacked of a record, and no more: %s", { timeout: 60_000 }, async (_, text) => {
  const { found, faults } = await readText(`{"a":"${packed(text)}"}\n${event("VW2")}\n`);
  expect(found.map(({ id, line }) => [id, line])).toEqual([["VW2", 2]]);
  expect(faults).toMatchObject([{ problem: "it unpacks to more than 64 MiB", line: 1, column: 6 }]);
});

test("each record may unpack as much", { timeout: 60_000 }, async () => {
  const record = `{"a":"${packed(`${" ".repeat(20 * 1024 * 1024)}${event("VW1")}`)}"}\n`;
  const { found, faults } = await readText(record.repeat(2));
  expect([found.map(({ id }) => id), faults]).toEqual([["VW1", "VW1"], []]);
});
