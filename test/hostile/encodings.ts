// Files in all encodings, whole and damaged, with the findings and the number of events that they must have.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const calls = join(import.meta.dirname, "../../samples/calls/answered.ndjson");
const [first = "", second = ""] = readFileSync(calls, "utf8").split("\n");

/** An event with the text in a parameter. */
const withText = (text: string): string => first.replace('"parameters":{', `"parameters":{"Note":"${text}",`);
const withBytes = (...bytes: readonly number[]): Buffer => {
  const [before = "", after = ""] = withText("SIGN").split("SIGN");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};
const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const utf32 = (text: string, isBigEndian: boolean): Buffer => {
  const chars = [...text];
  const bytes = Buffer.alloc(chars.length * 4);
  for (const [at, char] of chars.entries()) {
    const code = char.codePointAt(0) ?? 0;
    if (isBigEndian) bytes.writeUInt32BE(code, at * 4);
    else bytes.writeUInt32LE(code, at * 4);
  }
  return bytes;
};
const lines = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [typeof part === "string" ? Buffer.from(part) : part, Buffer.from("\n")]));
const two = `${withText("São Paulo 北京 🎉")}\n${second}\n`;

interface EncodedFile {
  readonly bytes: Buffer;
  /** The number of events: 2 if it isn't given. */
  readonly events?: number;
  /** Part of a finding's message. Without it, there is no finding about the text. */
  readonly says?: string;
  /** Part of the summary. */
  readonly counts?: string;
}

/** Files by name. Add a file here. */
export const encodings: Readonly<Record<string, EncodedFile>> = {
  "UTF-8": { bytes: Buffer.from(two) },
  "UTF-8 with BOM": { bytes: Buffer.from(`\ufeff${two}`) },
  "UTF-8, each line with BOM": { bytes: Buffer.from(`\ufeff${two.replace("\n", "\n\ufeff")}`) },
  "UTF-16 LE with BOM": { bytes: Buffer.from(`\ufeff${two}`, "utf16le"), says: "UTF-16 LE" },
  "UTF-16 LE": { bytes: Buffer.from(two, "utf16le"), says: "UTF-16 LE" },
  "UTF-16 BE with BOM": { bytes: utf16be(`\ufeff${two}`), says: "UTF-16 BE" },
  "UTF-16 BE": { bytes: utf16be(two), says: "UTF-16 BE" },
  "UTF-16 LE, its last byte missing": {
    bytes: Buffer.from(`\ufeff${two}`, "utf16le").subarray(0, -1),
    says: "UTF-16 LE",
  },
  "UTF-16 LE behind UTF-8": {
    bytes: Buffer.concat([lines(first), Buffer.from(`${second}\n`, "utf16le")]),
    says: "UTF-16 among UTF-8",
  },
  "UTF-8 behind UTF-16 LE": {
    bytes: Buffer.concat([Buffer.from(`\ufeff${first}\r\n`, "utf16le"), lines(second)]),
    says: "UTF-16 LE",
  },
  "UTF-16 LE behind UTF-8, and UTF-8 behind that": {
    bytes: Buffer.concat([lines(first), Buffer.from(`${second}\r\n`, "utf16le"), lines(first)]),
    events: 3,
    says: "UTF-16 among UTF-8",
  },
  "UTF-16 BE behind UTF-8": {
    bytes: Buffer.concat([lines(first), utf16be(`${second}\n`)]),
    says: "UTF-16 among UTF-8",
  },
  "UTF-32 LE with BOM": { bytes: utf32(`\ufeff${two}`, false), says: "UTF-32 LE" },
  "UTF-32 BE with BOM": { bytes: utf32(`\ufeff${two}`, true), says: "UTF-32 BE" },
  "UTF-32 LE": { bytes: utf32(two, false), says: "UTF-32 LE" },
  "UTF-32 BE": { bytes: utf32(two, true), says: "UTF-32 BE" },
  "UTF-32 BE, its last bytes missing": { bytes: utf32(`\ufeff${two}`, true).subarray(0, -2), says: "UTF-32 BE" },
  "UTF-32 LE with what is no character": {
    bytes: Buffer.concat([utf32(two, false), Buffer.from([0, 0xd8, 0, 0, 0, 0, 0x11, 0, 0x0a, 0, 0, 0])]),
    says: "UTF-32 LE",
  },
  "Latin-1": { bytes: lines(Buffer.from(withText("São"), "latin1"), second), says: "windows-1252" },
  "windows-1252": { bytes: lines(withBytes(0x80, 0x93, 0x94), second), says: "windows-1252" },
  "Shift-JIS": { bytes: lines(withBytes(0x93, 0xfa, 0x96, 0x7b), second), says: "windows-1252" },
  "Shift-JIS with a backslash in a character": {
    bytes: lines(withBytes(0x95, 0x5c), second),
    events: 1,
    says: "expected ',' or '}', found 'F'",
  },
  "an overlong NUL": { bytes: lines(withBytes(0xc0, 0x80), second), says: "windows-1252" },
  "an overlong slash": { bytes: lines(withBytes(0xe0, 0x80, 0xaf), second), says: "windows-1252" },
  "CESU-8": { bytes: lines(withBytes(0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89), second), says: "windows-1252" },
  "a lone surrogate": { bytes: lines(withBytes(0xed, 0xa0, 0x80), second), says: "windows-1252" },
  "beyond U+10FFFF": { bytes: lines(withBytes(0xf4, 0x90, 0x80, 0x80), second), says: "windows-1252" },
  "six bytes": { bytes: lines(withBytes(0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf), second), says: "windows-1252" },
  "a character cut short": { bytes: lines(withBytes(0xe5, 0x8c), second), says: "windows-1252" },
  "a continuation byte alone": { bytes: lines(withBytes(0x8c), second), says: "windows-1252" },
  "0xFF and 0xFE": { bytes: lines(withBytes(0xff, 0xfe), second), says: "windows-1252" },
  "a character cut short by the end": {
    bytes: Buffer.concat([lines(second), withBytes(0xe5, 0x8c).subarray(0, 660)]),
    events: 1,
    says: "it is cut off",
  },
  "NULs at the end": {
    bytes: Buffer.concat([Buffer.from(two), Buffer.alloc(4096)]),
    counts: "4,096 NUL bytes passed over",
  },
  "NULs between lines": {
    bytes: Buffer.concat([lines(first), Buffer.alloc(512), lines(second)]),
    counts: "512 NUL bytes passed over",
  },
  "a NUL in a string": { bytes: lines(withBytes(0), second), events: 1, says: "control character (U+0000)" },
  "a control character in a string": {
    bytes: lines(withBytes(7), second),
    events: 1,
    says: "control character (U+0007)",
  },
  "CR alone": { bytes: Buffer.from(two.replaceAll("\n", "\r")) },
  CRLF: { bytes: Buffer.from(two.replaceAll("\n", "\r\n")) },
  "LF, then CRLF": { bytes: Buffer.from(`${first}\n${second}\r\n`) },
  "U+2028, U+2029 and U+0085 in a string": { bytes: lines(withText("a\u2028b\u2029c\u0085d"), second) },
  "U+2028 between records": { bytes: Buffer.from(`${first}\u2028${second}\n`) },
  "no last newline": { bytes: Buffer.from(two.trimEnd()) },
  "form feeds and blank lines": { bytes: Buffer.from(`\n\f\n \t\n${first}\n\f${second}\n`) },
  "the end of a DOS file": { bytes: Buffer.from(`${two}\u001a`) },
  "a record separator before each": { bytes: Buffer.from(`\u001e${first}\n\u001e${second}\n`) },
  "gzip of UTF-16": { bytes: gzipSync(Buffer.from(`\ufeff${two}`, "utf16le")), says: "UTF-16 LE" },
  "gzip of gzip": { bytes: gzipSync(gzipSync(two)) },
  "gzip, cut off": {
    bytes: gzipSync(`${two.repeat(50)}`).subarray(0, -9),
    events: 100,
    says: "gzip data is damaged or cut off",
  },
  "gzip, zeros behind it": { bytes: Buffer.concat([gzipSync(two), Buffer.alloc(512)]) },
  "gzip, a wrong checksum": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, -8), Buffer.alloc(8, 1)]),
    says: "gzip data is damaged",
  },
  "gzip, a wrong checksum and another member": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, -8), Buffer.alloc(8, 1), gzipSync(first)]),
    says: "gzip data is damaged",
  },
  "gzip, damaged in the middle": {
    bytes: Buffer.concat([gzipSync(two, { level: 0 }).subarray(0, -400), Buffer.alloc(400, 1)]),
    events: 1,
    says: "gzip data is damaged",
  },
  "gzip, text behind it": { bytes: Buffer.concat([gzipSync(two), lines(first)]), says: "gzip data is damaged" },
  "Latin-1 in an object over lines": {
    bytes: lines(Buffer.from(JSON.stringify(JSON.parse(withText("São")), undefined, 2), "latin1"), second),
    says: "0xE3 at offset",
  },
  "gzip, damaged at its start": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, 10), Buffer.alloc(50, 0xff)]),
    events: 0,
    says: "gzip data is damaged",
  },
};
